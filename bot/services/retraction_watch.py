"""The daily watch for works that were retracted after their cards were sent.

Once a day one of the processes asks Crossref for the retractions registered since the last time, and compares their
DOIs with the stored ones. There is no request for each study. An incomplete run is repeated an hour later.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from bot.core.enrichment import Notice
from bot.core.errors import BotError, ChatUnavailable, StorageError, TooBusy, Unreachable
from bot.core.reference import Reference
from bot.core.reply import Reply
from bot.core.study import Study
from bot.services.contents import Contents
from bot.services.enrichment import Enrichments
from bot.services.enrichment_ports import DailyTaskStore, EnrichmentStore, RetractionSource, ShownCards
from bot.services.guild_settings import SettingsService
from bot.services.jobs import Jobs
from bot.services.library_ports import LibraryStore
from bot.services.ports import OpenChat

NAME = "retraction watch"
EVERY = timedelta(hours=23)
"""The least time between two runs: a day, less the hour between two checks whether a run is due."""
SHOWN = timedelta(days=90)
"""The age up to which cards are redrawn, and the time for which the first run looks back."""
OVERLAP = timedelta(days=2)
"""The overlap of two runs, since a service's day may end at another hour and its index may be late."""
MOST_PAGES = 400
"""The most pages read in a run, in case a service always gives a next one."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class NewRetraction:
    """A study that this run found retracted."""

    study: Study
    notice: Notice
    cards: tuple[Reply, ...]
    """The study's cards of the last 90 days, the newest first."""


Tell = Callable[[NewRetraction], Awaitable[None]]


class RetractionWatch:
    """Looks for retractions once a day, in one of the processes."""

    def __init__(
        self,
        source: RetractionSource,
        *,
        enrichments: Enrichments,
        kept: EnrichmentStore,
        tasks: DailyTaskStore,
        shown: ShownCards,
        library: LibraryStore,
        contents: Contents,
        settings: SettingsService,
        jobs: Jobs,
        now: Callable[[], datetime],
    ) -> None:
        self._source = source
        self._enrichments = enrichments
        self._kept = kept
        self._tasks = tasks
        self._shown = shown
        self._library = library
        self._contents = contents
        self._settings = settings
        self._jobs = jobs
        self._now = now

    async def run(self, open_chat: OpenChat, tell: Tell) -> None:
        """Do the day's run, unless a process has done it; `tell` is called for each newly retracted study.

        Raises SiteError and StorageError.
        """
        now = self._now()
        async with self._tasks.held(NAME, done_before=now - EVERY) as last:
            if last is None:
                return
            found = await self._retracted((last.done_at or now - SHOWN) - OVERLAP)
            await self._tasks.put(replace(last, began_at=now))
            is_done = True
            for reference, notices in found.items():
                again = last.began_at != last.done_at
                is_done &= await self._mark(reference, notices, open_chat, tell, again=again)
            log.info("looked for retractions", studies=len(found), done=is_done)
            if is_done:
                await self._tasks.put(replace(last, began_at=now, done_at=now))

    async def _retracted(self, since: datetime) -> dict[Reference, set[tuple[str, Notice]]]:
        """Read the retractions registered since a time; give the stored records concerned, with pairs of DOI and notice."""
        found: dict[Reference, set[tuple[str, Notice]]] = {}
        seen: set[tuple[str, Notice]] = set()
        cursor: str | None = None
        for _ in range(MOST_PAGES):
            page = await self._source.retractions(since.date(), cursor)
            references = await self._kept.with_dois([doi for doi, _ in page.notices])
            for doi, notice in page.notices:
                for reference in references.get(doi, ()):
                    found.setdefault(reference, set()).add((doi, notice))
            is_same = page.next_cursor == cursor and seen.issuperset(page.notices)  # new pages may have the same cursor
            if page.next_cursor is None or is_same:
                break
            cursor = page.next_cursor
            seen.update(page.notices)
        return found

    async def _mark(
        self, reference: Reference, notices: set[tuple[str, Notice]], open_chat: OpenChat, tell: Tell, *, again: bool
    ) -> bool:
        """Store a study's notices and redraw its cards, if a notice is new or with `again`; False if some card must wait."""
        before = (await self._library.studies([reference])).get(reference)
        new = [notice for doi, notice in notices if await self._enrichments.add_notice(reference, doi, notice)]
        if not (new or again):
            return True
        cards = await self._shown.cards_of(reference, self._now() - SHOWN)
        done = [await self._redraw(open_chat, card) for card in cards]
        log.info("study retracted", record=str(reference), cards=len(cards), new=bool(new))
        if new and before is not None and not before.retracted:
            await tell(NewRetraction(before, new[0], cards))
        return all(done)

    async def _redraw(self, open_chat: OpenChat, card: Reply) -> bool:
        """Redraw a card if it still shows its study; False if that failed for now and may succeed later."""
        try:
            chat = await open_chat(card.channel_id)
            async with self._jobs.editing(card):
                if card.reference not in await chat.shows(card.id):
                    return True
                if shown := (await self._shown.get([card.id])).get(card.id):
                    await chat.edit(card.id, await self._contents.of(shown, self._settings.effective(chat.place)))
        except BotError as error:
            log.info("card not redrawn", card=card.id, error=type(error).__name__, reason=str(error))
            return not isinstance(error, ChatUnavailable | StorageError | TooBusy | Unreachable)
        return True
