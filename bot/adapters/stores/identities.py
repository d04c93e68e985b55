"""Under which references works are known: implements `IdentityStore`."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from sqlalchemy import delete, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.orm import aliased

from bot.adapters.database.engine import read
from bot.adapters.database.tables import IdentifierRow
from bot.adapters.database.upsert import insert
from bot.core.reference import Reference


async def name_work(
    connection: AsyncConnection, reference: Reference, names: Collection[Reference], *, matched: bool
) -> None:
    """Store the references of a record's work, in place of those of the same origin (source or matching)."""
    old = (IdentifierRow.reference == reference, IdentifierRow.matched == matched)
    await connection.execute(delete(IdentifierRow).where(*old))
    rows = [{"reference": reference, "identifier": name, "matched": matched} for name in sorted(names)]
    if rows:
        await connection.execute(insert(connection, IdentifierRow).values(rows).on_conflict_do_nothing())


class SqlIdentities:
    """The references of works in the database."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def same(self, references: Collection[Reference]) -> Mapping[Reference, frozenset[Reference]]:
        mine, theirs = aliased(IdentifierRow), aliased(IdentifierRow)
        shared = (
            select(mine.reference, theirs.reference, theirs.identifier)
            .join(theirs, theirs.identifier == mine.identifier)
            .where(mine.reference.in_(references))
        )
        named = select(theirs.identifier, theirs.reference, theirs.identifier).where(theirs.identifier.in_(references))
        found: defaultdict[Reference, set[Reference]] = defaultdict(set)
        for row in await read(self._engine, union_all(shared, named)):
            asked, *names = tuple(row)
            found[asked].update(names)
        return {reference: frozenset({reference} | found[reference]) for reference in references}
