"""Replies where Discord, the database or the site fails."""

import asyncio

import pytest
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.adapters.database.tables import ReplyJobRow
from bot.adapters.stores.jobs import SqlJobs
from bot.adapters.stores.replies import SqlReplies
from bot.core.errors import ChatRefused, ChatUnavailable, MessageGone, StorageError
from bot.core.reply import Mark
from bot.services.ports import Content
from bot.services.replies import Replies
from bot.use_cases import Services, build_replies
from tests.chat import FakeChat
from tests.fakes import Pages
from tests.services.test_replies import MESSAGE, resume


@pytest.mark.parametrize(
    ("failure", "first", "mark"),
    [
        (ChatUnavailable("503"), [], Mark.UNREADABLE),
        (ChatRefused("403"), [], Mark.UNREADABLE),
        (MessageGone("404"), [], Mark.UNREADABLE),
    ],
)
async def test_a_reply_that_fails(
    replies: Replies, services: Services, chat: FakeChat, engine: AsyncEngine, failure, first, mark
) -> None:
    """The message is marked; what may pass is tried again later, with the nonce of before, and the mark goes."""
    chat.failures["send"] = [failure]
    await replies.posted(chat, chat.write(MESSAGE, 1))
    assert (chat.shown(), chat.marks) == (first, {MESSAGE: mark})
    await resume(services, chat, engine)
    if isinstance(failure, ChatUnavailable):
        assert (chat.shown(), chat.marks) == (["1"], {})
    else:
        assert (chat.shown(), chat.marks) == ([], {MESSAGE: mark})
    assert await services.jobs.store.pending() == ()


async def test_a_reply_that_arrived_though_it_failed(
    replies: Replies, services: Services, chat: FakeChat, engine: AsyncEngine
) -> None:
    """The next process finds it in the channel's history, and sends none."""
    await replies.posted(chat, chat.write(MESSAGE, 1))
    sent = dict(chat.sent)
    await services.replies.remove(sent)
    async with engine.begin() as connection:
        await connection.execute(update(ReplyJobRow).values(completed=0, answered=""))
    await resume(services, chat, engine)
    assert chat.sent == sent
    assert [one.id for one in await services.replies.of_message(MESSAGE)] == list(sent)


async def test_work_that_is_cut_off(replies: Replies, services: Services, chat: FakeChat, engine: AsyncEngine) -> None:
    """A link that was taken out and comes back is answered, though the process ended when it had redrawn its card."""
    await replies.posted(chat, chat.write(MESSAGE, 1))
    edit = chat.edit

    async def cut_off(reply_id: int, content: Content) -> None:
        await edit(reply_id, content)
        raise asyncio.CancelledError

    chat.edit = cut_off
    with pytest.raises(asyncio.CancelledError):
        await replies.edited(chat, chat.write(MESSAGE, 2), recent=True)
    chat.edit = edit
    assert chat.shown() == ["2"]
    chat.write(MESSAGE, 2, 1)
    await resume(services, chat, engine)
    assert chat.shown() == ["2", "1"]


async def test_a_deletion_that_fails(replies: Replies, services: Services, chat: FakeChat, engine: AsyncEngine) -> None:
    """The card of a deleted message goes in the end."""
    await replies.posted(chat, chat.write(MESSAGE, 1))
    del chat.posts[MESSAGE]
    chat.failures["delete"] = [ChatUnavailable("503")]
    await replies.deleted(chat, [MESSAGE])
    assert chat.shown() == ["1"]
    await resume(services, chat, engine)
    assert chat.shown() == []
    assert await services.replies.of_message(MESSAGE) == ()
    assert await services.jobs.store.pending() == ()


async def test_work_that_is_cancelled(
    replies: Replies, services: Services, chat: FakeChat, pages: Pages, engine: AsyncEngine
) -> None:
    """As at the end of a process: the next one may take it up at once."""
    pages.gate.clear()
    work = asyncio.create_task(replies.posted(chat, chat.write(MESSAGE, 1)))
    await pages.until_asked()
    work.cancel()
    await asyncio.gather(work, return_exceptions=True)
    pages.gate.set()
    (job,) = await services.jobs.store.pending()
    await build_replies(services).resume(chat, job)
    assert chat.shown() == ["1"]


async def test_a_database_that_fails_in_the_middle(
    replies: Replies, services: Services, chat: FakeChat, engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The card that could not be stored is found, and goes with its message."""

    async def fail(*_: object, **__: object) -> None:
        raise StorageError("gone")

    with monkeypatch.context() as patch:
        patch.setattr(type(services.replies), "add", fail)
        await replies.posted(chat, chat.write(MESSAGE, 1))
    assert chat.shown() == ["1"]
    await resume(services, chat, engine)
    assert len(await services.replies.of_message(MESSAGE)) == 1
    del chat.posts[MESSAGE]
    await replies.deleted(chat, [MESSAGE])
    assert chat.shown() == []


async def test_a_deletion_while_the_database_is_gone(
    replies: Replies, services: Services, chat: FakeChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is followed once the database is back."""

    async def fail(*_: object, **__: object) -> None:
        raise StorageError("gone")

    async def same(_channel_id: int) -> FakeChat:
        return chat

    await replies.posted(chat, chat.write(MESSAGE, 1))
    del chat.posts[MESSAGE]
    with monkeypatch.context() as patch:
        patch.setattr(type(services.replies), "about", fail)
        with pytest.raises(StorageError):
            await replies.deleted(chat, [MESSAGE])
    await replies.follow_missed(same)
    assert chat.shown() == []


async def test_one_message_of_a_purge_that_fails(replies: Replies, services: Services, chat: FakeChat) -> None:
    """The others have their turn."""
    for number in range(3):
        await replies.posted(chat, chat.write(MESSAGE + number, number + 1))
    chat.posts.clear()
    chat.failures["delete"] = [ChatUnavailable("503")]
    await replies.deleted(chat, [MESSAGE, MESSAGE + 1, MESSAGE + 2])
    assert chat.shown() == ["1"]


async def test_a_pointer_that_cannot_become_the_card_now(
    replies: Replies, services: Services, chat: FakeChat, engine: AsyncEngine
) -> None:
    """It does so later."""
    for number in range(2):
        await replies.posted(chat, chat.write(MESSAGE + number, 1))
    del chat.posts[MESSAGE]
    chat.failures["edit"] = [ChatUnavailable("503")]
    await replies.deleted(chat, [MESSAGE])
    await resume(services, chat, engine)
    assert chat.shown() == ["1"]


async def test_an_edit_while_the_database_is_gone(
    replies: Replies, services: Services, chat: FakeChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is followed once the database is back."""

    async def fail(*_: object, **__: object) -> None:
        raise StorageError("gone")

    await replies.posted(chat, chat.write(MESSAGE, 1))
    with monkeypatch.context() as patch:
        patch.setattr(SqlJobs, "known", fail)
        with pytest.raises(StorageError):
            await replies.edited(chat, chat.write(MESSAGE), recent=True)
    await replies.follow_missed(lambda _: None)
    (job,) = await services.jobs.store.pending()
    await replies.resume(chat, job)
    assert chat.shown() == []


async def test_a_channel_that_can_no_longer_be_reached(replies: Replies, chat: FakeChat, monkeypatch) -> None:
    """What was missed there is given up, and holds up nothing else."""

    async def gone(_: int) -> FakeChat:
        raise MessageGone("404")

    async def fail(*_: object, **__: object) -> None:
        raise StorageError("gone")

    with monkeypatch.context() as patch:
        patch.setattr(SqlReplies, "about", fail)
        with pytest.raises(StorageError):
            await replies.deleted(chat, [MESSAGE])
    await replies.follow_missed(gone)
    await replies.follow_missed(gone)
