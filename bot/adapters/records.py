"""Stored records: the real side of `RecordStore`."""

import zlib
from datetime import UTC

from pydantic import TypeAdapter, ValidationError
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker

from bot.adapters.database import storage_errors
from bot.adapters.tables import RecordRow
from bot.core.errors import StorageError
from bot.core.record import Record
from bot.core.reference import Reference
from bot.services.ports import Page, StoredPage


class Records:
    """Records in the database."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._session = async_sessionmaker(engine, expire_on_commit=False)
        self._json = TypeAdapter(Record)

    async def get(self, reference: Reference) -> StoredPage | None:
        """Give what is kept of a record. Raises StorageError."""
        with storage_errors():
            async with self._session() as session:
                row = await session.get(RecordRow, reference.id)
        return None if row is None else self._stored(row)

    async def put(self, stored: StoredPage) -> None:
        """Keep a page and its record in place of what was kept. Raises StorageError."""
        page = stored.page
        row = RecordRow(
            id=page.reference.id,
            body=zlib.compress(page.body),
            charset=page.charset,
            etag=page.etag,
            last_modified=page.last_modified,
            parser=stored.parser,
            record=self._json.dump_json(stored.record).decode(),
            read_at=stored.read_at,
        )
        with storage_errors():
            async with self._session.begin() as session:
                await session.merge(row)

    def _stored(self, row: RecordRow) -> StoredPage:
        try:
            record = self._json.validate_json(row.record)
            body = zlib.decompress(row.body)
        except (ValidationError, zlib.error) as error:
            raise StorageError(f"row {row.id} of records is damaged: {type(error).__name__}") from error
        page = Page(Reference(row.id), body, row.charset, row.etag, row.last_modified)
        return StoredPage(page, record, row.parser, row.read_at.replace(tzinfo=UTC))
