"""How long an answer of the bibliographic services is kept, and what a card shows of an old one."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.core.enrichment import Enrichment, MatchOutcome
from bot.core.reference import Reference
from bot.services.enrichment import Enricher, Enrichments
from tests.references import erowid
from tests.services.test_enrichment import (
    BY_CROSSREF,
    BY_PUBMED,
    DOI,
    DOWN,
    NOW,
    PUBMED,
    RECORD,
    WORK,
    Service,
    Works,
    knowing,
)


class Store:
    """Keeps enrichments in memory."""

    def __init__(self) -> None:
        self.kept: dict[Reference, Enrichment] = {}
        self.asked: list[Reference] = []

    async def get(self, reference: Reference) -> Enrichment | None:
        self.asked.append(reference)
        return self.kept.get(reference)

    async def put(self, reference: Reference, enrichment: Enrichment) -> None:
        self.kept[reference] = enrichment


class Locks:
    """Notes which names were held."""

    def __init__(self) -> None:
        self.held: list[str] = []

    @asynccontextmanager
    async def hold(self, name: str) -> AsyncIterator[None]:
        self.held.append(name)
        yield


def at(days: float) -> Callable[[], datetime]:
    return lambda: NOW + timedelta(days=days)


@pytest.mark.parametrize(
    ("works", "days", "asked"),
    [
        ((PUBMED,), 13.9, []),
        ((PUBMED,), 14, ["article 90000001"]),
        ((PUBMED,), 179.9, ["article 90000001"]),
        ((PUBMED,), 180, ["search"]),
        ((), 29.9, []),
        ((), 30, ["search"]),
        ((PUBMED, replace(PUBMED, pmid="90000002", doi=None)), 29.9, []),  # ambiguous
    ],
)
async def test_how_long_it_is_kept(works: Works, days: float, asked: list[str]) -> None:
    """180 days for a match, 30 for none or several, 14 for what is known of notices."""
    store, service = Store(), Service(works)
    first = Enrichments(Enricher(service, now=at(0)), store, now=at(0))
    await first.find(erowid(7), RECORD)
    service.asked.clear()
    later = Enrichments(Enricher(service, now=at(days)), store, now=at(days))
    await later.find(erowid(7), RECORD)
    assert service.asked == asked


async def test_another_matcher() -> None:
    """What an earlier version of the matcher decided is asked for anew."""
    store, service = Store(), Service((PUBMED,))
    enrichments = Enrichments(Enricher(service, now=at(0)), store, now=at(0))
    found = await enrichments.find(erowid(7), RECORD)
    store.kept[erowid(7)] = replace(found, matcher=found.matcher + 1)
    assert await enrichments.find(erowid(7), RECORD) == found
    assert service.asked == ["search", "search"]


async def test_failures_are_not_kept() -> None:
    """What a silent service left open is asked again next time; a lock is held meanwhile."""
    store, service, locks = Store(), Service((PUBMED,), faults=[DOWN, DOWN]), Locks()
    enrichments = Enrichments(Enricher(service, now=at(0)), store, now=at(0), locks=locks)
    assert (await enrichments.find(erowid(7), RECORD)).failed == ("Europe PMC",)
    assert await enrichments.known(erowid(7)) is None
    assert (await enrichments.find(erowid(7), RECORD)).outcome is MatchOutcome.MATCH
    assert await enrichments.known(erowid(7)) == store.kept[erowid(7)]
    assert locks.held == ["enrichment erowid:7", "enrichment erowid:7"]


async def test_a_match_that_a_silent_service_left_open() -> None:
    """It is shown meanwhile, though not kept: what a card says of a retraction, its buttons say, too."""
    store, services = Store(), knowing((replace(PUBMED, notices=(BY_PUBMED,)),), (WORK,))
    services.crossref.faults = [DOWN] * 4
    enrichments = Enrichments(services.enricher(), store, now=at(0))
    found = await enrichments.find(erowid(7), RECORD)
    assert (found.retracted, found.failed, store.kept) == (True, ("Crossref",), {})
    assert await enrichments.shown(erowid(7)) == found
    assert await enrichments.known(erowid(7)) is None
    assert await enrichments.shown(erowid(7)) == found
    await enrichments.find(erowid(7), RECORD)
    whole = await enrichments.find(erowid(7), RECORD)
    assert (whole.failed, await enrichments.shown(erowid(7))) == ((), whole)


async def test_what_was_seen_lately() -> None:
    """A card costs no query for what this process saw; what another process found out is seen by the next `find`."""
    store, service = Store(), Service((PUBMED,))
    ours, theirs = (Enrichments(Enricher(service, now=at(0)), store, now=at(0)) for _ in range(2))
    assert await ours.shown(erowid(7)) is None
    found = await theirs.find(erowid(7), RECORD)
    store.asked.clear()
    assert (await ours.shown(erowid(7)), await theirs.shown(erowid(7))) == (None, found)
    assert store.asked == []
    assert await ours.find(erowid(7), RECORD) == found
    assert await ours.shown(erowid(7)) == found
    assert len(service.asked) == 1


@pytest.mark.parametrize(("days", "by_pubmed", "shown"), [(179.9, True, "all"), (180, True, "notice"), (180, False, None)])
async def test_what_a_card_shows_of_an_old_match(days: float, by_pubmed: bool, shown: str | None) -> None:
    """A match that is to be asked for anew is not shown; a retraction that it told of is."""
    notices = (BY_PUBMED,) if by_pubmed else ()
    store, service = Store(), Service((replace(PUBMED, notices=notices),))
    found = await Enrichments(Enricher(service, now=at(0)), store, now=at(0)).find(erowid(7), RECORD)
    later = await Enrichments(Enricher(service, now=at(days)), store, now=at(days)).shown(erowid(7))
    assert later == {"all": found, "notice": found.retraction_only(), None: None}[shown]
    assert later is None or later.retracted


async def test_a_notice_that_came_later() -> None:
    """It is kept once, beside those known, and only for the work with that DOI."""
    store, service = Store(), Service((PUBMED,))
    enrichments = Enrichments(Enricher(service, now=at(0)), store, now=at(0))
    assert not await enrichments.add_notice(erowid(7), DOI, BY_CROSSREF)
    found = await enrichments.find(erowid(7), RECORD)
    assert not await enrichments.add_notice(erowid(7), "10.5555/another", BY_CROSSREF)
    assert [await enrichments.add_notice(erowid(7), DOI, BY_CROSSREF) for _ in range(2)] == [True, False]
    assert store.kept[erowid(7)] == replace(found, notices=(BY_CROSSREF,))
    assert await enrichments.shown(erowid(7)) == store.kept[erowid(7)]
