"""What a gateway may do to a bot: after each, every paste has one card, and the log no traceback."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.faults.inside import PATIENCE, Inside, quiet_log

pytestmark = pytest.mark.asyncio(loop_scope="module")

RESUMED, BEGUN = "resumed", "begun anew"


async def cut(room: Inside) -> None:
    room.discord.gateway.cut()


async def reconnect(room: Inside) -> None:
    await room.discord.gateway.ask_reconnect()


async def invalid_but_resumable(room: Inside) -> None:
    await room.discord.gateway.invalidate(resumable=True)


async def invalid(room: Inside) -> None:
    await room.discord.gateway.invalidate()


def closed(code: int):
    async def close(room: Inside) -> None:
        await room.discord.gateway.close(code)

    return close


def garbled(frame: str | bytes):
    async def garble(room: Inside) -> None:
        await room.discord.gateway.garble(frame)

    return garble


LOSSES = {f"closed with {code}": (closed(code), RESUMED) for code in (1000, 1001, 4000, 4001, 4002, 4003, 4005, 4008)}
LOSSES |= {f"closed with {code}": (closed(code), BEGUN) for code in (4007, 4009)}
LOSSES |= {
    "cut (1006)": (cut, RESUMED),
    "op 7": (reconnect, RESUMED),
    "op 9, resumable": (invalid_but_resumable, RESUMED),
    "op 9": (invalid, BEGUN),
}
GARBAGE = {
    "a page": "<html>",
    "an empty frame": "",
    "a list": "[]",
    "null": "null",
    "HELLO without its interval": '{"op":10,"d":{}}',
    "bytes that are not compressed": b"\x00\xff\x00\x00\xff\xff",
}
UNREAD = {
    "a message that is none": '{"op":0,"t":"MESSAGE_CREATE","s":9,"d":{}}',
    "a null in place of a message": '{"op":0,"t":"MESSAGE_CREATE","s":9,"d":null}',
    "an interaction that is none": '{"op":0,"t":"INTERACTION_CREATE","s":9,"d":{"type":2}}',
    "a guild that is none": '{"op":0,"t":"GUILD_CREATE","s":9,"d":{"id":"x"}}',
    "an edit with an ID alone": '{"op":0,"t":"MESSAGE_UPDATE","s":9,"d":{"id":"1"}}',
    "an edit that is empty": '{"op":0,"t":"MESSAGE_UPDATE","s":9,"d":{}}',
}
PASSED_OVER = {
    "an object without an op": "{}",
    "an event of tomorrow": '{"op":0,"t":"SOMETHING_NEW","s":9,"d":{"a":1}}',
    "an op of tomorrow": '{"op":77,"d":{},"s":null,"t":null}',
}


@pytest_asyncio.fixture(loop_scope="module")
async def room(shared_bot: Inside) -> AsyncIterator[Inside]:
    """The bot without a cool-down, and with a log of its own."""
    await shared_bot.choose(cooldown=0)
    with quiet_log() as shared_bot.logged:
        yield shared_bot
        await shared_bot.idle()


@pytest.mark.parametrize(("lose", "then"), LOSSES.values(), ids=LOSSES)
async def test_a_lost_gateway(room: Inside, lose, then: str) -> None:
    """The session is resumed, or begun anew where it ended; what was replayed gets no second card."""
    gateway = room.discord.gateway
    (session,) = [one for one in gateway.sessions.values() if one.connection is not None]
    seen = len(session.events)
    before = await room.paste(101)
    await room.cards(before)
    gateway.replay_from = seen if then == RESUMED else None
    connects, identifies, resumes = len(gateway.connects), len(gateway.identifies), len(gateway.resumes)
    await lose(room)
    if then == RESUMED:
        missed = await room.paste(102)
        await room.cards(missed)
    await room.discord.until(lambda: len(gateway.connects) > connects and gateway.connected(), PATIENCE)
    await room.still_answers()
    assert len(room.discord.replies(before)) == 1
    assert len(gateway.identifies) == identifies + int(then == BEGUN)
    assert len(gateway.resumes) > resumes or then == BEGUN


@pytest.mark.parametrize("frame", GARBAGE.values(), ids=GARBAGE)
async def test_a_gateway_that_talks_nonsense(room: Inside, frame: str | bytes) -> None:
    """What no gateway would say ends that connection, never the bot."""
    before = await room.paste(101)
    await room.cards(before)
    connects = len(room.discord.gateway.connects)
    await room.discord.gateway.garble(frame)
    await room.discord.until(
        lambda: room.alive() and len(room.discord.gateway.connects) > connects and room.discord.gateway.connected(), PATIENCE
    )
    await room.still_answers()
    assert len(room.discord.replies(before)) == 1


@pytest.mark.parametrize("frame", UNREAD.values(), ids=UNREAD)
async def test_an_event_that_cannot_be_read(room: Inside, frame: str) -> None:
    """It is dropped and logged; the session goes on, and the message right behind it is answered."""
    connects = len(room.discord.gateway.connects)
    await room.discord.gateway.garble(frame)
    await room.still_answers()
    assert len(room.discord.gateway.connects) == connects
    assert [line["event"] for line in room.logged].count("event dropped, since discord.py cannot read it") == 1


@pytest.mark.parametrize("frame", PASSED_OVER.values(), ids=PASSED_OVER)
async def test_a_gateway_that_knows_more(room: Inside, frame: str | bytes) -> None:
    """What discord.py does not know yet is passed over."""
    connects = len(room.discord.gateway.connects)
    await room.discord.gateway.garble(frame)
    await room.still_answers()
    assert len(room.discord.gateway.connects) == connects


async def test_half_a_frame(room: Inside) -> None:
    """What spoils the stream of compressed frames costs the next event at most."""
    identifies = len(room.discord.gateway.identifies)
    await room.discord.gateway.garble(b"\x00\xff")
    await room.paste(101)
    await room.discord.until(lambda: room.alive() and len(room.discord.gateway.identifies) > identifies, PATIENCE)
    await room.discord.until(room.discord.gateway.connected, PATIENCE)
    await room.still_answers()
