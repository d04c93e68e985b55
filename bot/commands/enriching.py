"""Asks bibliographic services for `show --enrich`, and writes their answers as JSON."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.adapters.database.engine import open_database
from bot.core.enrichment import Enrichment, MatchOutcome
from bot.services.enrichment import Enricher
from bot.settings import Settings
from bot.sites import open_bibliographic_services, shared_state


@asynccontextmanager
async def open_shared_enricher(settings: Settings) -> AsyncIterator[Enricher]:
    """Open the services with rate limits shared through the database. Raises StorageError, ConfigurationError."""
    async with (
        open_database(settings.database_url) as engine,
        open_bibliographic_services(settings, state_of=shared_state(engine)) as services,
    ):
        yield services.enricher()


def complaint(found: Enrichment | None) -> str:
    """Give the sentence about services that did not answer; empty if all did."""
    if found is None:
        return "The bibliographic services could not be asked."
    return f"No answer from {' and '.join(found.failed)}." if found.failed else ""


def enrichment_as_json(found: Enrichment | None) -> dict[str, object] | None:
    """Give an enrichment as a JSON object, in a stable form: keys may be added, never renamed."""
    if found is None:
        return None
    return {
        "outcome": found.outcome.value,
        "doi": found.doi,
        "pmid": found.pmid,
        "pmcid": found.pmcid,
        "journal": found.journal,
        "journal_short": found.journal_short,
        "issn": list(found.issn),
        "retracted": found.retracted if found.outcome is MatchOutcome.MATCH else None,
        "notices": [
            {"kind": notice.kind.value, "date": _iso(notice.date), "doi": notice.doi, "source": notice.source}
            for notice in found.notices
        ],
        "free_text": found.free_text_url,
        "agree": list(found.agree),
        "differ": list(found.differ),
        "reason": found.reason,
        "asked_at": found.asked_at.isoformat(),
        "failed": list(found.failed),
    }


def _iso(date: tuple[int, ...]) -> str | None:
    """Write a date as `1990-02-06`, `1990-02` or `1990`."""
    return "-".join(f"{part:02}" for part in date) or None
