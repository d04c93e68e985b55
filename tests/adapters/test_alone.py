"""A process that has its database to itself: it asks and writes less, and knows the same."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from bot.adapters.stores.alone import OwnCardPairs, OwnPromises
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncEngine
from structlog.testing import capture_logs

from bot.adapters.database.engine import open_database
from bot.adapters.stores import alone
from bot.adapters.stores.jobs import PromiseBook
from bot.adapters.stores.replies import CardPairs
from bot.core.errors import StorageError
from bot.core.reference import Reference
from bot.services.ports import Pair, Promise

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
FIRST = Promise(7, 8, 9, NOW, "a" * 24, 0, "1,2")
PAIR = Pair(70, FIRST.message_id, Reference(1), 8, 6, NOW)


@pytest.fixture
async def engine() -> AsyncIterator[AsyncEngine]:
    async with open_database("sqlite+aiosqlite://") as opened:
        yield opened


@pytest.fixture
def late(monkeypatch: pytest.MonkeyPatch) -> None:
    """No promise is written before it is kept, however busy the machine."""
    monkeypatch.setattr(alone, "SOON", 0.2)


@pytest.fixture
def promises(engine: AsyncEngine) -> OwnPromises:
    return OwnPromises(engine)


@pytest.fixture
def cards(engine: AsyncEngine, promises: OwnPromises) -> OwnCardPairs:
    return OwnCardPairs(engine, promises)


@pytest.fixture
def statements(engine: AsyncEngine) -> Iterator[list[str]]:
    """The first word of each statement, and its table."""
    asked: list[str] = []

    def note(_connection, _cursor, statement, _parameters, _context, _many) -> None:
        asked.append(f"{statement.split()[0]} {'promises' if 'promises' in statement else 'cards'}")

    event.listen(engine.sync_engine, "before_cursor_execute", note)
    yield asked
    event.remove(engine.sync_engine, "before_cursor_execute", note)


async def written(engine: AsyncEngine) -> list[tuple[int, bool]]:
    """The promises in the database, by message, and whether each is kept."""
    async with engine.connect() as connection:
        rows = await connection.execute(text("SELECT message_id, kept_at IS NOT NULL FROM promises ORDER BY message_id"))
        return [(row[0], bool(row[1])) for row in rows]


async def until_written(engine: AsyncEngine) -> list[tuple[int, bool]]:
    async with asyncio.timeout(5):
        while not (found := await written(engine)):  # noqa: ASYNC110 - a task that nobody holds writes it
            await asyncio.sleep(0.001)
    return found


async def test_a_promise_is_written_soon(promises: OwnPromises, engine: AsyncEngine) -> None:
    """Not before the caller goes on, and not only at the end."""
    assert await promises.make(FIRST, later=True) == FIRST
    assert await written(engine) == []
    assert await until_written(engine) == [(7, False)]
    assert await promises.unkept(before=NOW + SECOND) == (replace(FIRST, again=True),)
    await promises.keep(7, NOW)
    assert await written(engine) == [(7, True)]


@pytest.mark.usefixtures("late")
async def test_a_promise_that_is_kept_at_once_is_written_once(
    promises: OwnPromises, engine: AsyncEngine, statements: list[str]
) -> None:
    """As kept, so that nobody takes it up; and nothing comes after."""
    await promises.make(FIRST, later=True)
    await promises.keep(7, NOW)
    await asyncio.sleep(1.5 * alone.SOON)
    assert statements == ["INSERT promises"]
    assert await written(engine) == [(7, True)]
    assert await promises.make(FIRST) is None


@pytest.mark.usefixtures("late")
async def test_the_last_pair_keeps_it(
    cards: OwnCardPairs, promises: OwnPromises, engine: AsyncEngine, statements: list[str]
) -> None:
    """Both are written in one transaction; of several pairs the first does not keep it."""
    await promises.make(FIRST, later=True)
    await cards.add(PAIR)
    await cards.add(replace(PAIR, card_id=71), kept_at=NOW)
    await asyncio.sleep(1.5 * alone.SOON)
    assert statements == ["INSERT cards", "INSERT cards", "INSERT promises"]
    assert await written(engine) == [(7, True)]


async def test_kept_while_it_is_written(
    cards: OwnCardPairs, promises: OwnPromises, engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever keeps it waits for the writing to end, and so comes second."""
    going_on, begun = asyncio.Event(), asyncio.Event()
    make = PromiseBook.make

    async def slowly(self, promise: Promise, **asked) -> Promise | None:
        begun.set()
        await going_on.wait()
        return await make(self, promise, **asked)

    monkeypatch.setattr(PromiseBook, "make", slowly)
    for number, keep in ((1, promises.keep(1, NOW)), (2, cards.add(replace(PAIR, message_id=2), kept_at=NOW))):
        begun.clear()
        going_on.clear()
        await promises.make(replace(FIRST, message_id=number), later=True)
        await begun.wait()
        keeping = asyncio.create_task(keep)
        await asyncio.sleep(2 * alone.SOON)
        assert not keeping.done()
        going_on.set()
        await keeping
    assert await written(engine) == [(1, True), (2, True)]


async def test_an_edit_comes_second(promises: OwnPromises, engine: AsyncEngine) -> None:
    """What was posted is written before it, even if both come at once; so is what is announced twice."""
    edited = replace(FIRST, version=5, links="3")
    await promises.make(FIRST, later=True)
    assert await promises.make(edited) == replace(edited, again=True)
    assert await promises.make(replace(FIRST, version=4)) is None
    await promises.make(replace(FIRST, message_id=17), later=True)
    assert await promises.make(replace(FIRST, message_id=17), later=True) == replace(FIRST, message_id=17, again=True)
    await asyncio.sleep(2 * alone.SOON)
    assert await written(engine) == [(7, False), (17, False)]


@pytest.mark.usefixtures("late")
async def test_nothing_is_left_unwritten_at_the_end(promises: OwnPromises, engine: AsyncEngine) -> None:
    """What was promised a moment before the process closes the database is in it."""
    for number in (1, 2, 3):
        await promises.make(replace(FIRST, message_id=number), later=True)
    await promises.keep(2, NOW)
    await promises.flush()
    assert await written(engine) == [(1, False), (2, True), (3, False)]


async def test_a_database_that_is_gone(promises: OwnPromises, engine: AsyncEngine) -> None:
    """Whoever answers is not held up; that it could not be written is said, and the next is tried again."""
    async with engine.begin() as connection:
        await connection.execute(text("ALTER TABLE promises RENAME TO gone"))
    with capture_logs() as told:
        for number in (7, 8):
            assert await promises.make(replace(FIRST, message_id=number), later=True) is not None
        await promises.flush()
    assert [(one["event"], one["message"]) for one in told] == [
        ("promise not written down", 7),
        ("promise not written down", 8),
    ]
    async with engine.begin() as connection:
        await connection.execute(text("ALTER TABLE gone RENAME TO promises"))
    await promises.make(replace(FIRST, message_id=9), later=True)
    assert await until_written(engine) == [(9, False)]


@pytest.mark.usefixtures("late")
async def test_what_cannot_be_kept_is_written_down(
    cards: OwnCardPairs, promises: OwnPromises, engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A promise is there for a sweep whose pair, or whose end, could not be written, or whose keeper was cancelled."""

    async def rename(before: str, after: str) -> None:
        async with engine.begin() as connection:
            await connection.execute(text(f"ALTER TABLE {before} RENAME TO {after}"))

    for number in (1, 2):
        await promises.make(replace(FIRST, message_id=number), later=True)
    await rename("promises", "gone")
    with pytest.raises(StorageError):
        await cards.add(replace(PAIR, message_id=1), kept_at=NOW)
    with pytest.raises(StorageError):
        await promises.keep(2, NOW)
    await rename("gone", "promises")
    await promises.make(replace(FIRST, message_id=3), later=True)
    async with engine.begin():  # the only connection, so that whoever wants it waits
        keeping = asyncio.create_task(promises.keep(3, NOW))
        await asyncio.sleep(0.01)
        keeping.cancel()
        await asyncio.wait({keeping})
    await promises.flush()
    assert await written(engine) == [(1, False), (2, False), (3, False)]


async def last(cards: CardPairs, record: int, *, channel: int = 8, since: datetime = NOW - HOUR) -> int | None:
    found = (await cards.last(channel, {Reference(record)}, since)).get(Reference(record))
    return found and found.card_id


async def test_what_a_channel_cannot_have_seen_is_not_asked_for(cards: OwnCardPairs, statements: list[str]) -> None:
    """One statement for a channel, and one for each record that it may have seen; a longer cool-down asks anew."""
    assert await last(cards, 1) is None
    assert statements == ["SELECT cards"]
    assert await last(cards, 1) is None
    assert await last(cards, 2, since=NOW) is None
    assert statements == ["SELECT cards"]
    await cards.add(PAIR)
    assert await last(cards, 1) == 70
    assert await last(cards, 2) is None
    assert statements == ["SELECT cards", "INSERT cards", "SELECT cards"]
    assert await last(cards, 1, since=NOW - 2 * HOUR) == 70
    assert await last(cards, 1, channel=9) is None


async def test_what_was_there_before_is_known(engine: AsyncEngine, cards: OwnCardPairs) -> None:
    """After a restart the first question about a channel finds what it saw before."""
    await CardPairs(engine).add(PAIR)
    assert await last(cards, 2) is None
    assert await last(cards, 1) == 70


async def test_what_comes_while_it_asks_is_known(cards: OwnCardPairs, monkeypatch: pytest.MonkeyPatch) -> None:
    """A card that is remembered between the question and its answer counts."""
    studies = cards.studies

    async def meanwhile(channel_id: int, since: datetime):
        found = await studies(channel_id, since)
        await cards.add(PAIR)
        return found

    monkeypatch.setattr(cards, "studies", meanwhile)
    assert await last(cards, 1) == 70


async def test_what_was_there_is_known_while_it_asks(
    engine: AsyncEngine, cards: OwnCardPairs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who comes while a channel is asked about does not take what is not known yet for what is not there."""
    await CardPairs(engine).add(PAIR)
    asking, going_on = asyncio.Event(), asyncio.Event()
    studies = cards.studies

    async def slowly(channel_id: int, since: datetime):
        asking.set()
        await going_on.wait()
        return await studies(channel_id, since)

    monkeypatch.setattr(cards, "studies", slowly)
    first = asyncio.create_task(last(cards, 2))
    await asking.wait()
    assert await last(cards, 1) == 70
    going_on.set()
    assert await first is None


async def test_a_question_that_failed_is_asked_again(
    cards: OwnCardPairs, monkeypatch: pytest.MonkeyPatch, statements: list[str]
) -> None:
    """Once the database is back, a channel costs what any other does."""

    async def fail(*_: object) -> None:
        raise StorageError("gone")

    with monkeypatch.context() as patch:
        patch.setattr(cards, "studies", fail)
        with pytest.raises(StorageError):
            await last(cards, 1)
    assert await last(cards, 1) is None
    assert await last(cards, 2) is None
    assert statements == ["SELECT cards"]


async def test_what_is_replaced_is_known(cards: OwnCardPairs) -> None:
    """A card that shows another record since an edit counts as that one's."""
    await cards.add(PAIR)
    assert await last(cards, 2) is None
    await cards.replace(70, replace(PAIR, reference=Reference(2)))
    assert await last(cards, 2) == 70
    assert await last(cards, 1) is None


async def test_little_is_held(cards: OwnCardPairs, monkeypatch: pytest.MonkeyPatch, statements: list[str]) -> None:
    """Of few channels and few records; what is no longer held is asked for."""
    monkeypatch.setattr(alone, "CHANNELS", 2)
    monkeypatch.setattr(alone, "RECORDS", 2)
    for channel in (8, 9, 10):
        await last(cards, 1, channel=channel)
    assert list(cards._channels) == [9, 10]
    await last(cards, 1, channel=9)
    await last(cards, 1, channel=8)
    assert list(cards._channels) == [9, 8]
    await last(cards, 1, channel=10)
    for number in range(1, 5):
        await cards.add(replace(PAIR, card_id=number, channel_id=10, reference=Reference(number)))
    statements.clear()
    assert await last(cards, 9, channel=10) is None
    assert statements == ["SELECT cards"]
    assert await last(cards, 4, channel=10) == 4


STEPS = st.lists(
    st.tuples(st.sampled_from(["add", "point", "replace", "remove", "last"]), st.integers(1, 3), st.integers(1, 2)),
    max_size=25,
)


@settings(max_examples=60, deadline=None)
@given(STEPS)
def test_it_answers_as_the_database_does(steps: list[tuple[str, int, int]]) -> None:
    """Whatever is added, replaced and removed, in whatever order."""

    async def run() -> None:
        async with open_database("sqlite+aiosqlite://") as engine:
            own, book = OwnCardPairs(engine, OwnPromises(engine)), CardPairs(engine)
            for number, (step, record, channel) in enumerate(steps):
                pair = replace(PAIR, card_id=number, reference=Reference(record), channel_id=channel)
                match step:
                    case "add":
                        await own.add(pair)
                    case "point":
                        await own.add(replace(pair, pointer=True))
                    case "replace":
                        await own.replace(number - 1, replace(pair, card_id=number - 1))
                    case "remove":
                        await own.remove([number - 1])
                    case _:
                        asked = (channel, {Reference(record)}, NOW - HOUR)
                        assert await own.last(*asked) == await book.last(*asked)

    asyncio.run(run())
