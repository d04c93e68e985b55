"""`python -m bot invite`: the links that add the bot to a server or an account, with the permissions that it needs."""

import base64
import binascii
from urllib.parse import urlencode

import click
import discord

from bot.commands.exit_codes import asynchronous
from bot.discord_client.client import Precis
from bot.discord_client.retry import asking_discord
from bot.logs import set_up_logs
from bot.settings import Settings, read_settings, token_of
from cogs.discord_kit.permissions import invited, purposes

AUTHORIZE = "https://discord.com/oauth2/authorize"
TO_A_SERVER, TO_AN_ACCOUNT = 0, 1
"""Discord's integration types."""


@click.command()
@click.option("--client-id", type=click.IntRange(1, 2**64 - 1), help="The application's ID (default: the token's).")
@click.option("--all", "all_of_them", is_flag=True, help="Ask for what only some settings need, too.")
@asynchronous
async def invite(client_id: int | None, all_of_them: bool) -> None:
    """Print the links that bring the bot to a server or an account, with the fewest permissions that work."""
    settings = read_settings()
    set_up_logs("ERROR", settings.log_format)
    number = client_id or await application_id(settings)
    click.echo(f"To a server:\n  {server_link(number, invited(all_of_them=all_of_them))}")
    click.echo(f"To your own account, for the commands alone:\n  {account_link(number)}")
    click.echo("\nPermissions:")
    for asked in (True, False):
        if not asked and not all_of_them:
            click.echo("Not asked for; give them where somebody chooses what they are for:")
        for (_name, title), purpose in purposes(asked=asked).items():
            click.echo(f"  {title:<26}{purpose}")


def server_link(number: int, permissions: discord.Permissions) -> str:
    """Give the link that adds the bot to a server, for people who may manage the server."""
    return _link(
        client_id=number,
        scope="bot applications.commands",
        permissions=permissions.value,
        integration_type=TO_A_SERVER,
    )


def account_link(number: int) -> str:
    """Give the link that adds the bot to an account, which then has the commands everywhere."""
    return _link(client_id=number, scope="applications.commands", integration_type=TO_AN_ACCOUNT)


async def application_id(settings: Settings) -> int:
    """Give the application's ID from the token, which begins with it in base64; else ask Discord.

    Raises ConfigurationError without a valid token, DiscordUnreachable if another try may help.
    """
    token = token_of(settings)
    if number := _read_id(token):
        return number
    client = Precis(message_content=False, api_url=settings.discord_api_url)
    async with client:
        with asking_discord():
            await client.login(token)
            return (await client.application_info()).id


def _read_id(token: str) -> int | None:
    first = token.partition(".")[0]
    try:
        number = base64.b64decode(first + "=" * (-len(first) % 4), altchars=b"-_", validate=True).decode("ascii")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return None
    return int(number) if number.isdigit() and 15 <= len(number) <= 20 else None  # noqa: PLR2004 - a snowflake's length


def _link(**query: object) -> str:
    return f"{AUTHORIZE}?{urlencode(query)}"
