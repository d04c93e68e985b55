"""Reads and writes settings in the file `.env`; the rest of the file stays as it is."""

import re
from collections.abc import Mapping
from pathlib import Path

from dotenv import dotenv_values, set_key

from bot.core.errors import OutputFailed

ENV = Path(".env")
MODE = 0o600
"""The file's permissions: only its owner may read the token in it."""
_PLAIN = re.compile(r"[\w.@:/+-]+", re.ASCII)
"""A value that needs no quotes, which `docker run --env-file` would take for a part of the value."""


def stored(name: str) -> str:
    """Give a setting's value in the file; empty if there is none. Raises OutputFailed for a file that cannot be read."""
    try:
        return dotenv_values(ENV, interpolate=False).get(name) or ""
    except (OSError, UnicodeDecodeError) as error:
        raise OutputFailed(f"{ENV} cannot be read: {error}") from error


def store(values: Mapping[str, str]) -> list[str]:
    """Write those settings whose values differ from the file's, and give their names. Raises OutputFailed."""
    if ENV.exists() and not ENV.is_file():
        raise OutputFailed(f"{ENV} is no file")
    changed = [name for name, value in values.items() if stored(name) != value]
    try:
        ENV.touch(MODE)
        ENV.chmod(MODE)  # before the token is written; `set_key` keeps the mode
        for name in changed:
            quotes = "never" if _PLAIN.fullmatch(values[name]) else "always"
            set_key(ENV.resolve(), name, values[name], quote_mode=quotes)
    except OSError as error:
        raise OutputFailed(f"{ENV} cannot be written: {error.strerror}") from error
    return changed
