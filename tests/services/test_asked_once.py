"""How often records are looked up for a message: each at most once, whatever the steps and however many need it."""

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.adapters.stores.records import Records
from bot.core.errors import RecordNotFound
from bot.core.links import Link
from bot.core.reference import Reference
from bot.core.reply import Post
from bot.services.lookup import Found, Lookup
from bot.services.replies import Replies
from bot.use_cases import Services, build_services
from tests.chat import NOW, FakeChat
from tests.fakes import Pages
from tests.references import SOURCES, erowid, number_of

MESSAGE, LATER = 100, 200


class Counting(Lookup):
    """Counts how often each record is asked for, whether it is in memory or not."""

    asked: Counter[int]

    async def find(self, reference: Reference) -> Found:
        self.asked[number_of(reference)] += 1
        return await super().find(reference)


@pytest.fixture
async def lookup(engine: AsyncEngine, pages: Pages) -> AsyncIterator[Counting]:
    lookup = Counting(pages, Records(engine), SOURCES, now=lambda: NOW)
    lookup.asked = Counter()
    yield lookup
    await lookup.close()


@pytest.fixture
def services(engine: AsyncEngine, lookup: Counting) -> Services:
    return build_services(lookup, engine, now=lambda: NOW)


def edit(chat: FakeChat, message_id: int, *links: int) -> Post:
    """Let a message have other links; a negative number is hidden."""
    chat.write(message_id)
    changed = tuple(Link(erowid(abs(one)), spoiler=one < 0) for one in links)
    chat.posts[message_id] = post = replace(chat.posts[message_id], links=changed)
    return post


POSTED = [
    ("a card", (1,), [], ["1"]),
    ("two cards", (1, 2), [], ["1", "2"]),
    ("a digest", (1, 2, 3), [], ["1 + 2 + 3"]),
    ("a digest with one in line", (1, 2, 3, 4, 5, 6), [], ["1 + 2 + 3 + 4 + 5"]),
    ("in the place of one that failed", (1, 2, 3, 4, 5, 6), [2], ["1 + 3 + 4 + 5 + 6"]),
    ("too few for a digest", (1, 2, 3), [2], ["1", "3"]),
]


@pytest.mark.parametrize(("links", "missing", "shown"), [row[1:] for row in POSTED], ids=[row[0] for row in POSTED])
async def test_a_new_message(
    replies: Replies, chat: FakeChat, pages: Pages, lookup: Counting, links, missing: list[int], shown: list[str]
) -> None:
    """Each record once; those that wait for a place not at all."""
    pages.answers |= {erowid(number): RecordNotFound(erowid(number)) for number in missing}
    await replies.posted(chat, chat.write(MESSAGE, *links))
    assert chat.shown() == shown
    looked_up = {int(number) for message in shown for number in message.split(" + ")} | set(missing)
    assert lookup.asked == dict.fromkeys(looked_up, 1)


EDITED = [
    ("hidden", (1,), (-1,), 3, {1: 1}),
    ("shown again", (-1,), (1,), 3, {1: 1}),
    ("another card", (1,), (2,), 0, {2: 1}),
    ("a link taken out", (1, 2), (1,), 0, {}),
    ("a link added", (1, 2), (1, 2, 3), 0, {3: 1}),
    ("a card that becomes a digest", (1,), (2, 3, 4), 0, {2: 1, 3: 1, 4: 1}),
    ("another digest", (1, 2, 3), (1, 2, 4), 0, {1: 1, 2: 1, 4: 1}),
    ("hidden in a digest", (1, 2, 3), (-1, 2, 3), 3, {1: 1, 2: 1, 3: 1}),
    ("shown again in a digest", (-1, 2, 3), (1, 2, 3), 3, {1: 1, 2: 1, 3: 1}),
    ("one left of a digest", (1, 2, 3), (1,), 0, {1: 1}),
]


@pytest.mark.parametrize(
    ("before", "after", "pointers", "asked"), [row[1:] for row in EDITED], ids=[row[0] for row in EDITED]
)
async def test_an_edit(
    replies: Replies, chat: FakeChat, lookup: Counting, before: tuple[int, ...], after: tuple[int, ...], pointers: int, asked
) -> None:
    """What is drawn anew is looked up once, also for the titles in pointers to it."""
    await replies.posted(chat, edit(chat, MESSAGE, *before))
    first = min(chat.sent)
    for number in range(pointers):
        await replies.posted(chat, chat.write(LATER + number, 1))
    assert chat.shown()[1:].count(f"-> {first}") == pointers
    lookup.asked.clear()
    await replies.edited(chat, edit(chat, MESSAGE, *after), recent=True)
    assert lookup.asked == asked
    titles = {one.content.title != "" for one in chat.sent.values() if one.shown == f"-> {first}"}
    assert titles == ({after[0] > 0} if pointers else set())


@pytest.mark.parametrize(("before", "after", "asked"), [((1,), (-1,), {}), ((-1,), (1,), {1: 1})])
async def test_the_message_of_a_pointer_is_edited(
    replies: Replies, chat: FakeChat, lookup: Counting, before, after, asked
) -> None:
    """The record is looked up for its title alone."""
    await replies.posted(chat, chat.write(MESSAGE, 1))
    await replies.posted(chat, edit(chat, LATER, *before))
    lookup.asked.clear()
    await replies.edited(chat, edit(chat, LATER, *after), recent=True)
    assert lookup.asked == asked


async def test_a_card_goes(replies: Replies, chat: FakeChat, lookup: Counting) -> None:
    """Of three pointers to it the first becomes the card, and the others point to that one: each message asks once."""
    for number in range(4):
        await replies.posted(chat, chat.write(MESSAGE + number, 1))
    lookup.asked.clear()
    card = min(chat.sent)
    del chat.sent[card]
    await replies.deleted(chat, [card])
    assert chat.shown() == ["1", *[f"-> {min(chat.sent)}"] * 2]
    assert lookup.asked == {1: 3}
