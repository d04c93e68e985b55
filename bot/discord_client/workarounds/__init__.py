"""Workarounds for discord.py 2.7.1: every private name of it that is used and every patch of it is in this package.

Each item says what is wrong; `tests/discord_client` has a test for each that fails once discord.py has changed, so that the
item can be deleted. `#123` is an issue or pull request of github.com/Rapptz/discord.py; no upstream issue was found for an
item that names none.
"""
