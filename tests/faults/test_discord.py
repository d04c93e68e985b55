"""What Discord may answer at each step, and what then stands in the channel; the log never holds a traceback."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio

from bot.core.reply import Mark
from tests.faults.inside import PATIENCE, Inside, quiet_log
from tests.wire import objects as o
from tests.wire.erowid import link
from tests.wire.rest import (
    INVALID_FORM,
    MISSING_ACCESS,
    MISSING_PERMISSIONS,
    UNAUTHORIZED,
    UNKNOWN_CHANNEL,
    UNKNOWN_INTERACTION,
    UNKNOWN_MESSAGE,
    Portal,
    Refusal,
    banned,
    broken,
    rate_limited,
)
from tests.wire.rules import texts

pytestmark = pytest.mark.asyncio(loop_scope="module")

SUPPRESSED = 1 << 2
KNOWN, OTHER, UNKNOWN = 101, 102, 900


@dataclass(frozen=True)
class Trouble:
    """What one request meets."""

    refusal: Refusal | None
    """None: the connection is cut."""
    late: bool = False
    """Only once the request was carried out."""


PASSING = {
    "429 of the route": Trouble(rate_limited(0.05)),
    "429 everywhere": Trouble(rate_limited(0.05, everywhere=True)),
    "500": Trouble(broken(500)),
    "502, once it was done": Trouble(broken(502), late=True),
}
"""What discord.py waits out."""
CUT = {"cut": Trouble(None), "cut, once it was done": Trouble(None, late=True)}
LASTING = {
    "429 for long": Trouble(rate_limited(3600)),
    "429 everywhere, for long": Trouble(rate_limited(3600, everywhere=True)),
    "429 of what stands before Discord": Trouble(banned(3600)),
    "503": Trouble(broken(503)),
    "a page in Discord's place": Trouble(Portal(200, 0, "")),
    "401": Trouble(UNAUTHORIZED),
    "50001": Trouble(MISSING_ACCESS),
    "50013": Trouble(MISSING_PERMISSIONS),
    "50035": Trouble(INVALID_FORM),
    "10003": Trouble(UNKNOWN_CHANNEL),
}
GONE = {"10008": Trouble(UNKNOWN_MESSAGE)}
EXPIRED = {
    "10062": Trouble(UNKNOWN_INTERACTION),
    "40060": Trouble(Refusal(400, 40060, "Interaction has already been acknowledged."), late=True),
}


@dataclass(frozen=True)
class Step:
    """Something that the bot asks Discord to do."""

    method: str
    path: str
    act: Callable[[Inside], Awaitable[Any]]
    """What people do to make it; gives what `there` asks about."""
    there: Callable[[Inside, Any], object]
    """How many times it was done, as the channel shows."""
    troubles: dict[str, Trouble]
    passes: dict[str, Trouble]
    """Of the troubles those after which it is done all the same, once."""


async def posted(room: Inside) -> o.Json:
    message = await room.paste(KNOWN)
    await room.cards(message)
    await room.idle()
    return message


async def paste(room: Inside) -> o.Json:
    return await room.paste(KNOWN)


async def paste_unknown(room: Inside) -> o.Json:
    return await room.paste(UNKNOWN)


async def edit(room: Inside) -> o.Json:
    message = await posted(room)
    await room.discord.edit(message, link(OTHER))
    return message


async def delete(room: Inside) -> o.Json:
    message = await posted(room)
    await room.discord.delete(message)
    return message


async def paste_where_previews_go(room: Inside) -> o.Json:
    await room.choose(suppress=True)
    return await room.paste(KNOWN)


async def paste_where_it_is_offered(room: Inside) -> o.Json:
    await room.choose(mode="ask")
    return await room.paste(KNOWN)


async def take_an_offer(room: Inside) -> o.Json:
    message = await paste_where_it_is_offered(room)
    await room.mark(message)
    await room.discord.react(message, Mark.OFFER)
    return message


async def use_a_command(room: Inside) -> str:
    return await room.command("study", "show", reference=str(KNOWN))


async def click(room: Inside) -> str:
    (card,) = await room.cards(await posted(room))
    return await room.discord.interact(3, {"component_type": 2, "custom_id": f"precis:cite:{KNOWN}:apa"}, message=card)


async def type_into_a_command(room: Inside) -> str:
    option = {"name": "query", "type": 3, "value": "tea", "focused": True}
    data = {"id": "5", "type": 1, "name": "study", "options": [{"type": 1, "name": "search", "options": [option]}]}
    return await room.discord.interact(4, data)


def replies(room: Inside, message: o.Json) -> int:
    return len(room.discord.replies(message))


def marks(room: Inside, message: o.Json) -> int:
    return len(room.discord.reactions_to(message))


def shows_the_other(room: Inside, message: o.Json) -> int:
    return sum("teacup 102" in "".join(texts(card)) for card in room.discord.replies(message))


def is_gone(room: Inside, message: o.Json) -> int:
    return int(not room.discord.replies(message))


def has_no_preview(room: Inside, message: o.Json) -> int:
    return int(bool(room.discord.messages[message["id"]]["flags"] & SUPPRESSED))


def answers(room: Inside, token: str) -> int:
    return len(room.discord.interactions[token].answers)


def choices(room: Inside, token: str) -> int:
    return int(room.discord.interactions[token].callback is not None)


OUTLASTED = PASSING | CUT | {"a page in Discord's place": LASTING["a page in Discord's place"]}
MESSAGE = r"/messages/\d+$"
ANY = PASSING | CUT | LASTING | GONE
CALLBACK = PASSING | CUT | LASTING | EXPIRED
ONCE_DONE = {name: trouble for name, trouble in CALLBACK.items() if trouble.late}
SERVED = PASSING | ONCE_DONE | {"503": LASTING["503"]}
"""What discord.py does about callbacks: it tries again at every 5xx, never where it was cut off."""
SAID = {name: trouble for name, trouble in CALLBACK.items() if name != "10062"}
"""Who asked gets what they asked for, or a sentence in its place; only where Discord knows of nobody who asked, nothing."""
UNFORESEEN = {"401", "50035"}
"""What is told with a ticket."""
REPEATED = OUTLASTED | {"503": LASTING["503"]}
"""What `cogs.discord_kit.retries` asks again itself."""
STEPS = {
    "reply": Step("POST", "/messages$", paste, replies, ANY, REPEATED),
    "mark": Step("PUT", "reactions", paste_unknown, marks, ANY, REPEATED),
    "offer": Step("PUT", "reactions", paste_where_it_is_offered, marks, ANY, REPEATED),
    "edit": Step("PATCH", MESSAGE, edit, shows_the_other, ANY, ANY),  # a card that cannot be changed is made anew
    "delete": Step("DELETE", MESSAGE, delete, is_gone, ANY, REPEATED),
    "suppress": Step("PATCH", MESSAGE, paste_where_previews_go, has_no_preview, ANY, OUTLASTED),
    "history": Step("GET", MESSAGE, take_an_offer, replies, ANY, REPEATED),
    "answer to a command": Step("POST", "/callback$", use_a_command, answers, CALLBACK, SAID),
    "answer to a click": Step("POST", "/callback$", click, answers, CALLBACK, SAID),
    "choices while typing": Step("POST", "/callback$", type_into_a_command, choices, CALLBACK, SERVED),
}
TABLE = [(step, trouble) for step in STEPS for trouble in STEPS[step].troubles]


@pytest_asyncio.fixture(loop_scope="module")
async def room(shared_bot: Inside) -> AsyncIterator[Inside]:
    """Cards at once, no cool-down, no job that waits for its retry, whatever the test before left; and a log of its own."""
    await shared_bot.services[-1].jobs.store.expire(datetime.now(UTC) + timedelta(days=1))
    await shared_bot.choose(mode=None, suppress=None, cooldown=0)
    with quiet_log() as shared_bot.logged:
        yield shared_bot
        await shared_bot.idle()


@pytest.mark.parametrize(("step", "trouble"), TABLE)
async def test_trouble_at_a_step(room: Inside, step: str, trouble: str) -> None:
    """What passes costs time alone, what does not that step; nothing is done twice, and the next paste gets its card."""
    asked, met = STEPS[step], STEPS[step].troubles[trouble]
    fault = room.discord.rest.fault(asked.method, asked.path, met.refusal, late=met.late)
    what = await asked.act(room)
    await room.discord.until(lambda: room.alive() and not fault.times, PATIENCE)
    await room.discord.until(lambda: all(it.answered for it in room.discord.rest.requests), PATIENCE)
    await room.idle()
    assert asked.there(room, what) == (trouble in asked.passes)
    if trouble in UNFORESEEN:
        room.logged[:] = [line for line in room.logged if "ticket" not in line]
    await room.choose(mode=None, suppress=None)
    await room.still_answers()


async def test_typing_that_is_no_longer_wanted(room: Inside, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that comes while "typing" waits out a rate limit of the whole bot does not leave all requests held for ever."""
    fault = room.discord.rest.fault("POST", "/typing$", rate_limited(2, everywhere=True))
    held = asyncio.Event()  # since discord.py has read the answer
    monkeypatch.setattr(logging.getLogger("discord.http"), "warning", lambda *_: held.set())
    typing = asyncio.create_task(room.clients[-1].http.send_typing(o.GENERAL))
    await room.discord.until(lambda: not fault.times and room.discord.rest.requests[-1].answered)
    await held.wait()
    typing.cancel()
    await room.still_answers()
