"""`python -m bot doctor`: looks at everything that the bot needs, changes nothing, and says what to do."""

from bot.commands.doctor.command import doctor, examine

__all__ = ["doctor", "examine"]
"""The command, and what it does."""
