"""The composition root: builds all parts by the settings, gives each only what it uses, and closes them in reverse."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from datetime import UTC, datetime, timedelta

import aiohttp
import discord

from bot.adapters.database.engine import DatabaseLimits, open_database
from bot.adapters.database.session_locks import open_locks
from bot.adapters.site.limits import FetchLimits
from bot.adapters.site.pages import Pages
from bot.adapters.stores.records import Records
from bot.adapters.stores.unreadable_pages import UnreadablePages
from bot.core.source import Sources
from bot.discord_client.client import Precis
from bot.discord_client.limits import DiscordLimits
from bot.discord_client.retry import explained, outlast
from bot.discord_client.sharding import new_client
from bot.logs import log_lost
from bot.monitoring import Watched, say_what_is_on, warn_of, watching
from bot.services.card_updates import CardUpdates
from bot.services.lookup import Lookup
from bot.services.meters import Meters
from bot.services.page_watch import PageWatch
from bot.services.refresh import EVERY, follow
from bot.services.resuming import Resuming
from bot.settings import Settings, email_in, numbers_in, token_of
from bot.sites import open_shared_services, open_shared_sites
from bot.sources.doi import doi_source
from bot.sources.erowid import erowid_source
from bot.sources.pubmed import pubmed_source
from bot.use_cases import Services, build_replies, build_services
from cogs.about.greeting import Greeting
from cogs.about.help import Help
from cogs.about.housekeeping import Housekeeping
from cogs.about.owner_news import OwnerNews
from cogs.about.privacy import PrivacyInfo
from cogs.cards.buttons import CardButtons
from cogs.cards.changes import MessageChanges
from cogs.cards.chat import Chats
from cogs.cards.listener import Listener
from cogs.cards.reactions import Reactions
from cogs.cards.report import CardReports
from cogs.cards.resume_loop import ResumeLoop
from cogs.cards.retraction_loop import RetractionLoop
from cogs.discord_kit.command_ids import CommandIds
from cogs.settings.commands import SettingsCommands
from cogs.settings.editor import SettingsEditor
from cogs.settings.panel import Panel
from cogs.study.commands import StudyCommands
from cogs.study.context_menu import Summarise
from cogs.study.showing import Showing


def utc_now() -> datetime:
    """Give the current time in UTC."""
    return datetime.now(UTC)


def known_sources(settings: Settings) -> Sources:
    """Give the bot's sources of records; a new source is added here by one line (docs/sources.md)."""
    europe_pmc, address = settings.europepmc_url, email_in(settings.contact)
    return Sources(
        erowid_source(settings.erowid_url),
        pubmed_source(europe_pmc, settings.ncbi_url, address),
        doi_source(europe_pmc, settings.crossref_url if settings.contact else "", address),
    )


@asynccontextmanager
async def open_services(
    settings: Settings,
    limits: FetchLimits | None = None,
    watched: Watched | None = None,
    *,
    database: DatabaseLimits | None = None,
    refresh_every: float = EVERY,
    now: Callable[[], datetime] = utc_now,
) -> AsyncIterator[Services]:
    """Open the database and the sites, and build the use-cases; `watched`, if given, watches them.

    `refresh_every`: seconds between two searches for changes by other processes.

    Raises StorageError if the database cannot be used, ConfigurationError for a setting that cannot be used.
    """
    meters, sources = watched.metrics if watched is not None else Meters(), known_sources(settings)
    async with (
        open_database(settings.database_url, database) as engine,
        open_locks(engine, database) as locks,
        open_shared_sites(sources.sites(), settings, engine, limits=limits, observe=meters.request) as fetchers,
        open_shared_services(settings, engine, meters.request, fetchers) as bibliographic,
    ):
        if watched is not None:
            watched.services(engine, bibliographic.fetchers if bibliographic is not None else fetchers)
        fresh = timedelta(days=settings.fresh_days)
        page_watch, records = PageWatch(UnreadablePages(engine)), Records(engine)
        lookup = Lookup(
            Pages(fetchers), records, sources, now=now, fresh=fresh, locks=locks, meters=meters, watch=page_watch
        )
        enricher = bibliographic.enricher() if bibliographic is not None else None
        crossref = bibliographic.crossref if bibliographic is not None and settings.retraction_watch == "on" else None
        services = build_services(
            lookup, engine, now=now, locks=locks, enricher=enricher, retractions=crossref, page_watch=page_watch
        )
        await services.settings.refresh()
        await services.privacy.refresh()
        shared = engine.dialect.name != "sqlite"  # an SQLite database serves one process
        following = [asyncio.create_task(follow(services.settings, services.privacy, every=refresh_every))] if shared else []
        try:
            yield services
        finally:
            if watched is not None:
                await watched.health.close()
            for task in following:
                task.cancel()
            await asyncio.gather(services.inquiries.close(), lookup.close(), *following, return_exceptions=True)


def build_client(
    services: Services,
    settings: Settings,
    meters: Meters | None = None,
    limits: DiscordLimits | None = None,
    *,
    trace: aiohttp.TraceConfig | None = None,
) -> Precis:
    """Build the Discord client with its cogs; it connects when it is started. `trace` traces its HTTP requests."""
    meters = meters or Meters()
    client = new_client(
        shard_count=settings.shard_count,
        shard_ids=numbers_in(settings.shard_ids),
        message_content=settings.message_content,
        api_url=settings.discord_api_url,
        gateway_url=settings.discord_gateway_url,
        identify=services.identify,
        meters=meters,
        limits=limits,
        http_trace=trace,
    )
    updates = CardUpdates(services.replies, services.jobs, services.inquiries, client.work)
    replies = build_replies(services, meters, updates)
    editor = SettingsEditor(services.settings, services.sources)
    panel = Panel(editor)
    chats = Chats(client, services.sources)
    settings_commands = SettingsCommands(editor, panel, services.settings, services.privacy)
    buttons = CardButtons(services.cards, services.sources, replies, services.settings)
    reports = CardReports(services.now)
    privacy = PrivacyInfo(services.privacy)
    command_ids = CommandIds(client)
    showing = Showing(services.cards, services.settings, replies, now=services.now, updates=updates)
    study = StudyCommands(showing, services.library, services.sources)
    client.carry(
        Listener(chats, replies, meters),
        MessageChanges(chats, replies),
        Reactions(client, chats, replies),
        ResumeLoop(
            client,
            chats,
            resuming=Resuming(replies, services.jobs.store, now=services.now),
            work=client.work,
            meters=meters,
            every=client.limits.resume_every,
            pause=client.limits.catch_up_pause,
        ),
        study,
        Summarise(client, showing, services.sources),
        Help(client, command_ids, services.sources),
        privacy,
        Housekeeping(
            client,
            retention=services.retention,
            replies=replies,
            settings=services.settings,
            work=client.work,
            greet=Greeting(command_ids).greet if settings.greeting else None,
        ),
        OwnerNews(client, services.page_watch, work=client.work, tell=settings.tell_owner == "on"),
        buttons,
        panel,
        settings_commands,
        clicks=buttons.clicks()
        | reports.clicks()
        | study.clicks()
        | privacy.clicks()
        | panel.clicks()
        | settings_commands.clicks(),
    )
    if services.watch is not None:
        client.carry(RetractionLoop(client, chats, watch=services.watch, settings=services.settings, work=client.work))
    return client


async def run_bot(
    settings: Settings,
    *,
    limits: DiscordLimits | None = None,
    opening: Callable[..., AbstractAsyncContextManager[Services]] = open_services,
    building: Callable[..., Precis] = build_client,
) -> None:
    """Run the bot until it is cancelled; after failures that may pass, try again after growing pauses.

    `opening` and `building`: what tests use instead of `open_services` and `build_client`.

    Raises ConfigurationError if another try cannot help, and StorageError if the database cannot be used.
    """
    token, limits = token_of(settings), limits or DiscordLimits()
    warn_of(settings)
    asyncio.get_running_loop().set_exception_handler(log_lost)
    async with watching(settings) as watched, opening(settings, watched=watched) as services:
        say_what_is_on(settings, watched.page if watched is not None else "")

        async def session() -> None:
            try:
                meters = watched.metrics if watched is not None else None
                async with building(services, settings, meters, limits) as client:
                    with watched.client(client) if watched is not None else nullcontext():
                        await client.serve(token)
            except discord.DiscordException as error:
                raise explained(error) from None

        await outlast(session, limits.pause)
