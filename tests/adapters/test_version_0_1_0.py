"""Databases that version 0.1.0 wrote come up whole: what is stored is there, what was begun is taken up."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import aiosqlite
import asyncpg
import pytest
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.adapters.database.engine import open_database
from bot.adapters.database.shared_state import DatabaseState
from bot.adapters.stores.guilds import Guilds
from bot.adapters.stores.records import Records
from bot.core.channel_settings import ChannelSettings, Mode, Place, Scope, Size, Target
from bot.core.errors import Refused
from bot.core.reply import Reply
from bot.services.library_ports import Hit
from bot.services.lookup import Lookup
from bot.services.ports import CardContent
from bot.services.resuming import Resuming
from bot.use_cases import Services, build_replies, build_services
from tests.chat import ALICE, CHANNEL, GUILD, NOW, FakeChat, Sent
from tests.fakes import Pages
from tests.references import SOURCES, erowid

THREAD, DIRECT = 71, 8
SLEEP, MEMORY, NAIVE, UNREAD = map(erowid, (9001, 9002, 9003, 1))
RETRACTED = "[This article was retracted in Ann Imag. 1991;3:1.]"
SETTINGS = {
    Target(Scope.GUILD, GUILD): {
        "style": "nlm-citation-sequence",
        "max_cards": 3,
        "ignored_members": frozenset({13, 14}),
        "log_channel": 75,
    },
    Target(Scope.CATEGORY, 6): {"size": Size.COMPACT},
    Target(Scope.CHANNEL, CHANNEL): {"suppress": True, "cooldown": 3600, "ignored_roles": frozenset({21})},
    Target(Scope.CHANNEL, 72): {"mode": Mode.OFF},
}


def reply(number: int, message_id: int | None, reference, minutes: int, **more) -> Reply:
    """A reply that was sent so many minutes ago."""
    given = {"channel_id": CHANNEL, "guild_id": GUILD, "poster_id": ALICE, "made_at": NOW - timedelta(minutes=minutes)}
    return Reply(number, message_id, reference, **given | more)


REPLIES = {
    one.id: one
    for one in (
        reply(201, 101, SLEEP, 30),
        reply(202, 101, MEMORY, 30, spoiler=True),
        reply(203, 102, SLEEP, 20, target_id=201),
        reply(204, None, NAIVE, 15, channel_id=THREAD, parent_id=CHANNEL),
        reply(205, 103, SLEEP, 14, channel_id=DIRECT, guild_id=None),
        reply(206, 104, NAIVE, 13),  # 207 was sent to the same message, as could happen then
        reply(208, 105, MEMORY, 12, target_id=0),  # a pointer of a time when no targets were stored
        reply(209, 107, NAIVE, 2),
        reply(210, 108, NAIVE, 11),
    )
}


@pytest.fixture
async def engine(empty_url: str) -> AsyncIterator[AsyncEngine]:
    """The database of that version, opened by today's code."""
    url = make_url(empty_url)
    file = Path(__file__).with_name(f"version_0_1_0.{url.get_backend_name()}.sql")
    script = await asyncio.to_thread(file.read_text, "utf-8")
    if url.get_backend_name() == "sqlite":
        async with aiosqlite.connect(str(url.database)) as sqlite:
            await sqlite.executescript(script)
    else:
        server = await asyncpg.connect(empty_url.replace("+asyncpg", "", 1))
        await server.execute(script)
        await server.close()
    async with open_database(empty_url) as opened:
        yield opened


@pytest.fixture
def pages() -> Pages:
    return Pages()


@pytest.fixture
async def services(engine: AsyncEngine, pages: Pages) -> AsyncIterator[Services]:
    lookup = Lookup(pages, Records(engine), SOURCES, now=lambda: NOW)
    built = build_services(lookup, engine, now=lambda: NOW)
    await built.settings.refresh()
    await built.privacy.refresh()
    yield built
    await lookup.close()


async def test_what_moderators_and_users_chose(engine: AsyncEngine, services: Services) -> None:
    """Settings with their history, who opted out, and when the bot left a guild."""
    assert services.settings.overrides(GUILD) == SETTINGS
    assert services.settings.effective(Place(GUILD, CHANNEL, 6)) == ChannelSettings(
        style="nlm-citation-sequence",
        size=Size.COMPACT,
        suppress=True,
        max_cards=3,
        cooldown=3600,
        ignored_members=frozenset({13, 14}),
        ignored_roles=frozenset({21}),
        log_channel=75,
    )
    history = await services.settings.history(GUILD)
    assert [(one.number, one.by) for one in history] == [
        (number, None if number == 5 else 11) for number in range(10, 0, -1)
    ]
    assert {one.at for one in history} == {NOW - timedelta(hours=1)}
    assert (history[0].change.target, history[0].change.old, history[0].change.new) == (
        Target(Scope.CHANNEL, 72),
        Mode.ASK,
        Mode.OFF,
    )
    await services.settings.set(GUILD, Target(Scope.CHANNEL, 72), {"mode": None}, by=11)
    assert (await services.settings.history(GUILD, most=1))[0].number == 11
    assert [services.privacy.opted_out(user) for user in (99, 12)] == [True, False]
    expired = await Guilds(engine).expire(cards_before=NOW - timedelta(days=1), left_before=NOW)
    assert (expired.cards, expired.guilds) == (0, {51})


async def test_what_was_read(engine: AsyncEngine, services: Services, pages: Pages) -> None:
    """Pages and records, the library, what a site does not have, and how it wants to be asked."""
    cards = [await services.cards.card(one, ChannelSettings()) for one in (SLEEP, MEMORY, NAIVE)]
    assert not pages.asked
    assert [(one.record.title, one.record.retraction, one.read_at) for one in cards] == [
        ("Inventamine delays REM sleep in the rat", None, NOW - timedelta(hours=1)),
        ("Inventamine and memory", RETRACTED, NOW - timedelta(hours=1)),
        ("Naïve β-carbolinoids", None, NOW - timedelta(hours=1)),
    ]
    records = Records(engine)
    page = (await records.get(SLEEP)).page
    assert (page.etag, page.site, b"REM latency rose" in page.body) == ('"9001"', "Erowid", True)
    assert [await records.missing(erowid(9404), NOW - timedelta(minutes=ago)) for ago in (51, 49)] == [True, False]
    assert await services.library.search("naive beta-carbolinoid") == (Hit(NAIVE, "Naïve β-carbolinoids", "Ødegård", 1991),)
    retracted = Hit(MEMORY, "Inventamine and memory", "The Group of Nobody", 1990, retracted=True)
    assert await services.library.search("memory") == (retracted,)
    site = DatabaseState(engine, "site https://www.erowid.org")
    delay, period = await site.apply(lambda state, now: (state.crawl_delay, state.period(now)))
    assert (delay, period.error, period.reason, period.left > 0) == (7.0, Refused, "HTTP 403", True)


async def test_what_was_answered(services: Services) -> None:
    """Each card and pointer is there. Open promises are jobs to be taken up; those that were kept are done jobs, so that
    edits are followed.
    """
    assert await services.replies.get(range(200, 220)) == {number: (one,) for number, one in REPLIES.items()}
    listed = await services.library.bibliography([CHANNEL], days=1, threads=True)
    assert [one.record.reference for one in listed.studies] == [SLEEP, MEMORY, NAIVE]
    assert listed.hidden == {MEMORY}
    replies = build_replies(services)
    chat = FakeChat()
    for one in REPLIES.values():
        card = await services.cards.card(one.reference, ChannelSettings())
        chat.sent[one.id] = Sent(one.message_id, CardContent(card, ChannelSettings(), ALICE, one.spoiler), "")
    chat.write(106, UNREAD)  # the process was killed before its card
    chat.write(107, NAIVE, SLEEP)  # it was killed between its two cards
    pending = await services.jobs.store.pending()  # 108 was deleted as the process ended
    assert [(job.message_id, job.nonce_seed.rstrip(".")) for job in pending] == [
        (number, f"salt of {number}") for number in (106, 107, 108)
    ]

    async def open_chat(_channel_id: int) -> FakeChat:
        return chat

    resuming = Resuming(replies, services.jobs.store, now=lambda: NOW)
    assert await resuming.resume_pending(open_chat, lambda _job: True) == 3
    assert await services.jobs.store.pending() == ()
    new = {sent.message_id: sent.shown for number, sent in chat.sent.items() if number not in REPLIES}
    assert new == {106: "1", 107: "-> 201"}
    assert 210 not in chat.sent
    assert await services.replies.of_message(108) == ()
    assert (await services.replies.of_message(107))[0] == REPLIES[209]

    (jobs,) = await resuming.done_lately(lambda _job: True)
    assert [job.message_id for job in jobs] == [101, 102, 104, 105, 106, 107, 108]
    await replies.edited(chat, chat.write(101, SLEEP), recent=False)
    assert await services.replies.of_message(101) == (REPLIES[201],)
    await replies.edited(chat, chat.write(105, MEMORY), recent=False)
    assert await services.replies.of_message(105) == (reply(208, 105, MEMORY, 0),)  # a card now
