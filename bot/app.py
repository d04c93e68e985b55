"""The root: builds what the settings ask for, hands each part only what it uses, and closes it all in reverse."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

import discord
import structlog
from aiohttp import ClientError
from sqlalchemy.ext.asyncio import AsyncEngine
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, wait_exponential_jitter

from bot import __version__
from bot.adapters.answers import retry_after
from bot.adapters.bounds import Bounds
from bot.adapters.cards import CardPairs
from bot.adapters.choices import Choices
from bot.adapters.database import open_database
from bot.adapters.guilds import Guilds
from bot.adapters.health import serve
from bot.adapters.http import open_pages
from bot.adapters.identify import IdentifyTurns
from bot.adapters.library import LibraryShelves
from bot.adapters.locks import LocalLocks
from bot.adapters.pace import Clock, Sleep
from bot.adapters.people import People
from bot.adapters.promises import PromiseBook
from bot.adapters.records import Records
from bot.adapters.session_locks import open_locks
from bot.adapters.shared_pace import SharedPace
from bot.client import IdentifyTurn, Precis
from bot.core.errors import ConfigurationError, DiscordUnreachable
from bot.erowid import is_refusal, record_url
from bot.logs import log_lost
from bot.operation import Watched, say_what_is_on
from bot.services.cards import Cards, warm_up
from bot.services.channels import Channels
from bot.services.follow import follow
from bot.services.library import Library
from bot.services.lookup import Lookup
from bot.services.meters import Meters, Unmetered
from bot.services.ports import CardStore, GuildStore, Locks, Promises
from bot.services.privacy import Privacy
from bot.settings import Settings, numbers_in
from bot.sharded import new_client
from cogs.answers import Answers
from cogs.buttons import ITEMS, CardButtons
from cogs.changes import Changes
from cogs.cooldown import Cooldown
from cogs.help import Help
from cogs.housekeeping import Housekeeping
from cogs.panel import Panel
from cogs.privacy import PrivacyButton, PrivacyInfo
from cogs.reactions import Reactions
from cogs.replies import Replies
from cogs.settings import SETTINGS_ITEMS, SettingsCommands
from cogs.showing import Showing
from cogs.study import PickMenu, Study
from cogs.summarise import Summarise
from cogs.sweep import Sweep
from cogs.traces import Traces
from cogs.turns import Turns
from cogs.watch import Watch
from cogs.words import languages, speak

CLOSED_FOR_GOOD = {
    4004: "Discord refuses the token",
    4010: "Discord refuses the shard's number: look at SHARD_COUNT and SHARD_IDS",
    4011: "Discord asks for more shards: set SHARD_COUNT=auto, or a higher number",
    4012: "Discord no longer speaks this version of its gateway",
    4013: "Discord refuses the intents",
}
"""Gateway close codes after which another try cannot help (docs.discord.com, "Gateway Close Event Codes")."""

LONG_RUN = 120.0
"""Seconds: after a run as long as this the pauses begin anew, since it was no part of the trouble before it."""
LONGEST_ASKED = 3600.0
"""Seconds of Discord's Retry-After believed."""

_GROWING = wait_exponential_jitter(multiplier=1, max=60, jitter=1)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Services:
    """The use-cases, ready to be asked."""

    cards: Cards
    channels: Channels
    library: Library
    privacy: Privacy
    pairs: CardStore
    guilds: GuildStore
    promises: Promises
    locks: Locks
    identify: IdentifyTurn
    now: Callable[[], datetime]
    """The time, UTC."""


@asynccontextmanager
async def open_services(
    settings: Settings, bounds: Bounds | None = None, watched: Watched | None = None
) -> AsyncIterator[Services]:
    """Open the database and the way to the site, within the fetcher's usual bounds or those given.

    Where somebody watches, they are told of what is opened and done.
    Raises StorageError where the database cannot be used, ConfigurationError for a setting that cannot be.
    """
    meters = watched.metrics if watched is not None else Unmetered()
    async with (
        open_database(settings.database_url) as engine,
        open_locks(engine) as locks,
        open_pages(
            url_of=partial(record_url, base=settings.erowid_url),
            is_refusal=is_refusal,
            version=__version__,
            contact=settings.contact,
            ca_bundle=settings.ca_bundle,
            bounds=bounds,
            pace=SharedPace(engine, settings.erowid_url),
            observe=meters.request,
        ) as pages,
    ):
        if watched is not None:
            watched.services(engine, pages)
        fresh = timedelta(days=settings.fresh_days)
        lookup = Lookup(pages, Records(engine), now=_now, fresh=fresh, locks=locks, meters=meters)
        services = build_services(lookup, engine, now=_now, locks=locks)
        await services.channels.refresh()
        await services.privacy.refresh()
        shared = engine.dialect.name != "sqlite"  # which serves one process: nobody else changes anything
        following = [asyncio.create_task(follow(services.channels, services.privacy))] if shared else []
        try:
            yield services
        finally:
            if watched is not None:
                await watched.health.close()
            for task in following:
                task.cancel()
            await asyncio.gather(lookup.close(), *following, return_exceptions=True)


def build_services(
    lookup: Lookup, engine: AsyncEngine, *, now: Callable[[], datetime], locks: Locks | None = None
) -> Services:
    """Build the use-cases on an open database; without `locks`, it is this process's own."""
    pairs, guilds = CardPairs(engine), Guilds(engine)
    channels = Channels(Choices(engine), now=now)
    return Services(
        cards=Cards(lookup, record_url),
        channels=channels,
        library=Library(LibraryShelves(engine), pairs, now=now),
        privacy=Privacy(People(engine), guilds, channels, now=now),
        pairs=pairs,
        guilds=guilds,
        promises=PromiseBook(engine),
        locks=locks or LocalLocks(),
        identify=IdentifyTurns(engine).take,
        now=now,
    )


def build_client(services: Services, settings: Settings, meters: Meters | None = None) -> Precis:
    """Build the Discord client with its cogs; it connects when it is started."""
    client = new_client(
        shard_count=settings.shard_count,
        shard_ids=numbers_in(settings.shard_ids),
        message_content=settings.message_content,
        api_url=settings.discord_api_url,
        gateway_url=settings.discord_gateway_url,
        identify=services.identify,
        meters=meters,
    )
    turns = Turns(services.locks)
    cooldown = Cooldown(services.pairs, services.locks, services.now)
    replies = Replies(services.cards, services.pairs, cooldown, services.now, meters)
    answers = Answers(
        replies=replies,
        reactions=Reactions(client),
        turns=turns,
        traces=Traces(client, services.pairs, services.now),
        pairs=services.pairs,
        promises=services.promises,
        channels=services.channels,
        privacy=services.privacy,
        now=services.now,
    )
    changes = Changes(services.channels)
    showing = Showing(services.cards, services.channels, services.pairs, services.privacy, services.now)
    cogs = [
        Watch(client, answers, meters),
        Sweep(client, answers=answers, turns=turns, promises=services.promises, now=services.now, work=client.work),
        Study(showing, services.library, services.cards.url_of),
        Summarise(client, showing),
        Help(client),
        PrivacyInfo(services.privacy),
        Housekeeping(
            client,
            privacy=services.privacy,
            guilds=services.guilds,
            pairs=services.pairs,
            promises=services.promises,
            channels=services.channels,
            now=services.now,
            work=client.work,
        ),
        CardButtons(services.cards, services.pairs),
        Panel(changes),
        SettingsCommands(changes, services.channels, services.privacy),
    ]
    client.carry(cogs, (*ITEMS, *SETTINGS_ITEMS, PickMenu, PrivacyButton))
    return client


async def run_bot(settings: Settings) -> None:
    """Run the bot until it is cancelled; what may pass is tried again after growing pauses.

    Raises ConfigurationError where another try cannot help, and StorageError where the database cannot be used.
    """
    token = token_of(settings)
    if not settings.message_content:
        log.warning("MESSAGE_CONTENT=false: links are seen only in messages that mention the bot and in direct messages")
    if not settings.contact:
        log.warning("CONTACT is not set: Erowid's staff cannot reach you; please set it")
    asyncio.get_running_loop().set_exception_handler(log_lost)
    watched = Watched.new()
    async with (
        serve(settings.health_host, settings.health_port, watched.health, watched.metrics.registry) as page,
        open_services(settings, watched=watched) as services,
    ):
        say_what_is_on(settings, page)

        async def session() -> None:
            try:
                async with build_client(services, settings, watched.metrics) as client, _warming_up(client):
                    watched.client(client)
                    await client.serve(token)
            except discord.DiscordException as error:
                raise _explained(error) from None

        await outlast(session)


@asynccontextmanager
async def _warming_up(client: Precis) -> AsyncIterator[None]:
    """Let what the first card and the first German word need be loaded in a thread, once the bot is there."""

    async def warm() -> None:
        await client.wait_until_ready()
        await asyncio.to_thread(warm_up)
        await asyncio.to_thread(lambda: [speak(language) for language in languages()])

    warming = asyncio.create_task(warm(), name="warm up")
    try:
        yield
    finally:
        warming.cancel()
        await asyncio.gather(warming, return_exceptions=True)


async def outlast(
    run: Callable[[], Awaitable[None]], *, clock: Clock = time.monotonic, sleep: Sleep = asyncio.sleep
) -> None:
    """Run it, and again after each failure that may pass: after growing pauses, or as long as Discord asks to wait."""
    async for attempt in AsyncRetrying(retry=retry_if_exception(may_pass), wait=_pause, before_sleep=_say, sleep=sleep):
        began = clock()
        with attempt:
            try:
                await run()
            finally:
                if clock() - began >= LONG_RUN:
                    attempt.retry_state.attempt_number = 1


async def sync_commands(settings: Settings) -> int:
    """Send the slash commands to Discord; gives how many.

    Raises ConfigurationError as `run_bot` does, DiscordUnreachable where another try may help.
    """
    token = token_of(settings)
    async with open_services(settings) as services, build_client(services, settings) as client:
        with asking_discord():
            await client.login(token)
            return len(await client.tree.sync())


@contextmanager
def asking_discord() -> Iterator[None]:
    """Hold a block that asks Discord: ConfigurationError where another try cannot help, DiscordUnreachable where it may."""
    try:
        yield
    except (discord.DiscordException, OSError, ClientError) as error:
        known = _explained(error)
        raise DiscordUnreachable(_named(known)) if may_pass(known) else known from None


def token_of(settings: Settings) -> str:
    """Give the token. Raises ConfigurationError where there is none, or one that no header can carry."""
    token = settings.discord_token.get_secret_value().strip() if settings.discord_token else ""
    if not token:
        raise ConfigurationError(
            "DISCORD_TOKEN is not set: put your bot's token into the environment or .env "
            "(discord.com/developers/applications > your application > Bot > Reset Token)."
        )
    if not token.isascii() or not token.isprintable() or " " in token:
        raise ConfigurationError(
            "DISCORD_TOKEN holds a space, a line break or a letter that no token has: copy it anew, alone on one line."
        )
    return token


def may_pass(error: BaseException) -> bool:
    """Whether trying again may help: the network, and Discord's own troubles."""
    if isinstance(error, discord.HTTPException):
        return error.status >= 500 or error.status == 429  # noqa: PLR2004 - HTTP's own numbers
    passing = (discord.GatewayNotFound, discord.ConnectionClosed, discord.RateLimited)
    return isinstance(error, (OSError, ClientError, TimeoutError, *passing))


def _explained(error: Exception) -> Exception:
    """Say what to do about a refusal; give the error itself where trying again may help."""
    if isinstance(error, discord.LoginFailure):
        return ConfigurationError(
            "Discord refuses the token: copy it anew into DISCORD_TOKEN "
            "(discord.com/developers/applications > your application > Bot > Reset Token)."
        )
    if isinstance(error, discord.PrivilegedIntentsRequired):
        return ConfigurationError(
            "Discord does not grant the Message Content Intent: switch it on (discord.com/developers/applications > your "
            "application > Bot > Message Content Intent), or set MESSAGE_CONTENT=false."
        )
    if isinstance(error, discord.ConnectionClosed) and error.code in CLOSED_FOR_GOOD:
        return ConfigurationError(f"{CLOSED_FOR_GOOD[error.code]} (gateway close code {error.code}).")
    ours = isinstance(error, discord.app_commands.CommandSyncFailure)  # a mistake in the commands, which shall be seen whole
    if isinstance(error, discord.HTTPException) and not ours and not may_pass(error):
        return ConfigurationError(
            f"Discord, or what stands between, refuses this bot (status {error.status}): look at DISCORD_API_URL if it is "
            "set, at the network's proxy, and at your application on discord.com/developers/applications."
        )
    return error


def _named(error: BaseException | None) -> str:
    return f"{type(error).__name__}: {error}".partition("\n")[0][:200]  # what answers may be a whole page


def _pause(state: RetryCallState) -> float:
    """Give the seconds before the next try: more each time, and at least what Discord asks for."""
    error = state.outcome.exception() if state.outcome else None
    asked: float | None = None
    if isinstance(error, discord.RateLimited):
        asked = error.retry_after
    elif isinstance(error, discord.HTTPException):
        asked = retry_after(error.response.headers.get("Retry-After"), time.time())
    return max(_GROWING(state), min(asked or 0, LONGEST_ASKED))


def _say(state: RetryCallState) -> None:
    """One line for each failure that may pass."""
    error = state.outcome.exception() if state.outcome else None
    seconds = round(state.next_action.sleep, 1) if state.next_action else None
    log.warning(
        "Discord cannot be reached; trying again. If this goes on, look at the network and at discordstatus.com",
        reason=_named(error),
        pause=seconds,
        tries=state.attempt_number,
    )


def _now() -> datetime:
    return datetime.now(UTC)
