from datetime import timedelta

import pytest

from bot.adapters.stores.guilds import Guilds
from bot.core.channel_settings import Mode, Place
from bot.core.errors import StorageError
from bot.core.reply import Reply
from tests.cogs.conftest import NOW, Room
from tests.references import erowid

DAY = 24 * 3600 + 1.0


async def gone(room: Room) -> frozenset[int]:
    """Erase the guilds that count as left by now, and name them."""
    return (await Guilds(room.engine).expire(cards_before=NOW, left_before=NOW + timedelta(days=1))).guilds


async def test_pairs_go_after_their_time(room: Room) -> None:
    """Once a day; younger ones stay."""
    for card_id, days in ((1, 89), (2, 91)):
        made_at = NOW - timedelta(days=days)
        await room.services.replies.add(Reply(card_id, None, erowid(1), room.channel.id, room.alice.id, made_at))
    await room.env.advance_time(DAY)
    assert [reply.id for reply in await room.services.replies.recent(room.channel.id, most=5)] == [1]


async def test_a_guild_that_the_bot_came_back_to_is_kept(room: Room) -> None:
    """It is known to be there before anything is erased, even if its coming back was missed."""
    await room.choose(mode=Mode.OFF)
    await Guilds(room.engine).left(room.guild.id, NOW - timedelta(days=31))
    await room.env.advance_time(DAY)
    assert room.services.settings.effective(Place(room.guild.id, room.channel.id)).mode is Mode.OFF
    assert await gone(room) == frozenset()


async def test_a_guild_that_the_bot_left_goes(room: Room) -> None:
    """After its time, unless the bot is added again."""
    for guild in (room.env.create_guild("Elsewhere"), room.guild):
        room.env.backend.emit("GUILD_DELETE", {"id": str(guild.id)})
    await room.env.settle()
    await Guilds(room.engine).joined(room.guild.id)
    assert room.guild.id not in (left := await gone(room))
    assert len(left) == 1


async def test_an_outage_is_no_leaving(room: Room) -> None:
    """Discord says of a guild that cannot be reached that it is unavailable, no more."""
    room.env.backend.emit("GUILD_DELETE", {"id": str(room.guild.id), "unavailable": True})
    await room.env.settle()
    assert await gone(room) == frozenset()


async def test_a_new_session_tells_which_guilds_there_are(room: Room) -> None:
    """Those that were left while the bot was away count as left from now on."""
    await Guilds(room.engine).joined(7)
    await room.env.restart_bot()
    assert await gone(room) == {7}


async def test_the_next_day_comes_whatever_fails(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """A failure is logged; while it is not known which guilds there are, nothing is erased."""
    calls: list[str] = []

    async def present(*_: object, **_shards) -> None:
        calls.append("present")
        if len(calls) == 1:
            raise StorageError("gone")
        if len(calls) == 2:
            raise ZeroDivisionError

    async def expire() -> None:
        calls.append("expire")

    monkeypatch.setattr(room.services.retention, "present", present)
    monkeypatch.setattr(room.services.retention, "expire", expire)
    for _ in range(3):
        await room.env.advance_time(DAY)
    assert calls == ["present", "present", "present", "expire"]
