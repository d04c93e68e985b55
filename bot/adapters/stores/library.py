"""Searches and lists of stored records."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Row, Select, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.adapters.database.engine import read, read_with
from bot.adapters.database.tables import EnrichmentRow, LibraryRow, RecordRow
from bot.adapters.database.upsert import insert
from bot.adapters.stores.enrichments import read_match
from bot.adapters.stores.record_json import RECORD_JSON
from bot.adapters.stores.search_index import query, search_statement, texts, write_words
from bot.core.card_lines import short_authors
from bot.core.record import Record
from bot.core.reference import Reference
from bot.core.search import split_year
from bot.core.study import Study
from bot.services.library_ports import Hit


async def shelve(connection: AsyncConnection, reference: Reference, record: Record) -> None:
    """Add a record to the library, or replace its row and words; part of the transaction that writes the record."""
    row = {
        "reference": reference,
        "title": _printable(record.plain_title),
        "authors": _printable(short_authors(record.authors, more=record.more_authors)),
        "year": record.issued[0][0] if record.issued else None,
        "retracted": record.retracted,
    }
    statement = insert(connection, LibraryRow).values(row)
    shown = {name: statement.excluded[name] for name in row if name != "reference"}
    written = statement.on_conflict_do_update(index_elements=["reference"], set_=shown).returning(LibraryRow.id)
    await write_words(connection, (await connection.execute(written)).scalar_one(), texts(record))


class LibraryShelves:
    """Implements `LibraryStore`."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def search(self, text: str, *, most: int, unfinished: bool = False) -> tuple[Hit, ...]:
        async def work(connection: AsyncConnection) -> tuple[Hit, ...]:
            of_year = await _of_year(connection, text, most, unfinished=unfinished)
            dialect = connection.dialect.name
            for any_word in (False,) if unfinished else (False, True):  # records with all words; if there are none, with any
                asked = query(text, dialect, unfinished=unfinished, any_word=any_word)
                if asked is None or (any_word and of_year):
                    break
                rows = (await connection.execute(search_statement(dialect), {"query": asked, "most": most})).all()
                if rows:
                    return tuple({hit.reference: hit for hit in map(_hit, [*of_year, *rows])}.values())[:most]
            return tuple(map(_hit, of_year))

        return await read_with(self._engine, work)

    async def hits(self, references: Collection[Reference]) -> Mapping[Reference, Hit]:
        asked = _LISTED.where(LibraryRow.reference.in_(references))
        return {hit.reference: hit for hit in map(_hit, await read(self._engine, asked))}

    async def studies(self, references: Collection[Reference]) -> Mapping[Reference, Study]:
        asked = (
            select(RecordRow.reference, RecordRow.record, EnrichmentRow.enrichment)
            .outerjoin(EnrichmentRow, EnrichmentRow.reference == RecordRow.reference)
            .where(RecordRow.reference.in_(references))
        )
        found: dict[Reference, Study] = {}
        for row in await read(self._engine, asked):
            with suppress(ValidationError):  # a damaged row is left out
                found[row.reference] = Study(RECORD_JSON.validate_json(row.record), read_match(row.enrichment))
        return found


_LISTED: Select[Any] = select(*LibraryRow.__table__.columns, EnrichmentRow.retracted.label("retracted_since")).outerjoin(
    EnrichmentRow, EnrichmentRow.reference == LibraryRow.reference
)


async def _of_year(connection: AsyncConnection, text: str, most: int, *, unfinished: bool) -> Sequence[Row[Any]]:
    """Find studies by a query with a year, such as `doe 1961`: those of that year with all other words."""
    year, rest = split_year(text)
    if year is None:
        return ()
    dialect = connection.dialect.name
    asked = query(rest, dialect, unfinished=unfinished)
    if asked is None:
        listed = _LISTED.where(LibraryRow.year == year).order_by(LibraryRow.id).limit(most)
        rows: Sequence[Row[Any]] = (await connection.execute(listed)).all()
    else:
        values = {"query": asked, "most": most, "year": year}
        rows = (await connection.execute(search_statement(dialect, in_year=True), values)).all()
    return rows


def _hit(row: Row[Any]) -> Hit:
    return Hit(row.reference, row.title, row.authors, row.year, bool(row.retracted or row.retracted_since))


def _printable(text: str) -> str:
    """Remove NULs, which PostgreSQL's text cannot hold."""
    return text.replace("\0", "")
