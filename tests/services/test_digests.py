"""Several studies in one message, on a real database and a channel in memory."""

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.adapters.database.tables import ReplyJobRow
from bot.adapters.database.transactions import SharedTransactions
from bot.adapters.stores.jobs import SqlJobs
from bot.core.channel_settings import Scope, Target
from bot.core.errors import RecordNotFound
from bot.core.links import Link
from bot.core.reply import Mark
from bot.core.source import Request
from bot.services.ports import DigestContent, Page
from bot.services.replies import Replies
from bot.use_cases import Services, build_replies
from tests.chat import GUILD, FakeChat
from tests.fakes import Pages
from tests.references import erowid, number_of

MESSAGE, OTHER = 100, 200


async def resume(services: Services, chat: FakeChat, engine: AsyncEngine, *, begun: bool = False) -> None:
    """Let another process take up what is pending; `begun`: as if all had been begun, and nothing finished."""
    async with engine.begin() as connection:
        await connection.execute(update(ReplyJobRow).values(lease_until=0))
        if begun:
            await connection.execute(update(ReplyJobRow).values(completed=0, answered=""))
    for job in await services.jobs.store.pending():
        await build_replies(services).resume(chat, job)


async def stored(services: Services, message_id: int = MESSAGE) -> list[int]:
    """The studies that are stored for a message, in their order."""
    return [number_of(one.reference) for one in await services.replies.of_message(message_id)]


def said(chat: FakeChat, place: int = 0) -> tuple[tuple[str, ...], int]:
    """What the last line of a digest says: the links that failed, and how many others it does not show."""
    content = list(chat.sent.values())[place].content
    assert isinstance(content, DigestContent)
    return content.failed, content.more


def missing(pages: Pages, *numbers: int) -> None:
    for number in numbers:
        pages.answers[erowid(number)] = RecordNotFound(erowid(number))


POSTED = [
    ("two", 2, (), ["1", "2"], None),
    ("three", 3, (), ["1 + 2 + 3"], ((), 0)),
    ("five", 5, (), ["1 + 2 + 3 + 4 + 5"], ((), 0)),
    ("seven", 7, (), ["1 + 2 + 3 + 4 + 5"], ((), 2)),
    ("one is wrong", 4, (2,), ["1 + 3 + 4"], (("Erowid 2",), 0)),
    ("its place goes to another", 7, (1, 3), ["2 + 4 + 5 + 6 + 7"], (("Erowid 1", "Erowid 3"), 0)),
    ("others find no place", 7, (1,), ["2 + 3 + 4 + 5 + 6"], (("Erowid 1",), 1)),
    ("two are left", 4, (1, 4), ["2", "3"], None),
    ("none is", 3, (1, 2, 3), [], None),
]


@pytest.mark.parametrize(("links", "wrong", "shown", "last"), [row[1:] for row in POSTED], ids=[row[0] for row in POSTED])
async def test_posted(replies: Replies, services: Services, chat: FakeChat, pages: Pages, links, wrong, shown, last) -> None:
    """From three studies on they are in one message, which says what it does not show; only else there is a mark."""
    missing(pages, *wrong)
    await replies.posted(chat, chat.write(MESSAGE, *range(1, links + 1)))
    assert chat.shown() == shown
    assert chat.marks == ({MESSAGE: Mark.UNREADABLE} if wrong and last is None else {})
    assert await stored(services) == [int(one) for message in shown for one in message.split(" + ")]
    if last is not None:
        assert said(chat) == last
    assert await services.jobs.store.pending() == ()
    assert max(pages.asked.values()) == 1


async def test_a_wrong_link_takes_no_place(replies: Replies, services: Services, chat: FakeChat, pages: Pages) -> None:
    """Where fewer cards are wanted than there are links, the next one is answered; and it stays so."""
    await services.settings.set(GUILD, Target(Scope.GUILD, GUILD), {"max_cards": 2}, by=1)
    missing(pages, 1)
    await replies.posted(chat, chat.write(MESSAGE, 1, 2, 3, 4))
    assert chat.shown() == ["2", "3"]
    await replies.edited(chat, chat.write(MESSAGE, 1, 2, 3, 4, 5), recent=True)
    assert chat.shown() == ["2", "3"]
    assert pages.asked[erowid(4)] == 0


EDITED = [
    ("one is taken out", [1, 3, 4], ["1 + 3 + 4"]),
    ("two are", [2, 4], ["2 + 4"]),
    ("three are", [3], ["3"]),
    ("all are", [], []),
    ("one is added", [1, 2, 3, 4, 5], ["1 + 2 + 3 + 4 + 5"]),
    ("one is put before", [5, 1, 2, 3, 4], ["1 + 2 + 3 + 4 + 5"]),
    ("one is exchanged", [1, 2, 6, 4], ["1 + 2 + 4 + 6"]),
    ("all are exchanged", [5, 6, 7], ["5 + 6 + 7"]),
    ("all become one other", [5], ["5"]),
    ("nothing is", [1, 2, 3, 4], ["1 + 2 + 3 + 4"]),
]


@pytest.mark.parametrize(("links", "shown"), [row[1:] for row in EDITED], ids=[row[0] for row in EDITED])
async def test_edited(replies: Replies, services: Services, chat: FakeChat, links, shown) -> None:
    """The message stays the same one, and shows what its links lead to now; the store knows it."""
    await replies.posted(chat, chat.write(MESSAGE, 1, 2, 3, 4))
    (digest,) = chat.sent
    await replies.edited(chat, chat.write(MESSAGE, *links), recent=True)
    assert chat.shown() == shown
    assert set(chat.sent) <= {digest}
    assert await stored(services) == [int(one) for message in shown for one in message.split(" + ")]
    assert chat.calls.count("edit") == int(shown not in ([], ["1 + 2 + 3 + 4"]))
    await replies.edited(chat, chat.write(MESSAGE, 1, 2, 3, 4), recent=True)
    assert sorted(await stored(services)) == [1, 2, 3, 4]
    del chat.posts[MESSAGE]
    await replies.deleted(chat, [MESSAGE])
    assert (chat.shown(), await stored(services)) == ([], [])


async def test_a_link_that_stays_wrong(replies: Replies, chat: FakeChat, pages: Pages) -> None:
    """It is tried again with the next event; the message says so already, and is not edited."""
    missing(pages, 2)
    await replies.posted(chat, chat.write(MESSAGE, 1, 2, 3, 4))
    await replies.edited(chat, chat.write(MESSAGE, 1, 2, 3, 4), recent=True)
    assert (chat.shown(), said(chat), chat.marks) == (["1 + 3 + 4"], (("Erowid 2",), 0), {})
    assert "edit" not in chat.calls


async def test_a_third_link_added(replies: Replies, chat: FakeChat) -> None:
    """The cards that are there stay as they are."""
    await replies.posted(chat, chat.write(MESSAGE, 1, 2))
    await replies.edited(chat, chat.write(MESSAGE, 1, 2, 3), recent=True)
    assert chat.shown() == ["1", "2", "3"]
    await replies.edited(chat, chat.write(MESSAGE, 2), recent=True)
    assert chat.shown() == ["2"]


async def test_one_link_becomes_three(replies: Replies, services: Services, chat: FakeChat) -> None:
    """The message of the bot's stays the same one, whether it was a card or a line."""
    await replies.posted(chat, chat.write(MESSAGE, 1))
    await replies.posted(chat, chat.write(OTHER, 1))
    before = sorted(chat.sent)
    await replies.edited(chat, chat.write(OTHER, 2, 3, 4), recent=True)
    assert chat.shown() == ["1", "2 + 3 + 4"]
    await replies.edited(chat, chat.write(MESSAGE, 5, 6, 7), recent=True)
    assert chat.shown() == ["5 + 6 + 7", "2 + 3 + 4"]
    assert sorted(chat.sent) == before
    assert (await stored(services), await stored(services, OTHER)) == ([5, 6, 7], [2, 3, 4])


async def test_deleted_while_the_bot_was_away(replies: Replies, services: Services, chat: FakeChat) -> None:
    """It stays deleted, though its message was edited."""
    await replies.posted(chat, chat.write(MESSAGE, 1, 2, 3))
    chat.sent.clear()
    await replies.edited(chat, chat.write(MESSAGE, 1, 2), recent=True)
    assert (chat.shown(), await stored(services)) == ([], [])
    await replies.edited(chat, chat.write(MESSAGE, 1, 2, 4), recent=True)
    assert chat.shown() == ["4"]


async def test_a_site_that_does_not_answer_for_one_of_them(
    services: Services, chat: FakeChat, pages: Pages, engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others do not wait for it for ever; it comes once it is there."""
    let, fetch = asyncio.Event(), pages.fetch

    async def slow(request: Request, known: Page | None = None) -> Page | None:
        if request.reference == erowid(2):
            await let.wait()
        return await fetch(request, known)

    monkeypatch.setattr(pages, "fetch", slow)
    await build_replies(services, patience=0).posted(chat, chat.write(MESSAGE, 1, 2, 3, 4, 5, 6, 7))
    assert len(shown := await stored(services)) >= 3
    assert 2 not in shown
    assert "Erowid 2" in said(chat)[0]
    let.set()
    monkeypatch.undo()
    await resume(services, chat, engine)
    assert sorted(await stored(services)) == [1, 2, 3, 4, 5]
    assert (said(chat), chat.marks) == (((), 2), {})
    assert chat.calls.count("send") == 1


async def test_a_study_that_was_shown_a_moment_ago(replies: Replies, services: Services, chat: FakeChat) -> None:
    """A line in the message points to its card, and is mended once that goes; what it points to may be in a digest."""
    await replies.posted(chat, chat.write(MESSAGE, 1))
    (card,) = chat.sent
    await replies.posted(chat, chat.write(OTHER, 2, 1, 3))
    assert chat.shown() == ["1", f"2 + -> {card} + 3"]
    digest = max(chat.sent)
    await replies.posted(chat, chat.write(300, 3))
    assert chat.shown()[-1] == f"-> {digest}"
    del chat.posts[MESSAGE]
    await replies.deleted(chat, [MESSAGE])
    assert chat.shown() == ["2 + 1 + 3", f"-> {digest}"]
    await replies.edited(chat, chat.write(OTHER, 1, 2, 4), recent=True)
    assert chat.shown() == ["2 + 1 + 4", "3"]
    assert await stored(services, OTHER) == [2, 1, 4]


async def test_all_were_shown_a_moment_ago(replies: Replies, chat: FakeChat) -> None:
    """One message of three lines; the last two of them are lines of their own once the others' links are gone."""
    await replies.posted(chat, chat.write(MESSAGE, 1, 2, 3))
    (digest,) = chat.sent
    await replies.posted(chat, chat.write(OTHER, 3, 2, 1))
    assert chat.shown() == ["1 + 2 + 3", f"-> {digest} + -> {digest} + -> {digest}"]
    await replies.edited(chat, chat.write(OTHER, 1), recent=True)
    assert chat.shown() == ["1 + 2 + 3", f"-> {digest}"]
    del chat.posts[MESSAGE]
    await replies.deleted(chat, [MESSAGE])
    assert chat.shown() == ["1"]


async def test_hidden_links(replies: Replies, services: Services, chat: FakeChat) -> None:
    """Each study is hidden by itself, and shown again; what points to it loses its title."""
    post = chat.write(MESSAGE, 1, 2, 3)
    await replies.posted(chat, post)
    await replies.posted(chat, chat.write(OTHER, 2))
    (digest, pointer) = chat.sent
    assert chat.sent[pointer].content.title
    links = (Link(erowid(1)), Link(erowid(2), spoiler=True), Link(erowid(3)))
    chat.posts[MESSAGE] = replace(post, links=links, version=1)
    await replies.edited(chat, chat.posts[MESSAGE], recent=True)
    assert [one.spoiler for one in chat.sent[digest].content.entries] == [False, True, False]
    assert [one.spoiler for one in await services.replies.of_message(MESSAGE)] == [False, True, False]
    assert chat.sent[pointer].content.title == ""
    await replies.edited(chat, chat.write(MESSAGE, 1, 2, 3), recent=True)
    assert [one.spoiler for one in chat.sent[digest].content.entries] == [False, False, False]
    assert chat.sent[pointer].content.title


async def test_a_pointer_in_a_digest_to_a_card_that_is_hidden(replies: Replies, chat: FakeChat) -> None:
    """The line loses its title; the rest of the message stays."""
    post = chat.write(MESSAGE, 1)
    await replies.posted(chat, post)
    (card,) = chat.sent
    await replies.posted(chat, chat.write(OTHER, 1, 2, 3))
    chat.posts[MESSAGE] = replace(post, links=(Link(erowid(1), spoiler=True),), version=1)
    await replies.edited(chat, chat.posts[MESSAGE], recent=True)
    assert chat.shown() == ["1", f"-> {card} + 2 + 3"]
    assert list(chat.sent.values())[1].content.entries[0].title == ""


async def test_a_pointer_whose_message_another_process_works_on(
    replies: Replies, services: Services, chat: FakeChat, engine: AsyncEngine
) -> None:
    """Its line is left to that process, and the card is hidden once that is done."""
    post = chat.write(MESSAGE, 1)
    await replies.posted(chat, post)
    await replies.posted(chat, chat.write(OTHER, 1, 2, 3))
    other = SqlJobs(engine, SharedTransactions(engine), services.now)
    job = await other.claim(OTHER, chat.channel_id, GUILD)
    chat.posts[MESSAGE] = replace(post, links=(Link(erowid(1), spoiler=True),), version=1)
    await replies.edited(chat, chat.posts[MESSAGE], recent=True)
    card, digest = (one.content for one in chat.sent.values())
    assert (card.spoiler, digest.entries[0].title != "") == (False, True)
    await other.complete(job)
    await resume(services, chat, engine)
    card, digest = (one.content for one in chat.sent.values())
    assert (card.spoiler, digest.entries[0].title) == (True, "")
    assert await services.jobs.store.pending() == ()


async def test_somebody_deleted_it(replies: Replies, services: Services, chat: FakeChat) -> None:
    """It stays deleted; a link that is added has a card of its own."""
    await replies.posted(chat, chat.write(MESSAGE, 1, 2, 3))
    (digest,) = chat.sent
    del chat.sent[digest]
    await replies.deleted(chat, [digest])
    await replies.edited(chat, chat.write(MESSAGE, 1, 2, 3, 4), recent=True)
    assert (chat.shown(), await stored(services)) == (["4"], [4])


async def test_two_people_at_once(replies: Replies, chat: FakeChat) -> None:
    """Of two who paste the same studies in other orders, neither waits for ever, and each study has one card."""
    await asyncio.gather(
        replies.posted(chat, chat.write(MESSAGE, 1, 2, 3)), replies.posted(chat, chat.write(OTHER, 3, 2, 1))
    )
    first, second = sorted(chat.shown(), key=lambda one: "->" in one)
    assert sorted(first.split(" + ")) == ["1", "2", "3"]
    assert second.count("->") == 3


@pytest.mark.parametrize(("links", "shown"), [([1], []), ([1, 2], []), ([1, 4], ["4"]), ([1, 2, 4], ["4"])])
async def test_a_link_added_to_what_somebody_deleted_unseen(
    replies: Replies, services: Services, chat: FakeChat, engine: AsyncEngine, links, shown
) -> None:
    """What was in it stays deleted; only what is new is answered."""
    await replies.posted(chat, chat.write(MESSAGE, 1, 2, 3))
    chat.sent.clear()
    await replies.edited(chat, chat.write(MESSAGE, *links), recent=True)
    await resume(services, chat, engine)
    assert (chat.shown(), await stored(services)) == (shown, [int(one) for one in shown])
