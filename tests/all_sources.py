"""All sources that the bot knows, at their real addresses."""

from bot.app import known_sources
from bot.settings import Settings

ALL = known_sources(Settings(_env_file=None, contact="keeper@precis.example"))
