"""Precis: study cards for links to the Erowid References Database.

The layers, from the bottom: `core` (words and rules, no I/O), `erowid`, `findings` and `citation` (text in, text out),
`services` (use-cases over ports), `adapters` (the ports' real sides), and on top the roots: `app`, `cli`, `client` and the
`cogs` package beside this one. Imports point down; contracts in pyproject.toml hold that.
"""

from importlib.metadata import version

__version__ = version("precis-bot")
