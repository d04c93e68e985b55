"""The references by which works are known, so that several sites' records of one work are found."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from sqlalchemy import bindparam, delete, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.orm import aliased

from bot.adapters.database.engine import read_with
from bot.adapters.database.tables import IdentifierRow
from bot.adapters.database.upsert import insert
from bot.core.reference import Reference

_MINE, _THEIRS = aliased(IdentifierRow), aliased(IdentifierRow)
_SAME = union_all(
    select(_MINE.reference, _THEIRS.reference, _THEIRS.identifier)
    .join(_THEIRS, _THEIRS.identifier == _MINE.identifier)
    .where(_MINE.reference.in_(bindparam("asked", expanding=True))),
    select(_THEIRS.identifier, _THEIRS.reference, _THEIRS.identifier).where(
        _THEIRS.identifier.in_(bindparam("asked", expanding=True))
    ),
)
"""Built once, since building takes SQLAlchemy a millisecond and each card runs the query several times."""


async def name_work(
    connection: AsyncConnection, reference: Reference, names: Collection[Reference], *, matched: bool
) -> None:
    """Store the references of a record's work, in place of older ones of the same origin (its page, or matching)."""
    old = (IdentifierRow.reference == reference, IdentifierRow.matched == matched)
    await connection.execute(delete(IdentifierRow).where(*old))
    rows = [{"reference": reference, "identifier": name, "matched": matched} for name in sorted(names)]
    if rows:
        await connection.execute(insert(connection, IdentifierRow).values(rows).on_conflict_do_nothing())


class SqlIdentities:
    """Implements `IdentityStore`."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def same(self, references: Collection[Reference]) -> Mapping[Reference, frozenset[Reference]]:
        found: defaultdict[Reference, set[Reference]] = defaultdict(set)
        values = {"asked": list(references)}
        for row in await read_with(self._engine, lambda connection: connection.execute(_SAME, values)):
            asked, *names = tuple(row)
            found[asked].update(names)
        return {reference: frozenset({reference} | found[reference]) for reference in references}
