"""Enrichment: a record's DOI, PubMed ID, retraction and free text, from bibliographic services.

A study costs at most three requests, including second tries:

| Europe PMC's search finds | Crossref has | Europe PMC is asked | Crossref | Unpaywall |
|---------------------------|--------------|---------------------|----------|-----------|
| a sure match              | the work     | search              | by DOI   | by DOI    |
| the same, with free text  | the work     | search              | by DOI   |           |
| another match             | the work     | search              | search   | by DOI    |
| another match             | nothing      | search              | search   |           |
| nothing                   | the work     | search, by DOI      | search   |           |
| nothing                   | nothing      | search              | search   |           |

Retractions are looked for at Europe PMC and at Crossref, since each misses some.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar

import structlog

from bot.core.enrichment import Candidate, Enrichment, MatchOutcome, Notice, merged_notices
from bot.core.errors import Refused, SiteError, UntrustedSite
from bot.core.record import Record
from bot.core.reference import Reference
from bot.matching import MATCHER_VERSION, Verdict, contradicts, match_record
from bot.services.enrichment_ports import ArticleSource, EnrichmentStore, FreeTextSource, WorkSource
from bot.services.ports import Locks
from bot.services.studies import KeptEnrichments

MOST_REQUESTS = 3
_TRIES = 2

T = TypeVar("T")

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class _Inquiry:
    """Sends the requests for one study, and notes the services that failed."""

    left: int = MOST_REQUESTS
    failed: list[str] = field(default_factory=list)

    async def ask(self, service: str, request: Callable[[], Awaitable[T | None]]) -> T | None:
        """Make a request, twice if the first failure may pass; None if the service does not answer."""
        for _ in range(min(_TRIES, self.left)):
            self.left -= 1
            try:
                return await request()
            except SiteError as error:
                log.warning("service did not answer", service=service, reason=str(error))
                if isinstance(error, Refused | UntrustedSite):
                    break
        self.failed.append(service)
        return None


class Enricher:
    """Asks the services about one record at a time; safe for any number of callers.

    Crossref and Unpaywall are None if no contact is set, since both want an address to write to.
    """

    def __init__(
        self,
        europe_pmc: ArticleSource,
        crossref: WorkSource | None = None,
        unpaywall: FreeTextSource | None = None,
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._europe_pmc = europe_pmc
        self._crossref = crossref
        self._unpaywall = unpaywall
        self._now = now

    async def enrich(self, record: Record) -> Enrichment:
        """Find a record's work. Raises nothing; the result's `failed` names the services that did not answer."""
        inquiry = _Inquiry()
        if not record.plain_title.strip():  # without a title no work can be recognised
            return self._told(match_record(record, ()), (), None, inquiry.failed)
        found = await inquiry.ask("Europe PMC", lambda: self._europe_pmc.search(record)) or ()
        verdict = match_record(record, found)
        if self._crossref is not None:
            verdict = await self._ask_crossref(self._crossref, inquiry, record, found, verdict)
        works = verdict.works
        if verdict.doi and not verdict.pmid and inquiry.left:
            article = await self._by_doi(inquiry, record, verdict.doi)
            works = (*works, article) if article else works
        free_text = _first(work.free_text_url for work in works)
        if verdict.doi and not free_text and self._unpaywall is not None and inquiry.left:
            unpaywall, doi = self._unpaywall, verdict.doi
            free_text = await inquiry.ask("Unpaywall", lambda: unpaywall.free_text(doi))
        return self._told(verdict, works, free_text, inquiry.failed)

    async def recheck(self, known: Enrichment) -> Enrichment:
        """Ask both services again for the notices about a matched work.

        Known notices stay if a service does not answer, no longer finds the work, or cannot be asked for it.
        """
        inquiry = _Inquiry()
        works: list[Candidate | None] = []
        if known.pmid or known.doi:
            works.append(await inquiry.ask("Europe PMC", lambda: self._known_article(known)))
        if self._crossref is not None and known.doi:
            crossref, doi = self._crossref, known.doi
            works.append(await inquiry.ask("Crossref", lambda: crossref.work(doi)))
        found = _notices(filter(None, works))
        all_say = bool(works) and None not in works
        notices = found if all_say else merged_notices((*found, *known.notices))
        if inquiry.failed:
            return replace(known, notices=notices, failed=tuple(inquiry.failed))
        return replace(known, notices=notices, notices_asked_at=self._now())

    async def _known_article(self, known: Enrichment) -> Candidate | None:
        if known.pmid:
            return await self._europe_pmc.article(known.pmid)
        return await self._europe_pmc.work(known.doi) if known.doi else None

    async def _ask_crossref(
        self, crossref: WorkSource, inquiry: _Inquiry, record: Record, found: tuple[Candidate, ...], verdict: Verdict
    ) -> Verdict:
        """Confirm a sure match by its DOI, or else search Crossref for the record, too."""
        if not (verdict.sure and verdict.doi):
            more = await inquiry.ask("Crossref", lambda: crossref.search(record)) or ()
            return match_record(record, (*found, *more))
        doi = verdict.doi
        work = await inquiry.ask("Crossref", lambda: crossref.work(doi))
        if work is None:
            return verdict
        if contradicts(record, work):  # Europe PMC has another work's DOI for the article
            log.warning("DOI belongs to another work", doi=doi, service="Europe PMC")
            return replace(verdict, works=tuple(replace(one, doi=None) for one in verdict.works))
        return replace(verdict, works=(*verdict.works, work))

    async def _by_doi(self, inquiry: _Inquiry, record: Record, doi: str) -> Candidate | None:
        """Ask Europe PMC for the article with a DOI that only Crossref knew."""
        article = await inquiry.ask("Europe PMC", lambda: self._europe_pmc.work(doi))
        return None if article is None or contradicts(record, article) else article

    def _told(self, verdict: Verdict, works: tuple[Candidate, ...], free_text: str | None, failed: list[str]) -> Enrichment:
        """Make an enrichment of the services' answers."""
        reason = verdict.reason
        failed = list(dict.fromkeys(service for service in failed if service != "Unpaywall"))  # a match can do without it
        if failed and verdict.outcome is not MatchOutcome.MATCH:
            reason = f"{' and '.join(failed)} did not answer; {reason}"
        # Crossref has the journals' own names; NLM adds words to distinguish journals of one name.
        by_crossref = sorted(works, key=lambda work: work.source != "Crossref")
        return Enrichment(
            outcome=verdict.outcome,
            reason=reason,
            matcher=MATCHER_VERSION,
            asked_at=self._now(),
            notices_asked_at=self._now(),
            doi=_first(work.doi for work in works),
            pmid=_first(work.pmid for work in works),
            pmcid=_first(work.pmcid for work in works),
            journal=_first(work.journal for work in by_crossref),
            issn=next((work.issn for work in by_crossref if work.issn), ()),
            notices=_notices(works),
            free_text_url=free_text,
            agree=verdict.agree,
            differ=verdict.differ,
            failed=tuple(failed),
        )


class Enrichments(KeptEnrichments):
    """Gives enrichments of records: the stored one if it is fresh, else a new one from `enricher`, if there is one."""

    def __init__(
        self, enricher: Enricher | None, store: EnrichmentStore, *, now: Callable[[], datetime], locks: Locks | None = None
    ) -> None:
        super().__init__(store, now=now, is_asking=enricher is not None)
        self._enricher = enricher
        self._locks = locks

    async def find(self, reference: Reference, record: Record, stated: Enrichment | None = None) -> Enrichment:
        """Give a record's enrichment; ask the services if none is stored or it is no longer fresh. Raises StorageError.

        `stated`: the enrichment from the record's own source, used if none is stored.
        """
        enricher = self._enricher
        if enricher is None:
            raise RuntimeError("no service may be asked")
        if (fresh := self._fresh(await self.known(reference) or stated)) is not None:
            return fresh
        async with self._alone(reference):
            kept = await self.known(reference) or stated
            if (fresh := self._fresh(kept)) is not None:  # found by another caller during the wait
                return fresh
            found = await (enricher.enrich(record) if kept is None else enricher.recheck(kept))
            if not found.failed:
                await self._put(reference, found)
            elif found.outcome is MatchOutcome.MATCH:
                self._seen[reference] = found  # so that buttons and later cards agree with this card
            return found

    async def add_notice(self, reference: Reference, doi: str, notice: Notice) -> bool:
        """Add a notice to a stored enrichment; False if the notice is known, or the enrichment now has another DOI.

        Raises StorageError.
        """
        async with self._alone(reference):
            kept = await self._get(reference)
            if kept is None or kept.doi != doi or (notice.kind, notice.doi) in ((one.kind, one.doi) for one in kept.notices):
                return False
            await self._put(reference, replace(kept, notices=(*kept.notices, notice)))
            return True

    @asynccontextmanager
    async def _alone(self, reference: Reference) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            if self._locks is not None:
                await stack.enter_async_context(self._locks.hold(f"enrichment {reference}"))
            yield

    def _fresh(self, kept: Enrichment | None) -> Enrichment | None:
        """Give a stored enrichment if it is fresh and its notices need not be asked for again; else None."""
        is_old = kept is not None and kept.outcome is MatchOutcome.MATCH and self._now() >= kept.notices_fresh_until
        return None if is_old else kept


def _first(values: Iterable[str | None]) -> str | None:
    return next(filter(None, values), None)


def _notices(works: Iterable[Candidate]) -> tuple[Notice, ...]:
    """Merge the notices that services report of one work."""
    return merged_notices(notice for work in works for notice in work.notices)
