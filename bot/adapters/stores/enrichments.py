"""Enrichments in the database: implements `EnrichmentStore`."""

from collections.abc import Collection, Mapping

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.adapters.database.engine import reading, write
from bot.adapters.database.tables import EnrichmentRow
from bot.adapters.database.upsert import upsert
from bot.core.enrichment import Enrichment, MatchOutcome
from bot.core.reference import Reference

ENRICHMENT_JSON = TypeAdapter(Enrichment)


class SqlEnrichments:
    """Enrichments in the database."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def get(self, reference: Reference) -> Enrichment | None:
        asked = select(EnrichmentRow.enrichment).where(EnrichmentRow.record_id == reference.id)
        async with reading(self._engine) as connection:
            return _read(await connection.scalar(asked))

    async def put(self, reference: Reference, enrichment: Enrichment) -> None:
        row = {
            "record_id": reference.id,
            "doi": enrichment.doi,
            "retracted": enrichment.retracted,
            "enrichment": ENRICHMENT_JSON.dump_json(enrichment).decode(),
        }
        await write(self._engine, lambda connection: upsert(connection, EnrichmentRow, row))

    async def with_dois(self, dois: Collection[str]) -> Mapping[str, tuple[Reference, ...]]:
        asked = (
            select(EnrichmentRow.record_id, EnrichmentRow.doi)
            .where(EnrichmentRow.doi.in_(dois))
            .order_by(EnrichmentRow.record_id)
        )
        found: dict[str, tuple[Reference, ...]] = {}
        async with reading(self._engine) as connection:
            for row in await connection.execute(asked):
                found[row.doi] = (*found.get(row.doi, ()), Reference(row.record_id))
        return found


def read_match(stored: str | None) -> Enrichment | None:
    """Read an enrichment; None if it is no match."""
    found = _read(stored)
    return found if found is not None and found.outcome is MatchOutcome.MATCH else None


def _read(stored: str | None) -> Enrichment | None:
    """Read an enrichment; None if it is damaged, so that the services are asked again."""
    try:
        return None if stored is None else ENRICHMENT_JSON.validate_json(stored)
    except ValidationError:
        return None
