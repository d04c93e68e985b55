"""The command `doctor`: runs the checks and prints the report."""

from collections.abc import AsyncIterator, Iterator
from urllib.parse import urlsplit

import click
from sqlalchemy.engine import make_url

from bot.commands.doctor.discord import discord_checks
from bot.commands.doctor.local import database_checks, programs, settings_checks
from bot.commands.doctor.pages import pages_check
from bot.commands.doctor.report import Check, Level, failed, not_checked
from bot.commands.doctor.services import service_checks
from bot.commands.doctor.site import site_check
from bot.commands.exit_codes import EX_CONFIG, asynchronous
from bot.core.errors import ConfigurationError
from bot.logs import set_up_logs
from bot.settings import Settings, read_settings

_COLOURS = {Level.OK: "green", Level.WARNING: "yellow", Level.FAILED: "red", Level.NOT_CHECKED: None}


@click.command()
@click.option("--offline", is_flag=True, help="Ask neither Erowid nor other services nor Discord.")
@asynchronous
async def doctor(offline: bool) -> int:
    """Check settings, database, sites, token, intents and commands; say what to do. Exits with 0 if nothing failed."""
    return await examine(offline=offline)


async def examine(*, offline: bool = False) -> int:
    """Print all checks, and give the exit code."""
    set_up_logs("CRITICAL")
    worst = 0
    secrets: set[str] = set()
    async for check in _checks(secrets, offline=offline):
        click.secho(check.line(secrets), fg=_COLOURS[check.level])
        if check.level is Level.FAILED:
            worst = max(worst, EX_CONFIG if check.configuration else 1)
    return worst


async def _checks(secrets: set[str], *, offline: bool) -> AsyncIterator[Check]:
    yield programs()
    try:
        settings = read_settings()
    except ConfigurationError as error:
        yield failed("settings", "cannot be used", error.advice, configuration=True)
        yield not_checked("all else", "needs settings that can be used")
        return
    secrets |= set(_secrets(settings))
    for check in settings_checks(settings):
        yield check
    for check in await database_checks(settings.database_url):
        yield check
    if (check_of_pages := await pages_check(settings)) is not None:
        yield check_of_pages
    if offline:
        yield not_checked("erowid", "--offline")
        yield not_checked("services", "--offline")
        yield not_checked("discord", "--offline")
        return
    yield await site_check(settings)
    for check in await service_checks(settings):
        yield check
    async for check in discord_checks(settings):
        yield check


def _secrets(settings: Settings) -> Iterator[str]:
    """Give the texts that no line may show: the token, and passwords in addresses."""
    token = settings.discord_token.get_secret_value().strip() if settings.discord_token else ""
    services = (settings.europepmc_url, settings.crossref_url, settings.ncbi_url, settings.unpaywall_url)
    addresses = (settings.discord_api_url, settings.discord_gateway_url, settings.erowid_url, *services)
    words = [token, make_url(settings.database_url).password, *(urlsplit(address).password for address in addresses)]
    return (str(word) for word in words if word)
