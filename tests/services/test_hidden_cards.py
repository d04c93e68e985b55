"""A poster hides a card by a spoiler: what points to it must not go on showing its title."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.adapters.database.transactions import SharedTransactions
from bot.adapters.stores.jobs import SqlJobs
from bot.core.errors import ChatError, ChatRefused, ChatUnavailable, MessageGone
from bot.core.links import Link
from bot.core.reply import Post
from bot.services.ports import CardContent, Content, DigestContent, PointerContent
from bot.services.replies import Replies
from bot.use_cases import Services
from tests.chat import GUILD, FakeChat
from tests.references import erowid
from tests.services.test_replies import resume

MESSAGE, OTHER = 100, 200
CARD, DIGEST = 1001, 1002
"""The reply to the first message, and the one to the second, which points to it."""

Edit = Callable[[int, Content], Awaitable[None]]


def hide(chat: FakeChat, *more: int) -> Post:
    """Let the first message's first link be hidden; it may have more links."""
    chat.write(MESSAGE)
    links = (Link(erowid(1), spoiler=True), *(Link(erowid(one)) for one in more))
    chat.posts[MESSAGE] = replace(chat.posts[MESSAGE], links=links)
    return chat.posts[MESSAGE]


def first(content: Content) -> CardContent | PointerContent:
    return content.entries[0] if isinstance(content, DigestContent) else content


def is_hidden(chat: FakeChat) -> bool:
    card = first(chat.sent[CARD].content)
    return isinstance(card, CardContent) and card.spoiler


def title(chat: FakeChat) -> str:
    pointer = first(chat.sent[DIGEST].content)
    assert isinstance(pointer, PointerContent)
    return pointer.title


@pytest.fixture
async def pointed(replies: Replies, chat: FakeChat) -> FakeChat:
    """A channel with a card, and a digest whose first line points to it."""
    await replies.posted(chat, chat.write(MESSAGE, 1))
    await replies.posted(chat, chat.write(OTHER, 1, 2, 3))
    assert chat.shown() == ["1", f"-> {CARD} + 2 + 3"]
    assert title(chat)
    return chat


async def test_a_line_of_a_digest(replies: Replies, pointed: FakeChat) -> None:
    """It loses its title, and gets it back; the rest of the message stays."""
    await replies.edited(pointed, hide(pointed), recent=True)
    assert (is_hidden(pointed), title(pointed)) == (True, "")
    await replies.edited(pointed, pointed.write(MESSAGE, 1), recent=True)
    assert (is_hidden(pointed), title(pointed) != "") == (False, True)
    assert pointed.shown() == ["1", f"-> {CARD} + 2 + 3"]


async def test_a_line_sent_later(replies: Replies, chat: FakeChat) -> None:
    """A pointer to a hidden card has no title from the start; it gets one once the card is shown."""
    await replies.posted(chat, hide(chat))
    await replies.posted(chat, chat.write(OTHER, 1))
    assert title(chat) == ""
    await replies.edited(chat, await chat.post(OTHER), recent=True)
    assert "edit" not in chat.calls
    await replies.edited(chat, chat.write(MESSAGE, 1), recent=True)
    assert title(chat) != ""


@pytest.mark.parametrize("is_last", [True, False], ids=["the digest", "the card"])
async def test_both_are_edited_at_the_same_time(
    replies: Replies, services: Services, pointed: FakeChat, is_last: bool
) -> None:
    """The title goes and the new link's card comes, whichever edit reaches Discord last."""
    edit: Edit = pointed.edit
    hiding: list[asyncio.Task[None]] = []
    touched, landed = asyncio.Event(), asyncio.Event()

    async def edit_slowly(reply_id: int, content: Content) -> None:
        if reply_id == DIGEST and not hiding:  # the digest's own edit; the card's comes while it is on its way
            hiding.append(asyncio.create_task(replies.edited(pointed, hide(pointed), recent=True)))
            waiting = asyncio.create_task(touched.wait())
            await asyncio.wait({waiting, *hiding}, return_when=asyncio.FIRST_COMPLETED)
            waiting.cancel()
            await edit(reply_id, content)
            landed.set()
        elif reply_id == DIGEST and not landed.is_set():  # somebody else edits the digest meanwhile
            if is_last:
                await edit(reply_id, content)
            touched.set()
            if not is_last:
                await landed.wait()
                await edit(reply_id, content)
        else:
            await edit(reply_id, content)

    pointed.edit = edit_slowly
    await replies.edited(pointed, pointed.write(OTHER, 1, 2, 3, 4), recent=True)
    await hiding[0]
    assert pointed.shown() == ["1", f"-> {CARD} + 2 + 3 + 4"]
    assert (is_hidden(pointed), title(pointed)) == (True, "")
    assert await services.jobs.store.pending() == ()


async def test_another_process_works_on_the_message_of_a_pointer(
    replies: Replies, services: Services, pointed: FakeChat, engine: AsyncEngine
) -> None:
    """The card is hidden at once, and the pointer is left to that process."""
    other = SqlJobs(engine, SharedTransactions(engine), services.now)
    job = await other.claim(OTHER, pointed.channel_id, GUILD)
    await replies.edited(pointed, hide(pointed), recent=True)
    assert (is_hidden(pointed), title(pointed) != "") == (True, True)
    assert await other.complete(job) is not None
    await resume(services, pointed, engine)
    assert title(pointed) == ""
    assert await services.jobs.store.pending() == ()


async def test_a_stop_as_the_card_was_hidden(
    replies: Replies, services: Services, pointed: FakeChat, engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody was told yet that the pointer is to be drawn anew: the next process sees to it."""
    stopping = asyncio.Event()

    async def hang(*_: object) -> None:
        stopping.set()
        await asyncio.Event().wait()

    with monkeypatch.context() as patch:
        patch.setattr(services.replies, "about", hang)
        work = asyncio.create_task(replies.edited(pointed, hide(pointed), recent=True))
        await stopping.wait()
        work.cancel()
        await asyncio.wait({work})
    assert (is_hidden(pointed), title(pointed) != "") == (True, True)
    await resume(services, pointed, engine)
    await resume(services, pointed, engine)
    assert title(pointed) == ""
    assert await services.jobs.store.pending() == ()


@pytest.mark.parametrize("failure", [ChatRefused("400"), MessageGone("404"), ChatUnavailable("503")])
@pytest.mark.parametrize("more", [[], [4, 5]], ids=["a card", "a digest"])
async def test_a_pointer_that_cannot_be_drawn_anew(
    replies: Replies, services: Services, chat: FakeChat, engine: AsyncEngine, more: list[int], failure: ChatError
) -> None:
    """As where the moderators changed the layout since: the card is hidden all the same, and no title stands."""
    await replies.posted(chat, chat.write(MESSAGE, 1, *more))
    await replies.posted(chat, chat.write(OTHER, 1, 8, 9))
    edit, failures = chat.edit, [failure]

    async def fail_once(reply_id: int, content: Content) -> None:
        if reply_id == DIGEST and failures:
            raise failures.pop()
        await edit(reply_id, content)

    chat.edit = fail_once
    await replies.edited(chat, hide(chat, *more), recent=True)
    assert is_hidden(chat)
    await resume(services, chat, engine)
    shown = [first(one.content) for one in chat.sent.values() if one.message_id == OTHER]
    assert [one.title for one in shown if isinstance(one, PointerContent)] == [""] * len(shown)
    assert [one.spoiler for one in await services.replies.of_message(MESSAGE)] == [True, *(False for _ in more)]
    assert not failures
