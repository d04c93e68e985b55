"""Checks without the network: the settings and their origin, the file `.env`, proxies, the database."""

import os
import platform
from collections.abc import Awaitable, Callable, Iterator, Mapping
from difflib import get_close_matches
from importlib.metadata import version
from urllib.parse import urlsplit

from dotenv import dotenv_values
from sqlalchemy.engine import make_url

from bot import __version__
from bot.adapters.database.inspection import State, may_make, state_of, versions
from bot.adapters.database.sqlite_file import file_of
from bot.adapters.site.http_client import trust, user_agent
from bot.commands.doctor.report import Check, failed, ok, warning
from bot.core.errors import BotError, ConfigurationError, StorageError
from bot.env_file import ENV
from bot.settings import Settings

LITTLE, SCARCE = 1_000_000_000, 100_000_000
"""Free bytes on the disk: fewer than LITTLE are worth a warning, fewer than SCARCE are a failure."""
LONG_LOG = 200_000_000
"""A larger write-ahead log of SQLite, in bytes, is a sign of trouble; a running bot keeps it smaller."""
_PROXIES = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY")


def programs() -> Check:
    """Report the versions of the bot, Python and discord.py."""
    return ok("precis", f"{__version__}, Python {platform.python_version()}, discord.py {version('discord.py')}")


def settings_checks(settings: Settings) -> Iterator[Check]:
    """Check valid settings for problems that otherwise only show when they are used."""
    names = sorted(name.upper() for name in settings.model_fields_set)
    yield ok("settings", f"set: {', '.join(names)}" if names else "none set: all are the defaults")
    yield from _env_file()
    try:
        agent = user_agent(__version__, settings.contact)
        trust(settings.ca_bundle)
    except ConfigurationError as error:
        yield failed("settings", "cannot be used", error.advice, configuration=True)
        return
    if settings.contact:
        yield ok("contact", f"Erowid is asked as {agent}")
    else:
        yield warning("contact", "CONTACT is not set", "put your address there, so that Erowid's staff can reach you")
    yield from _proxies(settings, os.environ)


def _env_file() -> Iterator[Check]:
    if not ENV.exists():
        yield ok(".env", "none in this folder: the environment alone counts")
        return
    known = [name.upper() for name in Settings.model_fields]
    held = {name.upper(): value for name, value in dotenv_values(ENV, interpolate=False).items()}
    for name in held:
        if name not in known and (meant := get_close_matches(name, known, 1, 0.8)):
            yield warning(".env", f"{name} is no setting", f"{meant[0]} was meant?")
    secret = [name for name in held if held[name] and (name == "DISCORD_TOKEN" or "://" in (held[name] or ""))]
    mode = ENV.stat().st_mode & 0o777
    if secret and mode & 0o077:
        yield warning(
            ".env", f"other users of this machine can read it (mode {mode:o}), and it may hold secrets", "chmod 600 .env"
        )
    else:
        yield ok(".env", f"read; mode {mode:o}")


def _proxies(settings: Settings, environment: Mapping[str, str]) -> Iterator[Check]:
    """Name the proxies that requests use, without secrets in their addresses."""
    given = {name: environment.get(name) or environment.get(name.lower()) for name in _PROXIES}
    for name, address in given.items():
        if address:
            yield ok("proxy", f"{name} {_host(address)}: for Erowid; Discord is not asked through it")
    for name, address in (
        ("DISCORD_API_URL", settings.discord_api_url),
        ("DISCORD_GATEWAY_URL", settings.discord_gateway_url),
    ):
        if address:
            yield ok("proxy", f"{name} {_host(address)}: in Discord's place")
    if bool(settings.discord_api_url) is not bool(settings.discord_gateway_url):
        yield warning("proxy", "only one of DISCORD_API_URL and DISCORD_GATEWAY_URL is set", "was the other meant, too?")


def _host(address: str) -> str:
    try:
        parts = urlsplit(address if "://" in address else f"//{address}")
        return f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)
    except ValueError:
        return "(no address)"


async def database_checks(url: str, look: Callable[[str], Awaitable[State | None]] = state_of) -> list[Check]:
    """Check the database without changing it; `look` reads its state."""
    parsed, file = make_url(url), file_of(url)
    where = str(file) if file else f"{parsed.host or 'a socket'}, database {parsed.database}"
    if parsed.get_backend_name() == "sqlite" and file is None:
        return [warning("database", "in memory: all is forgotten at each stop", "name a file in DATABASE_URL")]
    try:
        state = await look(url)
    except (ConfigurationError, StorageError) as error:
        return [_of_failure(error, where, of_file=file is not None)]
    if state is None and file is not None:
        if may_make(file):
            return [ok("database", f"{where} is not there yet: the first start makes it")]
        advice = "its folder must exist, and this user must be able to write it"
        return [failed("database", f"{where} cannot be made", advice, configuration=True)]
    return [] if state is None else list(_of_state(state, where))


def _of_failure(error: BotError, where: str, *, of_file: bool) -> Check:
    if isinstance(error, ConfigurationError):
        return failed("database", f"{where} cannot be used", error.advice, configuration=True)
    if of_file:
        advice = "DATABASE_URL must name an SQLite file, or none yet, in a folder that this user may write"
        return failed("database", f"{where} cannot be used ({error})", advice, configuration=True)
    return failed("database", f"{where} does not answer ({error})", "is the server up, are host, name and password right?")


def _of_state(state: State, where: str) -> Iterator[Check]:
    newest, *older = versions()
    what = f"{state.kind}, {where}, {_size(state.size)}"
    if not state.writable:
        yield failed("database", f"{what}: cannot be written", "give this user the right to write it", configuration=True)
    elif state.version == newest:
        yield ok("database", f"{what}, tables of version {newest}, can be written")
    elif state.version is None:
        yield ok("database", f"{what}: no tables yet; the first start makes them")
    elif state.version in older:
        advice = f"the next start, or `python -m bot db upgrade`, brings them to version {newest}; back up first"
        yield warning("database", f"{what}, tables of the older version {state.version}", advice)
    else:
        advice = "run that one, or restore a backup of this one's"
        yield failed("database", f"{what}: version {state.version} is a newer Precis's", advice, configuration=True)
    if state.version and state.journal != "wal":
        advice = "is it on a network's disk? SQLite wants one of this machine"
        yield warning("database", f"no write-ahead log (journal mode {state.journal})", advice)
    if state.log > LONG_LOG:
        advice = "something keeps an old read open: end other programs that read the file, then restart the bot"
        yield warning("database", f"its write-ahead log has grown to {_size(state.log)}", advice)
    if state.free is not None:
        left = f"{_size(state.free)} left"
        if state.free < SCARCE:
            yield failed("disk", left, "make room: what is read can soon not be kept")
        elif state.free < LITTLE:
            yield warning("disk", left, "make room before it is full")
        else:
            yield ok("disk", left)


def _size(count: int) -> str:
    for unit in ("bytes", "kB", "MB"):
        if count < 1000:  # noqa: PLR2004 - SI's
            return f"{count:.0f} {unit}"
        count = round(count / 1000)
    return f"{count:,} GB"
