"""The texts that are to be translated."""

from contextlib import chdir
from functools import cache
from pathlib import Path

from babel.messages.catalog import Message

from bot.commands.translations import template

ROOT = Path(__file__).parents[2]


@cache
def messages() -> dict[str | tuple[str, str], Message]:
    """All messages of the template by their texts, found once in a process: that reads the whole source."""
    with chdir(ROOT):
        return {message.id: message for message in template() if message.id}
