"""Jobs and replies in the database: what a message costs, and what happens while the database is gone."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from bot.adapters.stores.jobs import SqlJobs
from tests.cogs.conftest import NOW, RARELY, Room
from tests.cogs.test_resume import fail, pending, reopen
from tests.cogs.test_watch import LINK, VIEW
from tests.invented import REFERENCE


async def test_without_a_database_cards_go_on(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once it is back, what was sent is stored, and follows its message."""
    with monkeypatch.context() as patch:
        for name in ("claim", "request", "take_up", "complete", "release", "pending"):
            patch.setattr(SqlJobs, name, fail)
        for name in ("add", "of_message", "last_card", "about"):
            patch.setattr(type(room.services.replies), name, fail)
        message = await room.alice.send(room.channel, VIEW)
        assert len(room.cards()) == 1
    await room.env.advance_time(RARELY)
    assert len(await room.services.replies.of_message(message.id)) == len(room.cards()) == 1
    assert await pending(room) == []
    await room.alice.delete(message)
    assert room.cards() == []


async def test_a_card_that_could_not_be_stored(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its job stays open, so the card is found in the channel's history: none comes twice, and all go with their message."""
    with monkeypatch.context() as patch:
        patch.setattr(type(room.services.replies), "add", fail)
        message = await room.alice.send(room.channel, f"{VIEW} {LINK.format(3)}")
    assert len(room.cards()) == 2
    await reopen(room, message.id)
    await room.restart()
    assert len(await room.services.replies.of_message(message.id)) == len(room.cards()) == 2
    assert await pending(room) == []
    await room.alice.delete(message)
    assert room.cards() == []


async def test_a_job_is_stored_before_its_record_is_asked_for(room: Room) -> None:
    """So that a kill in the middle of a fetch loses nothing."""
    room.pages.gate.clear()
    stored = room.env.backend.create_message(room.channel.id, room.alice.id, VIEW)
    await room.pages.until_asked()
    assert await room.services.jobs.store.known([stored.id]) == {stored.id}
    room.pages.gate.set()
    await room.env.settle()
    assert await pending(room) == []


async def test_what_a_message_costs(room: Room) -> None:
    """Without a link: no statement at all. With one: the job, the cool-down, the reply, the job again.

    Which references name the study is asked three times: for the cool-down, for the card's foot, and before it is sent.
    """
    asked: list[str] = []

    def note(_connection, _cursor, statement, _parameters, _context, _many) -> None:
        asked.append(statement)

    await room.services.cards.study(REFERENCE)
    event.listen(room.engine.sync_engine, "before_cursor_execute", note)
    try:
        await room.alice.send(room.channel, "nothing here")
        assert asked == []
        await room.alice.send(room.channel, VIEW)
    finally:
        event.remove(room.engine.sync_engine, "before_cursor_execute", note)
    identities = [one for one in asked if "identifiers" in one]
    assert len(identities) == 3
    others = [one.split()[0] for one in asked if one not in identities]
    assert others == ["INSERT", "SELECT", "INSERT", "SELECT", "UPDATE"]


async def test_an_old_job_goes(room: Room) -> None:
    """After a day nobody asks for it any more."""
    await room.services.jobs.store.request(5, 6, room.guild.id)
    await reopen(room, 5, requested_at=NOW - timedelta(hours=25))
    await room.env.advance_time(24 * 3600 + 1.0)
    assert await room.services.jobs.store.known([5]) == frozenset()
