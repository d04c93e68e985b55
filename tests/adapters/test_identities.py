"""Which references name one work, on both databases, and lists that have each study once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.adapters.database.transactions import SharedTransactions
from bot.adapters.stores.enrichments import SqlEnrichments
from bot.adapters.stores.identities import SqlIdentities
from bot.adapters.stores.library import LibraryShelves
from bot.adapters.stores.records import Records
from bot.adapters.stores.replies import SqlReplies
from bot.core.enrichment import Enrichment, MatchOutcome, Notice, NoticeKind
from bot.core.record import Paragraph, Record
from bot.core.reference import Reference
from bot.core.reply import Reply
from bot.services.enrichment import Enrichments
from bot.services.library import Library
from bot.services.ports import Page, StoredPage
from bot.services.studies import Identities
from tests.newt import newt
from tests.references import erowid

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
ONE, TWO, FIVE = erowid(1), erowid(2), newt(5)
DOI, OTHER_DOI, PMID = Reference("doi", "10.5555/a"), Reference("doi", "10.5555/b"), Reference("pubmed", "12")
STATED = Enrichment(outcome=MatchOutcome.MATCH, reason="", matcher=0, asked_at=NOW, notices_asked_at=NOW)
CHANNEL = 5


def found(**known: object) -> Enrichment:
    return replace(STATED, **known)


async def keep(
    engine: AsyncEngine, reference: Reference, stated: Enrichment | None = None, title: str = "", **given
) -> Record:
    """Store a record, and what its source states of the work."""
    record = Record(reference, title or f"Inventamine by {reference.source}", **given)
    stored = StoredPage(Page(reference, b"", site="Newt"), record, 1, NOW, stated)
    await Records(engine).put(stored)
    return record


async def test_what_is_the_same(engine: AsyncEngine) -> None:
    """What a record states and what was matched count alike, from either side, also for what was never read."""
    store, matches = SqlIdentities(engine), SqlEnrichments(engine)
    assert await store.same([ONE]) == {ONE: {ONE}}
    assert await store.same([]) == {}
    await keep(engine, ONE)
    await keep(engine, TWO)
    await matches.put(ONE, found(doi="10.5555/a", pmid="12"))
    assert await store.same([ONE, TWO, PMID]) == {ONE: {ONE, DOI, PMID}, TWO: {TWO}, PMID: {PMID, ONE}}
    await keep(engine, FIVE, found(doi="10.5555/a"))
    assert await store.same([ONE, FIVE]) == {ONE: {ONE, DOI, PMID, FIVE}, FIVE: {FIVE, DOI, ONE}}
    assert await store.same([DOI]) == {DOI: {DOI, ONE, FIVE}}
    await matches.put(ONE, replace(STATED, outcome=MatchOutcome.NONE))
    assert await store.same([ONE, FIVE]) == {ONE: {ONE}, FIVE: {FIVE, DOI}}


async def test_a_wrong_match_joins_no_others(engine: AsyncEngine) -> None:
    """The two works that it takes for one stay two."""
    store = SqlIdentities(engine)
    await keep(engine, ONE, found(doi="10.5555/a"))
    await keep(engine, TWO, found(doi="10.5555/b"))
    await keep(engine, FIVE, found(doi="10.5555/a"))
    await SqlEnrichments(engine).put(FIVE, found(doi="10.5555/b"))
    same = await store.same([ONE, TWO, FIVE])
    assert same == {ONE: {ONE, DOI, FIVE}, TWO: {TWO, OTHER_DOI, FIVE}, FIVE: {FIVE, ONE, TWO, DOI, OTHER_DOI}}


@pytest.fixture
def library(engine: AsyncEngine) -> Library:
    replies = SqlReplies(engine, SharedTransactions(engine))
    enrichments = Enrichments(None, SqlEnrichments(engine), now=lambda: NOW)
    return Library(LibraryShelves(engine), replies, enrichments, Identities(SqlIdentities(engine)), now=lambda: NOW)


async def show(engine: AsyncEngine, *cards: tuple[Reference, bool]) -> list[Reply]:
    """Keep cards in a channel, one each minute; each is shown or a spoiler."""
    replies = SqlReplies(engine, SharedTransactions(engine))
    kept = [
        Reply(number, None, reference, CHANNEL, 6, NOW - timedelta(minutes=60 - number), spoiler=hidden)
        for number, (reference, hidden) in enumerate(cards, 1)
    ]
    for reply in kept:
        await replies.add(reply)
    return kept


async def test_searches_have_it_once(engine: AsyncEngine, library: Library) -> None:
    """The best hit stands for the study; the list stays full, and a retraction that one record knows is told."""
    notice = Notice(NoticeKind.RETRACTION, "Crossref", (2026,))
    await keep(engine, ONE, found(doi="10.5555/a"), "Inventamine, inventamine")
    await keep(engine, FIVE, found(doi="10.5555/a", notices=(notice,)), "A note on the taste of inventamine")
    await keep(engine, TWO, title="Inventamine once more, and at some length")
    for hits in (
        await library.search("inventamine"),
        await library.search("inventamine", most=2),
        await library.suggest("inventam"),
    ):
        assert {(hit.reference, hit.retracted) for hit in hits} == {(ONE, True), (TWO, False)}
    assert [hit.reference for hit in await library.search("taste")] == [FIVE]


async def test_recent_cards_have_it_once(engine: AsyncEngine, library: Library) -> None:
    """With the last card."""
    for reference in (ONE, FIVE):
        await keep(engine, reference, found(doi="10.5555/a"))
    cards = await show(engine, (ONE, False), (TWO, False), (FIVE, False), (TWO, False), (TWO, False))
    recent = await library.recent(CHANNEL, most=3)
    assert [(one.reply, one.hit and one.hit.title) for one in recent] == [
        (cards[4], None),
        (cards[2], "Inventamine by newt"),
    ]


async def test_a_bibliography_has_it_once(engine: AsyncEngine, library: Library) -> None:
    """By the record that says most, in the place of its first card, with the way to its last one."""
    await keep(engine, ONE, found(doi="10.5555/a"))
    await keep(engine, TWO)
    listed = await keep(engine, FIVE, found(doi="10.5555/a"), abstract=(Paragraph("It has no taste."),))
    cards = await show(engine, (ONE, False), (TWO, True), (FIVE, True), (erowid(3), False))
    bibliography = await library.bibliography([CHANNEL], days=7)
    assert [study.record.reference for study in bibliography.studies] == [FIVE, TWO]
    assert bibliography.studies[0].record == listed
    assert (bibliography.missing, bibliography.hidden) == ((erowid(3),), {TWO})
    assert bibliography.cards == {FIVE: cards[2], TWO: cards[1], erowid(3): cards[3]}


@pytest.mark.parametrize(("first", "second", "listed"), [("10", "", ONE), ("", "12", FIVE)])
async def test_of_two_without_abstracts(engine: AsyncEngine, library: Library, first: str, second: str, listed) -> None:
    """The record with more identifiers is listed; where cards are all spoilers, it is one."""
    await keep(engine, ONE, found(doi="10.5555/a", pmid=first or None))
    await keep(engine, FIVE, found(doi="10.5555/a", pmid=second or None))
    await show(engine, (ONE, True), (FIVE, True))
    bibliography = await library.bibliography([CHANNEL], days=7)
    assert [study.record.reference for study in bibliography.studies] == [listed]
    assert bibliography.hidden == {listed}


async def test_a_bibliography_tells_of_a_retraction(engine: AsyncEngine, library: Library) -> None:
    """Also where only the poorer record knows of it; of records that were never stored, the first is named."""
    notice = Notice(NoticeKind.RETRACTION, "Crossref", (2026,))
    await keep(engine, ONE, found(doi="10.5555/a"), abstract=(Paragraph("It has no taste."),))
    await keep(engine, FIVE, found(doi="10.5555/a", notices=(notice,)))
    await SqlEnrichments(engine).put(TWO, found(pmid="12"))
    await show(engine, (ONE, False), (FIVE, False), (PMID, False), (TWO, False))
    bibliography = await library.bibliography([CHANNEL], days=7)
    assert [study.retracted for study in bibliography.studies] == [True]
    assert bibliography.missing == (PMID,)
