"""Records in the database: implements `RecordStore`, and keeps the library up to date."""

import zlib
from datetime import datetime

from pydantic import ValidationError
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.adapters.database.engine import read, write
from bot.adapters.database.tables import MissRow, RecordRow
from bot.adapters.database.upsert import insert, upsert
from bot.adapters.stores.library import shelve
from bot.adapters.stores.record_json import RECORD_JSON
from bot.core.errors import StorageError
from bot.core.reference import Reference
from bot.services.ports import Page, StoredPage


class Records:
    """Records in the database."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def get(self, reference: Reference) -> StoredPage | None:
        row = (await read(self._engine, select(RecordRow.__table__).filter_by(id=reference.id))).one_or_none()
        if row is None:
            return None
        try:
            record = RECORD_JSON.validate_json(row.record)
            body = zlib.decompress(row.body)
        except (ValidationError, zlib.error) as error:
            raise StorageError(f"row {row.id} of records is damaged: {type(error).__name__}") from error
        return StoredPage(Page(reference, body, row.charset, row.etag, row.last_modified), record, row.parser, row.read_at)

    async def put(self, stored: StoredPage) -> None:
        page = stored.page
        row = {
            "id": page.reference.id,
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
                    index_elements=["id"],
                    set_={name: statement.excluded[name] for name in row if name != "id"},
                    where=statement.excluded.read_at >= RecordRow.read_at,
                ).returning(RecordRow.id)
            )
            if written.scalar() is not None:
                await shelve(connection, page.reference, stored.record)

        await write(self._engine, work)

    async def missing(self, reference: Reference, now: datetime) -> bool:
        asked = select(MissRow.until).where(MissRow.record_id == reference.id, MissRow.until > now)
        return (await read(self._engine, asked)).one_or_none() is not None

    async def miss(self, reference: Reference, now: datetime, until: datetime) -> None:
        async def work(connection: AsyncConnection) -> None:
            await upsert(connection, MissRow, {"record_id": reference.id, "until": until})
            await connection.execute(delete(MissRow).where(MissRow.until <= now))

        await write(self._engine, work)
