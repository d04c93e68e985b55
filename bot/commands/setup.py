"""`python -m bot setup`: from a token to a bot that can be invited, in one command."""

import asyncio
import os
import re
import sys
from collections.abc import Callable

import click

from bot.adapters.site.http_client import user_agent
from bot.commands.doctor import examine
from bot.commands.exit_codes import foreseen
from bot.commands.invite import application_id, server_link
from bot.commands.run import set_up
from bot.commands.sync import send_commands
from bot.core.errors import ConfigurationError
from bot.env_file import ENV, store, stored
from bot.settings import email_in, read_settings
from cogs.discord_kit.permissions import invited

_TOKEN = re.compile(r"[\w-]{10,}\.[\w-]{4,}\.[\w-]{10,}", re.ASCII)
"""A token: the application's ID, a time and a signature (docs.discord.com, "Authentication")."""
_PAGE = re.compile(r"https?://[^\s/@]+\.[^\s/@]+(?:/\S*)?")


@click.command()
@foreseen
def setup() -> int:
    """Ask for token and contact, write .env, send the commands, print the invitation, check all.

    DISCORD_TOKEN and CONTACT from the environment are taken without a question. In .env only these two are changed.
    """
    read_settings()  # reports problems of other settings before any question
    given = {
        "DISCORD_TOKEN": _value("DISCORD_TOKEN", "The bot's token (it is not shown)", check_token, hidden=True),
        "CONTACT": _value("CONTACT", "E-mail address or page where Erowid's staff can reach you", check_contact),
    }
    changed = store(given)
    click.echo(f"{' and '.join(changed)} written to {ENV}." if changed else f"{ENV} has both already.")
    return asyncio.run(_finish())  # only now, since asyncio would block Ctrl-C at a question


async def _finish() -> int:
    """Send the commands, print the invitation and check everything; give the exit code of the checks."""
    settings = set_up()
    await send_commands(settings)
    click.echo(f"To add the bot to a server, open:\n  {server_link(await application_id(settings), invited())}\n")
    code = await examine()
    if code == 0:
        click.echo("\nAll is set up. Start the bot with `make run` (or `python -m bot run`).")
    return code


def check_token(token: str) -> str:
    """Give a token in the form to store. Raises ConfigurationError for an invalid one."""
    token = token.strip().removeprefix("Bot ")
    if not _TOKEN.fullmatch(token):
        raise ConfigurationError(
            "That is no bot token: a token has three parts with a dot between them (discord.com/developers/applications > "
            "your application > Bot > Reset Token); the client secret, the public key and the ID are none."
        )
    return token


def check_contact(contact: str) -> str:
    """Give a contact in the form to store. Raises ConfigurationError for an invalid one."""
    contact = contact.strip()
    user_agent("", contact)
    if not email_in(contact) and not _PAGE.fullmatch(contact):
        raise ConfigurationError("CONTACT must be an e-mail address, or the address of a page that begins with https://.")
    return contact


def _value(name: str, question: str, check: Callable[[str], str], *, hidden: bool = False) -> str:
    """Take a setting from the environment, or ask for it; pressing Enter keeps the value that .env has.

    Raises ConfigurationError if there is none and no terminal to ask on.
    """
    if value := os.environ.get(name, "").strip():
        return check(value)
    known = stored(name)
    if not sys.stdin.isatty():
        if known:
            return check(known)
        raise ConfigurationError(f"{name} is not set, and nobody can be asked here: set it in the environment or in {ENV}.")
    if known:
        question += f" [Enter: the one in {ENV}]" if hidden else f" [Enter: {known}]"
    while True:
        answer = click.prompt(question, default=known, show_default=False, hide_input=hidden)
        try:
            return check(answer)
        except ConfigurationError as error:
            click.echo(error.advice)
