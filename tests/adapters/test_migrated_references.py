"""The step to references of any source and back: what is known of works, and what jobs answered, on both databases."""

import json
from datetime import UTC, datetime

from sqlalchemy import bindparam, text
from sqlalchemy.ext.asyncio import create_async_engine

from bot.adapters.database.columns import Utc
from bot.adapters.stores.enrichments import SqlEnrichments
from bot.adapters.stores.identities import SqlIdentities
from bot.core.reference import Reference
from tests.adapters.test_migrations import migrate
from tests.references import erowid

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)


async def test_matches_and_jobs_of_the_version_before_references(empty_url: str) -> None:
    """A match names its work whatever the case of its DOI; jobs know what they answered, Erowid's on the way back, too."""
    engine = create_async_engine(empty_url)
    await migrate(engine, "0008")
    match = {"outcome": "match", "reason": "", "matcher": 1, "asked_at": NOW.isoformat(), "doi": "10.5555/S0001-2(31)X"}
    stored = json.dumps(match | {"notices_asked_at": NOW.isoformat(), "pmid": "12", "pmcid": "PMC7"})
    one = {"doi": match["doi"], "stored": stored}
    job = "INSERT INTO reply_jobs (message_id, channel_id, requested_at, nonce_seed, answered)"
    async with engine.begin() as connection:
        enrich = text("INSERT INTO enrichments (record_id, doi, enrichment) VALUES (1, :doi, :stored)")
        await connection.execute(enrich, one)
        await connection.execute(text(f"{job} VALUES (1, 7, :at, 'a', '6004 8')").bindparams(bindparam("at", NOW, Utc())))
    await migrate(engine, "head")
    doi = Reference("doi", "10.5555/s0001-2(31)x")
    same = frozenset({erowid(1), doi, Reference("pubmed", "12"), Reference("pmc", "PMC7")})
    identities, matches = SqlIdentities(engine), SqlEnrichments(engine)
    assert await identities.same([erowid(1), doi]) == {erowid(1): same, doi: frozenset({doi, erowid(1)})}
    known = await matches.get(erowid(1))
    assert {erowid(1), *known.references} == same
    await matches.put(erowid(1), known)
    assert (await identities.same([erowid(1)]))[erowid(1)] == same
    async with engine.begin() as connection:
        assert await connection.scalar(text("SELECT answered FROM reply_jobs")) == "erowid:6004 erowid:8"
        more = "UPDATE reply_jobs SET answered = 'doi:10.5555/a:b erowid:6004 pmc:PMC7 erowid:8'"
        await connection.execute(text(more))
    await migrate(engine, "0008", down=True)
    async with engine.connect() as connection:
        assert await connection.scalar(text("SELECT answered FROM reply_jobs")) == "6004 8"
    await engine.dispose()
