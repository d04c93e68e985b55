"""Discord's side of the bot: listeners, commands, and the drawing of messages."""
