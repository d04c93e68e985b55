"""Enrichments in the database: what the bibliographic services said of records' works, as JSON."""

from collections.abc import Collection, Mapping

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.adapters.database.engine import read, read_with, write
from bot.adapters.database.tables import EnrichmentRow
from bot.adapters.database.upsert import upsert
from bot.adapters.stores.identities import name_work
from bot.core.enrichment import Enrichment, MatchOutcome
from bot.core.reference import Reference

ENRICHMENT_JSON = TypeAdapter(Enrichment)


class SqlEnrichments:
    """Implements `EnrichmentStore`."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def get(self, reference: Reference) -> Enrichment | None:
        return await read_with(self._engine, lambda connection: read_enrichment(connection, reference))

    async def put(self, reference: Reference, enrichment: Enrichment) -> None:
        async def work(connection: AsyncConnection) -> None:
            await write_enrichment(connection, reference, enrichment)
            await name_work(connection, reference, enrichment.references, matched=True)

        await write(self._engine, work)

    async def with_dois(self, dois: Collection[str]) -> Mapping[str, tuple[Reference, ...]]:
        asked = (
            select(EnrichmentRow.reference, EnrichmentRow.doi)
            .where(EnrichmentRow.doi.in_(dois))
            .order_by(EnrichmentRow.reference)
        )
        found: dict[str, tuple[Reference, ...]] = {}
        for row in await read(self._engine, asked):
            found[row.doi] = (*found.get(row.doi, ()), row.reference)
        return found


async def read_enrichment(connection: AsyncConnection, reference: Reference) -> Enrichment | None:
    """Read the enrichment of a record; None if there is none or it is damaged."""
    return _read(await connection.scalar(select(EnrichmentRow.enrichment).where(EnrichmentRow.reference == reference)))


async def write_enrichment(connection: AsyncConnection, reference: Reference, enrichment: Enrichment) -> None:
    """Write the enrichment of a record, in place of an older one."""
    row = {
        "reference": reference,
        "doi": enrichment.doi,
        "retracted": enrichment.retracted,
        "enrichment": ENRICHMENT_JSON.dump_json(enrichment).decode(),
    }
    await upsert(connection, EnrichmentRow, row)


def read_match(stored: str | None) -> Enrichment | None:
    """Read an enrichment from JSON; None unless it is a match."""
    found = _read(stored)
    return found if found is not None and found.outcome is MatchOutcome.MATCH else None


def _read(stored: str | None) -> Enrichment | None:
    """Read an enrichment from JSON; None if it is damaged, so that the services are asked again."""
    try:
        return None if stored is None else ENRICHMENT_JSON.validate_json(stored)
    except ValidationError:
        return None
