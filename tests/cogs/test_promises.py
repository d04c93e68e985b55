"""What a process took up and did not end is ended by the next one: no card twice, and none lost."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from math import isnan

import discord
import pytest
from sqlalchemy import event

from bot.adapters.monitoring.metrics import Metrics
from bot.app import build_client
from bot.core.channel_settings import Mode
from bot.core.errors import StorageError, Unreachable
from bot.core.reference import Reference
from bot.services.ports import Promise
from bot.settings import Settings
from cogs.cards.listener import OFFER, UNREADABLE
from tests.cogs.conftest import NOW, Room
from tests.cogs.test_watch import LINK, VIEW, text
from tests.invented import REFERENCE, invented_page

BEFORE = NOW - timedelta(seconds=30)


@pytest.fixture(params=[True, False], ids=["alone", "shared"])
def alone(request: pytest.FixtureRequest) -> bool:
    """Once as with SQLite, once as with a database that other processes share."""
    return request.param


@pytest.fixture
async def posted(room: Room) -> discord.Message:
    """A message with two links and both cards, as a process leaves it that was not killed."""
    for number in (1, 2):
        room.pages.answers[Reference(number)] = invented_page(f"Study number {number}")
    message = await room.alice.send(room.channel, f"{LINK.format(1)} {LINK.format(2)}")
    assert len(room.cards()) == 2
    assert await unkept(room) == []
    return message


async def unkept(room: Room) -> list[int]:
    """The messages that there is something to do about."""
    return [one.message_id for one in await room.services.promises.unkept(before=NOW + timedelta(days=9))]


async def kill(room: Room, message: discord.Message, *, cards: int, pairs: int, made_at=BEFORE) -> None:
    """Put things as a process leaves them that was killed after so many cards were sent and so many pairs remembered."""
    for number, card in enumerate(room.cards()):
        if number >= cards:
            del room.env.backend.messages[room.channel.id][card.id]
        if number >= min(cards, pairs):
            await room.services.pairs.remove([card.id])
    await room.services.promises.reopen([message.id], made_at)


def posts(room: Room) -> list[dict]:
    """The bodies of the messages that were sent."""
    asked = [one for one in room.env.http_requests if one.method == "POST" and one.path.endswith("/messages")]
    return [one.json for one in asked]


@pytest.mark.parametrize(("cards", "pairs"), [(0, 0), (1, 0), (1, 1), (2, 0), (2, 1), (2, 2)])
async def test_a_kill_at_any_step(room: Room, posted: discord.Message, cards: int, pairs: int) -> None:
    """After the restart each link has one card, each card its pair, and nothing is to be done any more."""
    await kill(room, posted, cards=cards, pairs=pairs)
    await room.restart()
    assert [text(card).splitlines()[0].count(f"number {number}") for number, card in enumerate(room.cards(), 1)] == [1, 1]
    stored = await room.services.pairs.of_message(posted.id)
    assert [(one.card_id, one.reference.id) for one in stored] == [(card.id, n) for n, card in enumerate(room.cards(), 1)]
    assert await unkept(room) == []
    await room.restart()
    assert len(room.cards()) == 2
    await room.alice.delete(posted)
    assert room.cards() == []


async def test_what_is_sent_again_has_the_nonce_of_before(room: Room, posted: discord.Message) -> None:
    """So Discord gives back the card that nobody saw arrive, even where it is not in the history yet."""
    await kill(room, posted, cards=0, pairs=0)
    await room.restart()
    nonces = [body["nonce"] for body in posts(room)]
    assert nonces[:2] == nonces[2:]
    assert len(set(nonces)) == 2
    assert all(body["enforce_nonce"] for body in posts(room))


async def test_a_line_is_found_again(room: Room, posted: discord.Message) -> None:
    """A pointer that was sent and not remembered is no reason for another."""
    again = await room.alice.send(room.channel, LINK.format(1))
    line = room.cards()[2]
    (pair,) = await room.services.pairs.of_message(again.id)
    await room.services.pairs.remove([line.id])
    await room.services.promises.reopen([again.id], BEFORE)
    await room.restart()
    (found,) = await room.services.pairs.of_message(again.id)
    assert replace(found, made_at=pair.made_at) == pair
    assert len(room.cards()) == 3


async def test_a_message_deleted_while_nobody_was_there(room: Room, posted: discord.Message) -> None:
    """The cards that were sent for it go, remembered or not."""
    await kill(room, posted, cards=2, pairs=1)
    del room.env.backend.messages[room.channel.id][posted.id]
    await room.restart()
    assert room.cards() == []
    assert await unkept(room) == []


async def test_an_edit_while_nobody_was_there(room: Room, posted: discord.Message) -> None:
    """What was begun is ended as the message is now."""
    await kill(room, posted, cards=1, pairs=1)
    room.env.backend.messages[room.channel.id][posted.id].content = LINK.format(2)
    await room.restart()
    assert ["number 2" in text(card) for card in room.cards()] == [True]


async def test_a_killed_edit(room: Room, posted: discord.Message) -> None:
    """Taken up and not ended, an edit is ended."""
    room.env.backend.messages[room.channel.id][posted.id].content = VIEW
    await room.services.promises.reopen([posted.id], BEFORE)
    await room.restart()
    assert ["On a drug" in text(card) for card in room.cards()] == [True]


@pytest.mark.parametrize(
    ("made_at", "cards"), [(NOW - timedelta(hours=2), 0), (NOW - timedelta(minutes=50), 2), (NOW - timedelta(seconds=1), 0)]
)
async def test_nothing_comes_out_of_nowhere(room: Room, posted: discord.Message, made_at, cards: int) -> None:
    """After an hour a promise is let go; one made just now is somebody's who works on it."""
    await kill(room, posted, cards=0, pairs=0, made_at=made_at)
    await room.restart()
    assert len(room.cards()) == cards
    assert (await unkept(room) == []) == (made_at < NOW - timedelta(seconds=5))


async def test_who_works_on_it_is_not_disturbed(room: Room, posted: discord.Message) -> None:
    """A message that another process holds is passed over, and taken up by a later sweep."""
    await kill(room, posted, cards=0, pairs=0)
    async with room.services.locks.hold(f"message {posted.id}"):
        await room.restart()
        assert room.cards() == []
    await room.restart()
    assert len(room.cards()) == 2


@pytest.mark.parametrize("alone", [False])
async def test_another_process_took_it_up(room: Room) -> None:
    """Each of two that get an event does what the other did not: the one that comes second does nothing."""
    message = room.env.backend.create_message(room.channel.id, room.alice.id, VIEW, broadcast=False)
    promise = Promise(message.id, room.channel.id, room.guild.id, NOW, "a" * 24, 0, digest(VIEW))
    await room.services.promises.make(promise)
    await room.services.promises.keep(message.id, NOW)
    room.env.backend.announce_message_create(message)
    await room.env.settle()
    assert room.cards() == []
    assert not room.pages.asked


def digest(content: str) -> str:
    """The digest of a message's links."""
    from bot.core.links import find_links  # noqa: PLC0415
    from cogs.cards.answers import _digest  # noqa: PLC0415

    return _digest(find_links(content))


@pytest.mark.parametrize("alone", [False])
async def test_two_processes_on_one_event(room: Room) -> None:
    """Two clients' watches on one message: one card, whoever is first."""
    other = build_client(room.services, Settings(_env_file=None))
    watch = next(cog for cog in other._unadded if type(cog).__name__ == "Watch")
    room.pages.gate.clear()
    stored = room.env.backend.create_message(room.channel.id, room.alice.id, f"{VIEW} {LINK.format(3)}")
    while not room.pages.asked:  # noqa: ASYNC110 - simcord's own loop is under way
        await asyncio.sleep(0)
    message = await room.env.bot.get_channel(room.channel.id).fetch_message(stored.id)
    second = asyncio.create_task(watch.on_message(message))
    await asyncio.sleep(0.05)
    room.pages.gate.set()
    await second
    await room.env.settle()
    assert len(room.cards()) == 2
    assert room.pages.asked[REFERENCE] == 1


async def test_a_guild_that_this_process_does_not_see(room: Room) -> None:
    """Its promises are another's."""
    await room.services.promises.make(Promise(5, 6, 7, BEFORE, "a" * 24))
    await room.restart()
    assert await unkept(room) == [5]


async def test_direct_messages_are_any_process_s(room: Room) -> None:
    """They have no guild."""
    user = room.env.create_user("bob")
    message = await user.send_dm(VIEW)
    (card,) = [one for one in user.dm_channel.history() if one.author.bot]
    del room.env.backend.messages[user.dm_channel.id][card.id]
    await room.services.pairs.remove([card.id])
    await room.services.promises.reopen([message.id], BEFORE)
    await room.restart()
    assert len([one for one in user.dm_channel.history() if one.author.bot]) == 1
    assert await unkept(room) == []


async def test_a_channel_that_is_gone(room: Room) -> None:
    """There is nothing to keep."""
    await room.services.promises.make(Promise(5, 6, room.guild.id, BEFORE, "a" * 24))
    await room.restart()
    assert await unkept(room) == []


async def test_moderators_chose_otherwise_meanwhile(room: Room, posted: discord.Message) -> None:
    """What holds now, holds."""
    await kill(room, posted, cards=0, pairs=0)
    await room.choose(mode=Mode.OFF)
    await room.restart()
    assert room.cards() == []
    assert await unkept(room) == []


async def test_an_offer_that_was_taken(room: Room) -> None:
    """It is a promise from then on, and none before."""
    await room.choose(mode=Mode.ASK)
    message = await room.alice.send(room.channel, VIEW)
    assert room.marks(message) == [OFFER]
    promise = Promise(message.id, room.channel.id, room.guild.id, BEFORE, "a" * 24, 0, digest(VIEW))
    assert await room.services.promises.make(promise) == promise
    await room.restart()
    assert len(room.cards()) == 1
    assert room.marks(message) == []


async def test_a_link_that_cannot_be_had_is_no_debt(room: Room) -> None:
    """The mark is an answer: it is not tried again and again."""
    room.pages.answer = Unreachable("down")
    message = await room.alice.send(room.channel, VIEW)
    assert room.marks(message) == [UNREADABLE]
    assert await unkept(room) == []


async def test_a_sweep_that_fails(room: Room, posted: discord.Message) -> None:
    """What Discord does not do now, it is asked again later."""
    await kill(room, posted, cards=0, pairs=0)
    room.env.inject_error("GET", f"/channels/{room.channel.id}/messages/{posted.id}", status=500, code=0)
    await room.restart()
    assert room.cards() == []
    assert await unkept(room) == [posted.id]
    await room.restart()
    assert len(room.cards()) == 2


async def test_what_waits_is_counted(room: Room, posted: discord.Message, monkeypatch: pytest.MonkeyPatch) -> None:
    """All that waits is, whoever is to do it, until it is done; while the database does not say, no number is given."""
    metrics = Metrics(version="1", discord_py="2")

    async def counted() -> float | None:
        await room.env.restart_bot(build_client(room.services, Settings(_env_file=None), metrics))
        return metrics.registry.get_sample_value("precis_promises_unkept")

    assert isnan(metrics.registry.get_sample_value("precis_promises_unkept"))
    assert await counted() == 0
    await kill(room, posted, cards=0, pairs=0)
    await room.services.promises.make(Promise(5, 6, 7, BEFORE, "a" * 24))
    assert await counted() == 2
    assert await counted() == 1
    with monkeypatch.context() as patch:
        patch.setattr(type(room.services.promises), "unkept", fail)
        assert isnan(await counted())
    await room.services.promises.keep(5, NOW)
    assert await counted() == 0


async def fail(*_: object, **__: object) -> None:
    """As the database does that is gone."""
    raise StorageError("gone")


async def test_without_a_database_cards_go_on(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """A promise that cannot be written down, and a lock that cannot be had, stop no card."""
    for name in ("make", "keep", "reopen", "unkept", "expire"):
        monkeypatch.setattr(type(room.services.promises), name, fail)
    monkeypatch.setattr(type(room.services.locks), "hold", lambda *_: Refusing())
    await room.alice.send(room.channel, VIEW)
    assert len(room.cards()) == 1
    await room.restart()


async def test_a_card_that_could_not_be_remembered(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its promise stays, so a sweep finds the cards by their traces: none comes twice, and they go with their message."""
    with monkeypatch.context() as patch:
        patch.setattr("bot.adapters.stores.replies.upsert", fail)
        message = await room.alice.send(room.channel, f"{VIEW} {LINK.format(3)}")
    assert len(room.cards()) == 2
    await room.services.promises.flush()
    assert await unkept(room) == [message.id]
    await room.services.promises.reopen([message.id], BEFORE)
    await room.restart()
    assert len(await room.services.pairs.of_message(message.id)) == len(room.cards()) == 2
    assert await unkept(room) == []
    await room.alice.delete(message)
    assert room.cards() == []


async def test_what_must_be_fetched_is_promised_first(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever has the database, a message is written down before its record is asked for."""
    monkeypatch.setattr("bot.adapters.stores.alone.SOON", 60)
    room.pages.gate.clear()
    stored = room.env.backend.create_message(room.channel.id, room.alice.id, VIEW)
    while not room.pages.asked:  # noqa: ASYNC110 - simcord's own loop is under way
        await asyncio.sleep(0)
    assert await unkept(room) == [stored.id]
    room.pages.gate.set()
    await room.env.settle()
    assert await unkept(room) == []


class Refusing:
    async def __aenter__(self) -> None:
        raise StorageError("gone")

    async def __aexit__(self, *_: object) -> None:
        return


async def test_what_a_message_costs(room: Room, alone: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a link: no statement at all. With one: the promise, the cool-down, the pair, the promise kept with it.

    Who is alone asks once what the channel saw, and writes all down in one transaction once the card is sent.
    """
    monkeypatch.setattr("bot.adapters.stores.alone.SOON", 60)  # however busy the machine
    asked: list[str] = []

    def note(_connection, _cursor, statement, _parameters, _context, _many) -> None:
        asked.append(" ".join(statement.split()[:3]))

    engine = room.services.pairs._engine.sync_engine
    for record in (REFERENCE, Reference(5)):
        await room.services.cards.find(record)
    event.listen(engine, "before_cursor_execute", note)
    try:
        await room.alice.send(room.channel, "nothing here")
        assert asked == []
        await room.alice.send(room.channel, VIEW)
        first = list(asked)
        await room.alice.send(room.channel, LINK.format(5))
    finally:
        event.remove(engine, "before_cursor_execute", note)
    if alone:
        assert first == ["SELECT cards.record_id, min(CASE", "INSERT INTO cards", "INSERT INTO promises"]
        assert asked == [*first, "INSERT INTO cards", "INSERT INTO promises"]
    else:
        assert first == [
            "INSERT INTO promises",
            "SELECT cards.card_id, cards.message_id,",
            "INSERT INTO cards",
            "UPDATE promises SET",
        ]
        assert asked == first * 2


async def test_an_old_promise_goes(room: Room) -> None:
    """After a day nobody asks for it any more."""
    await room.services.promises.make(Promise(5, 6, room.guild.id, NOW - timedelta(hours=25), "a" * 24))
    await room.services.promises.keep(5, NOW)
    await room.env.advance_time(24 * 3600 + 1.0)
    assert await room.services.promises.make(Promise(5, 6, room.guild.id, NOW, "b" * 24)) is not None
