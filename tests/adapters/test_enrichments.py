"""Enrichments on both databases: what is kept of a work, and what lists and studies have of it. All works are invented."""

import json
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import cycle

import pytest
from sqlalchemy import bindparam, text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.adapters.database.columns import Utc
from bot.adapters.database.engine import open_database
from bot.adapters.database.transactions import SharedTransactions
from bot.adapters.stores.enrichments import SqlEnrichments
from bot.adapters.stores.library import LibraryShelves
from bot.adapters.stores.records import Records
from bot.adapters.stores.replies import SqlReplies
from bot.core.enrichment import Enrichment, MatchOutcome, Notice, NoticeKind
from bot.core.record import Name, Record
from bot.core.reference import Reference
from bot.core.reply import Reply
from bot.core.study import Study
from bot.services.enrichment import Enrichments
from bot.services.library import Library
from bot.services.ports import Page, StoredPage
from bot.services.studies import Identities
from tests.adapters.test_migrations import migrate
from tests.references import erowid, number_of

NOW = datetime(2026, 11, 28, 7, 0, tzinfo=UTC)
ONE, TWO, THREE = erowid(1), erowid(2), erowid(3)
MATCH = Enrichment(
    outcome=MatchOutcome.MATCH,
    reason="title and volume agree",
    matcher=1,
    asked_at=NOW,
    notices_asked_at=NOW + timedelta(days=1),
    doi="10.5555/sleep.1",
    pmid="90000001",
    pmcid="PMC1",
    journal="Invented Brain Research",
    issn=("0000-0001",),
    notices=(Notice(NoticeKind.CORRECTION, "Crossref", (1990, 2), "10.5555/notice.8"),),
    free_text_url="https://invented.org/free",
    agree=("title", "volume"),
    differ=("page",),
)
RETRACTED = replace(MATCH, notices=(Notice(NoticeKind.RETRACTION, "Europe PMC"),))
NONE = Enrichment(
    outcome=MatchOutcome.NONE, reason="nothing found", matcher=1, asked_at=NOW, notices_asked_at=NOW, agree=(), differ=()
)


def record(reference: Reference, **more: object) -> Record:
    return Record(reference, f"Inventamine {reference}", authors=(Name(family="Doe"),), **more)


async def keep(engine: AsyncEngine, *records: Record) -> None:
    for one in records:
        await Records(engine).put(StoredPage(Page(one.reference, b"page"), one, 1, NOW))


async def test_what_is_kept(engine: AsyncEngine) -> None:
    """One enrichment for each record, the last one, as it was; who has a DOI is found."""
    store = SqlEnrichments(engine)
    assert await store.get(ONE) is None
    await store.put(ONE, NONE)
    assert await store.get(ONE) == NONE
    await store.put(ONE, MATCH)
    await store.put(TWO, MATCH)
    await store.put(THREE, replace(MATCH, doi="10.5555/other"))
    assert await store.get(ONE) == MATCH
    assert await store.with_dois(["10.5555/sleep.1", "10.5555/nobody"]) == {"10.5555/sleep.1": (ONE, TWO)}
    assert await store.with_dois([]) == {}


@pytest.mark.parametrize("damage", ["{", "[]", '{"outcome": "perhaps"}'])
async def test_a_damaged_row_is_as_good_as_none(engine: AsyncEngine, damage: str) -> None:
    """The services are asked again, and studies have nothing of it."""
    await keep(engine, record(ONE))
    store = SqlEnrichments(engine)
    await store.put(ONE, MATCH)
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE enrichments SET enrichment = :damage"), {"damage": damage})
    assert await store.get(ONE) is None
    assert await LibraryShelves(engine).studies([ONE]) == {ONE: Study(record(ONE))}


async def test_studies_have_their_match(engine: AsyncEngine) -> None:
    """A study has its match; what is none is left out, and so is a record that was never read."""
    await keep(engine, record(ONE), record(TWO), record(THREE))
    store = SqlEnrichments(engine)
    await store.put(ONE, MATCH)
    await store.put(TWO, NONE)
    await store.put(erowid(9), MATCH)
    assert await LibraryShelves(engine).studies([ONE, TWO, THREE, erowid(9)]) == {
        ONE: Study(record(ONE), MATCH),
        TWO: Study(record(TWO)),
        THREE: Study(record(THREE)),
    }


class NoOtherNames:
    async def same(self, _references: Collection[Reference]) -> Mapping[Reference, frozenset[Reference]]:
        return {}


async def test_lists_know_what_was_retracted(engine: AsyncEngine) -> None:
    """The record's own word or a service's is enough, in every list, and it goes when the notice goes."""
    await keep(engine, record(ONE, retraction="Retracted."), record(TWO), record(THREE))
    store, replies = SqlEnrichments(engine), SqlReplies(engine, SharedTransactions(engine))
    for number, reference in enumerate((ONE, TWO, THREE)):
        await replies.add(Reply(number, None, reference, 5, 6, NOW))
    enrichments, identities = Enrichments(None, store, now=lambda: NOW), Identities(NoOtherNames())
    library = Library(LibraryShelves(engine), replies, enrichments, identities, now=lambda: NOW)

    async def retracted() -> list[set[int]]:
        found = await library.search("inventamine"), await library.suggest("inventam")
        recent = [one.hit for one in await library.recent(5) if one.hit is not None]
        assert [len(hits) for hits in (*found, recent)] == [3, 3, 3]
        return [{number_of(hit.reference) for hit in hits if hit.retracted} for hits in (*found, recent)]

    assert await retracted() == [{1}] * 3
    await store.put(TWO, RETRACTED)
    await store.put(THREE, MATCH)
    assert await retracted() == [{1, 2}] * 3
    await store.put(TWO, MATCH)
    await keep(engine, record(ONE))
    assert await retracted() == [set()] * 3


async def test_an_earlier_database_knows_its_retractions(empty_url: str) -> None:
    """What records of version 0.1.0 say of a retraction is known after the migration; a damaged one harms none."""
    engine = create_async_engine(empty_url)
    await migrate(engine, "0007")
    not_retracted = [json.dumps({"title": "Inventamine", "retraction": None}), json.dumps({"title": "Inventamine"}), "{"]
    stored = dict(zip(range(1, 450), cycle(not_retracted), strict=False)) | {  # so many that they are read in batches
        1: json.dumps({"title": "Inventamine", "retraction": "This article was retracted."}),
        200: json.dumps({"title": "Inventamine", "retraction": "Retracted."}),
        449: json.dumps({"title": "Inventamine", "retraction": "Retracted."}),
    }
    insert = text("INSERT INTO records (id, body, parser, record, read_at) VALUES (:id, :body, 1, :record, :at)")
    async with engine.begin() as connection:
        rows = [{"id": number, "body": b"", "record": one, "at": NOW} for number, one in stored.items()]
        await connection.execute(insert.bindparams(bindparam("at", type_=Utc())), rows)
        shelf = "INSERT INTO library (record_id, title, authors) VALUES (:id, 'Inventamine', '')"
        await connection.execute(text(shelf), [{"id": number} for number in stored])
    await engine.dispose()
    async with open_database(empty_url) as opened:
        hits = await LibraryShelves(opened).hits([erowid(number) for number in stored])
        assert {number_of(reference) for reference, hit in hits.items() if hit.retracted} == {1, 200, 449}
        assert len(hits) == len(stored)
