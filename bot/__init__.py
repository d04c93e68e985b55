"""Precis: study cards for links to the Erowid References Database and other sources.

The layers, from the bottom: `core` (words and rules, no I/O); `sources`, `findings`, `citation` and `matching` (text in,
text out); `services` (use-cases over ports); `adapters` (the ports' real sides); and on top `app`, `cli`, `commands`,
`discord_client` and the `cogs` package beside this one. Imports point down; contracts in pyproject.toml check that.
"""

from importlib.metadata import version

__version__ = version("precis-bot")
