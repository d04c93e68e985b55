"""Precis: study cards for links to the Erowid References Database and other sources.

The layers, from the bottom: `core` (data types and rules, no I/O); `sources`, `findings`, `citation` and `matching` (pure
functions on text); `services` (use-cases behind ports); `adapters` (implementations of the ports); and on top `app`, `cli`,
`commands`, `discord_client` and the package `cogs`. Imports point down; contracts in pyproject.toml check that.
"""

from importlib.metadata import version

__version__ = version("precis-bot")
