"""Records and their pages in the database; storing a record also updates the library."""

import zlib
from datetime import datetime
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Select, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.adapters.database.engine import read, write
from bot.adapters.database.tables import EnrichmentRow, IdentifierRow, MissRow, RecordRow
from bot.adapters.database.upsert import insert, upsert
from bot.adapters.stores.enrichments import read_enrichment, read_match, write_enrichment
from bot.adapters.stores.identities import name_work
from bot.adapters.stores.library import shelve
from bot.adapters.stores.record_json import RECORD_JSON
from bot.core.errors import StorageError
from bot.core.reference import Reference
from bot.services.ports import Page, StoredPage

_KEPT = select(*RecordRow.__table__.columns, EnrichmentRow.enrichment).outerjoin(
    EnrichmentRow, EnrichmentRow.reference == RecordRow.reference
)


def _same(reference: Reference) -> Select[Any]:
    """Build the query for the newest record whose own page names this reference of its work."""
    named = (IdentifierRow.identifier == reference, IdentifierRow.matched.is_(False))
    joined = _KEPT.join(IdentifierRow, IdentifierRow.reference == RecordRow.reference)
    return joined.where(*named).order_by(RecordRow.read_at.desc()).limit(1)


class Records:
    """Implements `RecordStore`."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def get(self, reference: Reference) -> StoredPage | None:
        row = (await read(self._engine, _KEPT.where(RecordRow.reference == reference))).one_or_none()
        if row is None:
            row = (await read(self._engine, _same(reference))).first()
        if row is None:
            return None
        try:
            record = RECORD_JSON.validate_json(row.record)
            body = zlib.decompress(row.body)
        except (ValidationError, zlib.error) as error:
            raise StorageError(f"row {reference} of records is damaged: {type(error).__name__}") from error
        page = Page(row.reference, body, row.charset, row.etag, row.last_modified, row.site)
        known = read_match(row.enrichment)
        return StoredPage(page, record, row.parser, row.read_at, known if known is not None and known.stated else None)

    async def put(self, stored: StoredPage) -> None:
        page = stored.page
        row = {
            "reference": page.reference,
            "site": page.site,
            "body": zlib.compress(page.body),
            "charset": page.charset,
            "etag": page.etag,
            "last_modified": page.last_modified,
            "parser": stored.parser,
            "record": RECORD_JSON.dump_json(stored.record).decode(),
            "read_at": stored.read_at,
        }

        async def work(connection: AsyncConnection) -> None:
            statement = insert(connection, RecordRow).values(**row)
            written = await connection.execute(
                statement.on_conflict_do_update(
                    index_elements=["reference"],
                    set_={name: statement.excluded[name] for name in row if name != "reference"},
                    where=statement.excluded.read_at >= RecordRow.read_at,
                ).returning(RecordRow.reference)
            )
            if written.scalar() is not None:
                said = stored.enrichment
                await shelve(connection, page.reference, stored.record)
                names = {page.reference, *(said.references if said is not None else ())}
                await name_work(connection, page.reference, names, matched=False)
                if said is not None:
                    earlier = await read_enrichment(connection, page.reference)
                    await write_enrichment(connection, page.reference, said.with_notices_of(earlier))

        await write(self._engine, work)

    async def missing(self, reference: Reference, now: datetime) -> bool:
        asked = select(MissRow.until).where(MissRow.reference == reference, MissRow.until > now)
        return (await read(self._engine, asked)).one_or_none() is not None

    async def miss(self, reference: Reference, now: datetime, until: datetime) -> None:
        async def work(connection: AsyncConnection) -> None:
            await upsert(connection, MissRow, {"reference": reference, "until": until})
            await connection.execute(delete(MissRow).where(MissRow.until <= now))

        await write(self._engine, work)
