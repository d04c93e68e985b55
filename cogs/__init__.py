"""What the bot does in Discord: listeners, commands, and the one file that draws."""
