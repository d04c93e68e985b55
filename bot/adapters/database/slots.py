"""Turns that all processes on one database share: one row for each name, each step one statement, by the database's clock.

A slot is reserved by moving `next_at` on, and only if it is near enough: none is reserved and then thrown away. The slots of
a process that is killed pass. Since what was reserved for may be late, `depart` has the last word: it lets one go where the
one before it went long enough ago. A clock that is set back would make all wait until it has caught up: what lies further
ahead than any statement here puts it was written by another clock, and counts from now. One that is set forward ends waits
too soon, once.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BindParameter,
    Boolean,
    ColumnElement,
    Double,
    Update,
    and_,
    bindparam,
    case,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.adapters.database.clock import Earlier, Later, SecondsNow
from bot.adapters.database.engine import storage_errors
from bot.adapters.database.tables import TurnRow
from bot.adapters.database.upsert import insert
from bot.adapters.site.rate_limiter import Rest
from bot.core import errors
from bot.core.errors import SiteError, TooBusy

TRYING = 30.0
"""Seconds that the request has which tries after a rest; then another one may."""
HORIZON = 60.0
"""Seconds: at least so far ahead may lie what clocks that were never set wrote; further, where more patience is had."""
_SLACK = 1.0
"""Seconds by which clocks and statements may differ without one of them having been set."""

_NOW = SecondsNow()
_EVERY: BindParameter[float] = bindparam("every", type_=Double())
_DELAY: ColumnElement[float] = func.coalesce(bindparam("asked", type_=Double()), TurnRow.delay)
_GAP = Later(_EVERY, _DELAY)
_SLOT = Later(TurnRow.next_at, TurnRow.left_at + _GAP, TurnRow.held_until, _NOW)
_OPEN = or_(TurnRow.rest_until.is_(None), TurnRow.rest_until <= _NOW)
_THIS = TurnRow.name == bindparam("this")

_RESERVE = (
    update(TurnRow)
    .where(_THIS, _OPEN, bindparam("patience", type_=Double()) >= _SLOT - _NOW)
    .values(
        next_at=_SLOT + _GAP,
        delay=_DELAY,
        rest_until=case((TurnRow.rest_until.is_not(None), _SLOT + TRYING), else_=None),
    )
    .returning(
        (TurnRow.next_at - Later(_EVERY, TurnRow.delay) - _NOW).label("ahead"),
        TurnRow.rest_until,
        TurnRow.rest_seconds,
        TurnRow.rest_why,
        TurnRow.rest_reason,
    )
)
_DEPART = (
    update(TurnRow)
    .where(
        _THIS,
        or_(_OPEN, bindparam("tries", type_=Boolean())),
        or_(TurnRow.left_by == bindparam("mark"), and_(TurnRow.left_at + _GAP <= _NOW, TurnRow.held_until <= _NOW)),
    )
    .values(left_at=_NOW, left_by=bindparam("mark"), next_at=Later(TurnRow.next_at, _NOW + _GAP))
    .returning(TurnRow.name)
)
_LOOK = select(
    (TurnRow.next_at - _NOW).label("next"),
    (TurnRow.left_at - _NOW).label("left"),
    (TurnRow.held_until - _NOW).label("held"),
    (TurnRow.rest_until - _NOW).label("rest"),
    TurnRow.delay,
    TurnRow.rest_seconds,
    TurnRow.rest_why,
    TurnRow.rest_reason,
).where(_THIS)
_SET_RIGHT = (
    update(TurnRow)
    .where(_THIS)
    .values(
        next_at=Earlier(TurnRow.next_at, _NOW + _EVERY),
        left_at=Earlier(TurnRow.left_at, _NOW),
        held_until=Earlier(TurnRow.held_until, _NOW + _EVERY),
        rest_until=case((TurnRow.rest_until.is_not(None), Earlier(TurnRow.rest_until, _NOW + TurnRow.rest_seconds))),
    )
)
_HOLD = (
    update(TurnRow).where(_THIS).values(held_until=Later(TurnRow.held_until, _NOW + bindparam("seconds", type_=Double())))
)
_REST = (
    update(TurnRow)
    .where(
        _THIS,
        or_(
            bindparam("tried", type_=Boolean()),
            TurnRow.rest_until.is_(None),
            TurnRow.rest_until < _NOW + bindparam("left", type_=Double()),
        ),
    )
    .values(
        rest_until=_NOW + bindparam("left", type_=Double()),
        rest_seconds=bindparam("seconds", type_=Double()),
        rest_why=bindparam("why"),
        rest_reason=bindparam("reason"),
    )
)
_END_REST = update(TurnRow).where(_THIS).values(rest_until=None)


@dataclass(frozen=True, slots=True)
class Slot:
    """A slot that was reserved."""

    ahead: float
    """Seconds until it comes; not above 0 for one that is there."""
    rest: Rest | None
    """The rest after which it is the slot of the one request that tries."""


class Slots:
    """The turns of one name; every method raises StorageError where the database cannot tell.

    `every` are the least seconds between two; what robots.txt asks for goes before it where it is longer: `delay`, or what
    the last that knew it said, where that is None.
    """

    def __init__(self, engine: AsyncEngine, name: str) -> None:
        self._engine = engine
        self._name = name

    async def reserve(self, *, every: float, delay: float | None, patience: float) -> Slot:
        """Reserve the next slot. Raises TooBusy if it is over `patience` seconds away, or what the rest says."""
        parameters = {"every": every, "asked": delay, "patience": patience}
        while True:
            row = await self._run(_RESERVE, parameters)
            if row is not None:
                return Slot(row.ahead, None if row.rest_until is None else _rest(row, 0))
            seen = await self._look(every=every, delay=delay, patience=patience)
            if seen is None:
                continue
            if seen.rest is not None and seen.rest > 0:
                raise _rest(seen, seen.rest).error()
            ahead = max(seen.next, seen.left + max(every, seen.delay if delay is None else delay), seen.held)
            if ahead > patience:
                raise TooBusy(f"the next turn at {self._name} is {ahead:.0f} s away")

    async def depart(self, mark: str, *, every: float, delay: float | None, patience: float, tries: bool) -> float:
        """Let the one go that `mark` names: 0.0, or the seconds to wait before it asks again. Raises what the rest says.

        The last departure may come again, to say that it was later. `tries`: it is the one that tries after the rest.
        """
        parameters = {"every": every, "asked": delay, "mark": mark, "tries": tries}
        if await self._run(_DEPART, parameters) is not None:
            return 0.0
        return await self.due(every=every, delay=delay, patience=patience, tries=tries) or 0.001

    async def due(self, *, every: float, delay: float | None, patience: float, tries: bool) -> float:
        """Say how many seconds are left until one may go. Raises what the rest says, but for the one that `tries`."""
        seen = await self._look(every=every, delay=delay, patience=patience)
        if seen is None:
            return 0.0
        if not tries and seen.rest is not None and seen.rest > 0:
            raise _rest(seen, seen.rest).error()
        return float(max(seen.left + max(every, seen.delay if delay is None else delay), seen.held, 0))

    async def hold(self, seconds: float) -> None:
        """Let nobody go for so long."""
        await self._begin()
        await self._run(_HOLD, {"seconds": seconds})

    async def leave(self, rest: Rest, *, tried: bool) -> None:
        """Begin a rest, unless a longer one runs; the one that `tried` after one sets it."""
        await self._begin()
        why = {"why": rest.why.__name__, "reason": rest.reason}
        await self._run(_REST, why | {"left": rest.left, "seconds": rest.seconds, "tried": tried})

    async def answers(self) -> None:
        """End the rest."""
        await self._run(_END_REST, {})

    async def _look(self, *, every: float, delay: float | None, patience: float) -> Any:
        """See how things stand; None where they had to be set right first, so that it is worth another try."""
        with storage_errors():
            async with self._engine.connect() as connection:
                row: Any = (await connection.execute(_LOOK, {"this": self._name})).one_or_none()
        if row is None:
            await self._begin()
            return None
        gap, far = max(every, delay or 0, row.delay), max(patience, HORIZON) + _SLACK
        resting = row.rest is not None and row.rest > max(row.rest_seconds, far + TRYING) + _SLACK
        if row.next > far + gap or row.left > _SLACK or row.held > far or resting:
            await self._run(_SET_RIGHT, {"every": gap})
            return None
        return row

    async def _begin(self) -> None:
        """Put the row where there is none."""
        with storage_errors():
            async with self._engine.begin() as connection:
                row = insert(connection, TurnRow).values(name=self._name)
                await connection.execute(row.on_conflict_do_nothing(index_elements=["name"]))

    async def _run(self, statement: Update, parameters: dict[str, Any]) -> Any:
        with storage_errors():
            async with self._engine.begin() as connection:
                done = await connection.execute(statement, {"this": self._name} | parameters)
                return done.one_or_none() if done.returns_rows else None


def _rest(row: Any, left: float) -> Rest:
    kind = getattr(errors, row.rest_why, TooBusy)
    why = kind if isinstance(kind, type) and issubclass(kind, SiteError) else TooBusy
    return Rest(left, row.rest_seconds, why, row.rest_reason)
