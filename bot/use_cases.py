"""Builds the use-cases on an open database."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.adapters.database.locks import LocalLocks
from bot.adapters.database.transactions import SharedTransactions
from bot.adapters.stores.daily_tasks import DailyTasks
from bot.adapters.stores.enrichments import SqlEnrichments
from bot.adapters.stores.guilds import Guilds
from bot.adapters.stores.identify_turns import IdentifyTurns
from bot.adapters.stores.identities import SqlIdentities
from bot.adapters.stores.jobs import SqlJobs
from bot.adapters.stores.library import LibraryShelves
from bot.adapters.stores.people import People
from bot.adapters.stores.replies import SqlReplies
from bot.adapters.stores.settings import StoredSettings
from bot.adapters.stores.unreadable_pages import UnreadablePages
from bot.core.source import Sources
from bot.discord_client.client import IdentifyTurn
from bot.services.answers import Answers
from bot.services.card_updates import CardUpdates
from bot.services.cards import Cards
from bot.services.contents import Contents
from bot.services.cooldown import Cooldown
from bot.services.digests import Digests
from bot.services.enrichment import Enricher, Enrichments
from bot.services.enrichment_ports import RetractionSource
from bot.services.guild_settings import SettingsService
from bot.services.history_scan import HistoryScan
from bot.services.inquiries import Inquiries
from bot.services.jobs import Jobs
from bot.services.library import Library
from bot.services.lookup import Lookup
from bot.services.mending import Mending
from bot.services.meters import Meters
from bot.services.page_watch import PageWatch
from bot.services.ports import Locks, ReplyStore
from bot.services.privacy import Privacy
from bot.services.redrawing import Redrawing
from bot.services.replies import Replies
from bot.services.retention import Retention
from bot.services.retraction_watch import RetractionWatch
from bot.services.rules import ReplyRules
from bot.services.standing import Standing
from bot.services.studies import Identities
from bot.services.task import PATIENCE


@dataclass(frozen=True, slots=True)
class Services:
    """All use-cases of the bot."""

    sources: Sources
    identities: Identities
    cards: Cards
    settings: SettingsService
    library: Library
    privacy: Privacy
    retention: Retention
    inquiries: Inquiries
    watch: RetractionWatch | None
    page_watch: PageWatch
    replies: ReplyStore
    jobs: Jobs
    locks: Locks
    identify: IdentifyTurn
    now: Callable[[], datetime]
    """Gives the current time, UTC."""


def build_services(
    lookup: Lookup,
    engine: AsyncEngine,
    *,
    now: Callable[[], datetime],
    locks: Locks | None = None,
    enricher: Enricher | None = None,
    retractions: RetractionSource | None = None,
    page_watch: PageWatch | None = None,
) -> Services:
    """Build the use-cases on an open database.

    Without `locks`, locks within this process are used; without an `enricher`, no bibliographic service is asked.
    """
    locks = locks or LocalLocks()
    kept, library, watch = SqlEnrichments(engine), LibraryShelves(engine), None
    enrichments = Enrichments(enricher, kept, now=now, locks=locks)
    identities = Identities(SqlIdentities(engine))
    cards = Cards(lookup, enrichments, identities)
    transactions = SharedTransactions(engine)
    replies = SqlReplies(engine, transactions)
    guild_settings = SettingsService(StoredSettings(engine), now=now)
    jobs = Jobs(SqlJobs(engine, transactions, now), LocalLocks())
    if retractions is not None:
        watch = RetractionWatch(
            retractions,
            enrichments=enrichments,
            kept=kept,
            tasks=DailyTasks(engine),
            shown=replies,
            library=library,
            contents=Contents(cards, replies, identities),
            settings=guild_settings,
            jobs=jobs,
            now=now,
        )
    return Services(
        sources=lookup.sources,
        identities=identities,
        cards=cards,
        settings=guild_settings,
        library=Library(library, replies, enrichments, identities, now=now),
        privacy=Privacy(People(engine), now=now),
        retention=Retention(Guilds(engine), jobs.store, guild_settings, now=now),
        inquiries=Inquiries(enrichments if enricher is not None else None),
        watch=watch,
        page_watch=page_watch or PageWatch(UnreadablePages(engine)),
        replies=replies,
        jobs=jobs,
        locks=locks,
        identify=IdentifyTurns(engine).take,
        now=now,
    )


def build_replies(
    services: Services,
    meters: Meters | None = None,
    updates: CardUpdates | None = None,
    *,
    patience: float = PATIENCE,
) -> Replies:
    """Build the use-case that keeps the replies to each message up to date; without `updates`, cards stay as sent.

    `patience`: seconds for which a message of several studies waits for all of them.
    """
    store, identities, now = services.replies, services.identities, services.now
    meters, updates = meters or Meters(), updates or CardUpdates(store, services.jobs)
    contents = Contents(services.cards, store, identities)
    cooldown = Cooldown(store, LocalLocks(), now)
    redrawing = Redrawing(contents, store, services.jobs, updates)
    answers = Answers(store, cooldown, identities, redrawing, updates, meters=meters, now=now)
    digests = Digests(
        answers=answers,
        redrawing=redrawing,
        contents=contents,
        cooldown=cooldown,
        identities=identities,
        meters=meters,
        patience=patience,
    )
    mending = Mending(contents, cooldown, redrawing, meters, now)
    return Replies(
        jobs=services.jobs,
        replies=store,
        standing=Standing(store, HistoryScan(store, now)),
        cards=services.cards,
        answers=answers,
        digests=digests,
        mending=mending,
        redrawing=redrawing,
        identities=identities,
        rules=ReplyRules(services.settings, services.privacy, services.sources),
    )
