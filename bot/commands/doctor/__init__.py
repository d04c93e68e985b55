"""`python -m bot doctor`: checks everything that the bot needs, changes nothing, and says what to do."""

from bot.commands.doctor.command import doctor, examine

__all__ = ["doctor", "examine"]
"""The click command, and the function behind it."""
