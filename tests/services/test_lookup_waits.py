"""What a lookup waits for: processes that share its database, and a store that hangs."""

import asyncio
from contextlib import asynccontextmanager

import pytest

from bot.adapters.database.locks import LocalLocks
from bot.core.errors import RecordNotFound, StorageError, TooBusy, Unreachable
from bot.core.reference import Reference
from bot.services.lookup import Lookup
from bot.services.record_source import MISSING, LookupLimits
from tests.invented import REFERENCE, invented_page
from tests.references import SOURCES, erowid
from tests.services.conftest import FRESH, World


@pytest.fixture
async def worlds():
    """Two lookups that share their store and locks, as two processes do."""
    first, second = World(), World()
    second.pages, second.store = first.pages, first.store
    locks = LocalLocks()
    for one in (first, second):
        one.lookup = Lookup(one.pages, one.store, SOURCES, now=lambda: first.now, fresh=FRESH, locks=locks)
    yield first, second
    for one in (first, second):
        await one.lookup.close()


async def test_one_fetch_over_processes(worlds: tuple[World, World]) -> None:
    """Of those who ask in several processes at once, one fetches, and the others have what it stored."""
    worlds[0].pages.gate.clear()
    asking = [asyncio.create_task(world.lookup.find(erowid(1 + n % 3))) for n in range(30) for world in worlds]
    for _ in range(20):
        await asyncio.sleep(0)
    worlds[0].pages.gate.set()
    found = await asyncio.gather(*asking)
    assert {one.record.reference for one in found} == {erowid(1), erowid(2), erowid(3)}
    assert set(worlds[0].pages.asked.values()) == {1}


async def test_a_missing_record_is_asked_for_once_over_processes(worlds: tuple[World, World]) -> None:
    """What the site has not, the others need not ask for; after a while they may."""
    first, second = worlds
    first.pages.answer = RecordNotFound(REFERENCE)
    for world in (*worlds, *worlds):
        with pytest.raises(RecordNotFound):
            await world.lookup.find(REFERENCE)
    assert first.pages.asked[REFERENCE] == 1
    first.now += MISSING
    first.pages.answer = invented_page()
    assert await second.title()


async def test_a_failure_elsewhere_is_no_answer(worlds: tuple[World, World]) -> None:
    """Where the one who fetched failed, the next asks for itself."""
    pages = worlds[0].pages
    pages.answer = Unreachable("down")
    found = await asyncio.gather(*(world.lookup.find(REFERENCE) for world in worlds), return_exceptions=True)
    assert [type(one) for one in found] == [Unreachable] * 2
    assert pages.asked[REFERENCE] == 2


class NoLocks(LocalLocks):
    """Locks of which nobody can tell anything."""

    @asynccontextmanager
    async def hold(self, name: str):
        raise StorageError("gone")
        yield


class NeverFree(LocalLocks):
    """Locks that somebody holds who hangs."""

    @asynccontextmanager
    async def hold(self, name: str):
        await asyncio.Event().wait()
        yield


async def test_without_locks_each_asks_for_itself(world: World) -> None:
    """A record can be shown while nobody can tell who else fetches it."""
    world.lookup = Lookup(world.pages, world.store, SOURCES, now=lambda: world.now, locks=NoLocks())
    assert await world.title() == "On a drug that does not exist"


async def test_a_holder_who_hangs_is_given_up(world: World) -> None:
    """Nobody waits for ever; and nobody fetches behind the back of one who may be at it."""
    limits = LookupLimits(patience=0.01)
    world.lookup = Lookup(world.pages, world.store, SOURCES, now=lambda: world.now, locks=NeverFree(), limits=limits)
    with pytest.raises(TooBusy):
        await world.title()
    assert not world.pages.asked


async def test_a_store_that_hangs_holds_nobody_up(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of many who ask while the store says nothing, all are served at the same time, as if it were gone."""
    world.lookup = Lookup(world.pages, world.store, SOURCES, now=lambda: world.now, limits=LookupLimits(store=0.05))

    async def hang(_: Reference) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(world.store, "get", hang)
    async with asyncio.timeout(60):
        found = await asyncio.gather(*(world.lookup.find(erowid(number)) for number in range(1, 400)))
    assert len(found) == 399
