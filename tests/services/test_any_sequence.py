"""Posts, edits, deletions, failures and crashes in any order: once all works again, each link has its due, once."""

import asyncio
from collections.abc import Awaitable
from dataclasses import replace
from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.adapters.database.tables import ReplyJobRow
from bot.adapters.stores.records import Records
from bot.core.errors import ChatError, ChatRefused, ChatUnavailable, RecordNotFound, TooBusy
from bot.services.lookup import Lookup
from bot.services.ports import CardContent, Content, DigestContent, PointerContent
from bot.use_cases import build_replies, build_services
from tests.chat import NOW, FakeChat
from tests.databases import SharedEngine
from tests.fakes import Pages
from tests.references import SOURCES, erowid, number_of

WRONG, MOST = 7, 5
MESSAGES = st.sampled_from([100, 200])
NUMBERS = st.lists(st.integers(1, WRONG), unique=True, min_size=2)
METHODS = st.sampled_from(["post", "send", "edit", "delete", "shows", "find_replies"])
EVENTS = st.one_of(
    st.tuples(st.just("write"), MESSAGES, NUMBERS),
    st.tuples(st.just("shorten"), MESSAGES, st.integers(0, 3)),
    st.tuples(st.just("hide"), MESSAGES),
    st.tuples(st.just("delete"), MESSAGES),
    st.tuples(st.just("delete_reply"), st.integers(0, 5)),
)
MISHAPS = st.one_of(
    st.tuples(st.just("fail"), METHODS, st.sampled_from([ChatRefused("403"), ChatUnavailable("503")])),
    st.tuples(st.just("be_busy"), st.integers(1, WRONG - 1)),
    st.tuples(st.just("crash"), st.sampled_from(["sent", "send", "edit", "delete"])),
)
LOST = ("crash", "sent")
"""The process dies between sending a reply and storing it."""


class Crashed(BaseException):
    """The process ended."""


class Channel(FakeChat):
    """One that takes a message though its sender fails after that: with "sent" among the failures."""

    async def send(self, message_id: int, content: Content, nonce: str) -> int:
        sent = await super().send(message_id, content, nonce)
        self._call("sent")
        return sent


class World:
    """A channel, and the processes that watch it one after the other."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine, self.chat, self.pages, self.meddled = engine, Channel(), Pages(), set()
        self.lookup = Lookup(self.pages, Records(engine), SOURCES, now=lambda: NOW)
        self.services = build_services(self.lookup, engine, now=lambda: NOW)
        self.replies, self.gone = build_replies(self.services), set()
        self.pages.answers[erowid(WRONG)] = RecordNotFound(erowid(WRONG))

    async def attempt(self, work: Awaitable[None]) -> None:
        try:
            await work
        except ChatError:
            pass  # the job stays
        except Crashed:
            self.replies = build_replies(self.services)

    async def write(self, message_id: int, numbers: list[int]) -> None:
        if message_id not in self.gone:
            is_new, post = message_id not in self.chat.posts, self.chat.write(message_id, *numbers)
            follow = self.replies.posted(self.chat, post) if is_new else self.replies.edited(self.chat, post, recent=True)
            await self.attempt(follow)

    async def shorten(self, message_id: int, most: int) -> None:
        if message_id in self.chat.posts:
            await self.write(message_id, [number_of(one.reference) for one in self.chat.posts[message_id].links[:most]])

    async def hide(self, message_id: int) -> None:
        """Put the message's first link behind a spoiler."""
        if message_id in self.chat.posts and (links := self.chat.posts[message_id].links):
            post = self.chat.write(message_id)
            self.chat.posts[message_id] = post = replace(post, links=(replace(links[0], spoiler=True), *links[1:]))
            await self.attempt(self.replies.edited(self.chat, post, recent=True))

    async def delete(self, message_id: int) -> None:
        self.gone.add(message_id)
        self.chat.posts.pop(message_id, None)
        await self.attempt(self.replies.deleted(self.chat, [message_id]))

    async def delete_reply(self, place: int) -> None:
        for reply_id in sorted(self.chat.sent)[place : place + 1]:
            self.meddled.add(self.chat.sent.pop(reply_id).message_id)
            await self.attempt(self.replies.deleted(self.chat, [reply_id]))

    async def fail(self, method: str, error: BaseException) -> None:
        self.chat.failures[method] = [error]

    async def be_busy(self, number: int) -> None:
        self.pages.answers[erowid(number)] = TooBusy("open")

    async def crash(self, method: str) -> None:
        self.chat.failures[method] = [Crashed()]

    async def heal(self) -> None:
        """All works again; each message is looked at twice more."""
        self.chat.failures.clear()
        self.pages.answers = {erowid(WRONG): RecordNotFound(erowid(WRONG))}
        for message_id in sorted(self.gone):
            await self.delete(message_id)
        for _ in range(2):
            async with self.engine.begin() as connection:
                await connection.execute(update(ReplyJobRow).values(lease_until=0))
            for job in await self.services.jobs.store.pending():
                await self.replies.resume(self.chat, job)
            for message_id in self.chat.posts:
                await self.replies.edited(self.chat, await self.chat.post(message_id), recent=True)
        await self.lookup.close()

    async def check(self, message_id: int) -> None:
        linked = {number_of(one.reference) for one in self.chat.posts[message_id].links}
        sent = {key: one.content for key, one in sorted(self.chat.sent.items()) if one.message_id == message_id}
        shown = [(reply_id, one) for reply_id, content in sent.items() for one in entries(content)]
        kept = await self.services.replies.of_message(message_id)
        assert [(one.id, number_of(one.reference)) for one in kept] == [(reply_id, study(one)) for reply_id, one in shown]
        studies = {study(one) for _, one in shown}
        assert len(studies) == len(shown)
        assert studies <= linked
        for pointer in (one for _, one in shown if isinstance(one, PointerContent)):
            target = entries(self.chat.sent[pointer.target.id].content)
            (card,) = [one for one in target if isinstance(one, CardContent) and study(one) == study(pointer)]
            assert not (card.spoiler and pointer.title)
        hidden = {number_of(one.reference): one.spoiler for one in self.chat.posts[message_id].links}
        cards = {study(one): one.spoiler for _, one in shown if isinstance(one, CardContent)}
        assert cards == {number: hidden[number] for number in cards}
        if message_id not in self.meddled:
            assert len(studies) == min(MOST, len(linked - {WRONG}))
            for digest in (one for one in sent.values() if isinstance(one, DigestContent)):
                assert len(digest.failed) + digest.more == len(linked - studies)


def entries(content: Content) -> tuple[CardContent | PointerContent, ...]:
    return content.entries if isinstance(content, DigestContent) else (content,)


def study(entry: CardContent | PointerContent) -> int:
    return number_of(entry.card.record.reference if isinstance(entry, CardContent) else entry.target.reference)


async def play(steps: list[tuple], one_engine: SharedEngine) -> None:
    async with one_engine.new_database() as engine:
        world = World(engine)
        for name, *values in steps:
            await getattr(world, name)(*values)
        await world.heal()
        assert await world.services.jobs.store.pending() == ()
        assert {one.message_id for one in world.chat.sent.values()} <= world.chat.posts.keys()
        for message_id in world.chat.posts:
            await world.check(message_id)


@settings(max_examples=settings().max_examples // 3)  # each takes as long as a test
@given(numbers=NUMBERS, steps=st.lists(st.tuples(MISHAPS, EVENTS), min_size=2, max_size=6))
def test_any_sequence(one_engine: SharedEngine, numbers: list[int], steps: list[tuple[tuple, tuple]]) -> None:
    """No study twice, none missing, nothing left of what is gone; the store knows what is shown."""
    asyncio.run(play([("write", 100, numbers), *chain.from_iterable(steps)], one_engine))


@pytest.mark.parametrize(
    "steps",
    [
        pytest.param(
            [("write", 100, [1, 2, 5]), LOST, ("write", 200, [1, 2, 5]), ("be_busy", 1), ("shorten", 100, 1)],
            id="its cards change",
        ),
        pytest.param(
            [
                *(("write", 100, [1, 2, 3]), LOST, ("write", 200, [1, 2, 3])),
                *(("fail", "post", ChatRefused("403")), ("write", 100, [1, 2, 3, 4, 5, 6])),
                *(("fail", "delete", ChatRefused("403")), ("write", 100, [1, 2]), ("delete", 100)),
                *(("fail", "find_replies", ChatRefused("403")), ("delete", 200)),
            ],
            id="Discord refuses to look for it",
        ),
    ],
)
def test_a_lost_digest_of_pointers(one_engine: SharedEngine, steps: list[tuple]) -> None:
    """The process dies between sending a digest of pointers and storing it; what it points to changes before it is found."""
    asyncio.run(play(steps, one_engine))
