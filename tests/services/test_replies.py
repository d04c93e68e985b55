"""Replies to messages, on a real database and a channel in memory: what goes wrong, and how it ends."""

import asyncio

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.adapters.database.tables import ReplyJobRow
from bot.core.channel_settings import Mode, Scope, Target
from bot.core.errors import TooBusy, Unreachable
from bot.core.reply import Mark, Reply
from bot.services.replies import Replies
from bot.use_cases import Services, build_replies
from tests.chat import ALICE, GUILD, NOW, FakeChat
from tests.fakes import Pages
from tests.references import erowid

MESSAGE = 100


async def resume(services: Services, chat: FakeChat, engine: AsyncEngine) -> None:
    """Let another process take up what is pending, as after half a minute."""
    async with engine.begin() as connection:
        await connection.execute(update(ReplyJobRow).values(lease_until=0))
    for job in await services.jobs.store.pending():
        await build_replies(services).resume(chat, job)


async def test_a_link(replies: Replies, services: Services, chat: FakeChat) -> None:
    """It gets its card, which is stored; nothing is left to do."""
    await replies.posted(chat, chat.write(MESSAGE, 1))
    assert chat.shown() == ["1"]
    (reply,) = await services.replies.of_message(MESSAGE)
    assert (reply.reference, reply.is_pointer, reply.guild_id) == (erowid(1), False, GUILD)
    assert await services.jobs.store.pending() == ()
    assert chat.marks == {}


async def test_a_message_deleted_half_way(replies: Replies, services: Services, chat: FakeChat, pages: Pages) -> None:
    """What was sent goes, and nothing more is sent."""
    pages.gate.clear()
    work = asyncio.create_task(replies.posted(chat, chat.write(MESSAGE, 1, 2, 3)))
    await pages.until_asked()
    del chat.posts[MESSAGE]
    await replies.deleted(chat, [MESSAGE])
    pages.gate.set()
    await work
    assert chat.shown() == []
    assert "send" not in chat.calls
    assert await services.replies.of_message(MESSAGE) == ()
    assert await services.jobs.store.pending() == ()


async def test_edits_while_it_is_worked_on(replies: Replies, services: Services, chat: FakeChat, pages: Pages) -> None:
    """However many: it ends as the message does, and the message is fetched once more."""
    pages.gate.clear()
    work = asyncio.create_task(replies.posted(chat, chat.write(MESSAGE, 1)))
    await pages.until_asked()
    for number in (2, 3, 4):
        await replies.edited(chat, chat.write(MESSAGE, number), recent=True)
    pages.gate.set()
    await work
    assert chat.shown() == ["4"]
    assert chat.calls.count("post") == 1
    assert await services.jobs.store.pending() == ()


async def test_another_process_answered_the_same_link(replies: Replies, services: Services, chat: FakeChat) -> None:
    """The database knows one reply for a message and a record: the second one is taken back."""
    send = chat.send

    async def late(message_id, content, nonce) -> int:
        await send(message_id, content, "another's")
        await services.replies.add(next(iter(await other(services, chat))))
        return await send(message_id, content, nonce)

    chat.send = late
    await replies.posted(chat, chat.write(MESSAGE, 1))
    assert chat.shown() == ["1"]
    assert [one.id for one in await services.replies.of_message(MESSAGE)] == list(chat.sent)


async def other(services: Services, chat: FakeChat):
    """The reply of another process."""
    (reply_id,) = chat.sent
    return [Reply(reply_id, MESSAGE, erowid(1), chat.channel_id, 9, NOW, guild_id=GUILD)]


async def test_a_link_that_cannot_be_had(replies: Replies, services: Services, chat: FakeChat, pages: Pages) -> None:
    """The mark is its answer; an edit tries again, also one that keeps the link."""
    pages.answer = Unreachable("down")
    await replies.posted(chat, chat.write(MESSAGE, 1))
    assert (chat.shown(), chat.marks) == ([], {MESSAGE: Mark.UNREADABLE})
    assert await services.jobs.store.pending() == ()
    pages.answer = Pages().answer
    await replies.edited(chat, chat.write(MESSAGE, 1), recent=True)
    assert (chat.shown(), chat.marks) == (["1"], {})


async def test_the_cool_down(replies: Replies, services: Services, chat: FakeChat) -> None:
    """Who pastes a record again gets a pointer; it becomes the card where that goes, and later pointers follow."""
    for number in range(3):
        await replies.posted(chat, chat.write(MESSAGE + number, 1))
    first, second, third = sorted(chat.sent)
    assert chat.shown() == ["1", f"-> {first}", f"-> {first}"]
    del chat.posts[MESSAGE]
    await replies.deleted(chat, [MESSAGE])
    assert chat.shown() == ["1", f"-> {second}"]
    assert set(chat.sent) == {second, third}


async def test_offers(replies: Replies, services: Services, chat: FakeChat) -> None:
    """One is made, accepted once, and gone."""
    await services.settings.set(GUILD, Target(Scope.GUILD, GUILD), {"mode": Mode.ASK}, by=1)
    await replies.posted(chat, chat.write(MESSAGE, 1))
    assert (chat.shown(), chat.marks) == ([], {MESSAGE: Mark.OFFER})
    await asyncio.gather(*(replies.clicked(chat, MESSAGE, ALICE) for _ in range(3)))
    assert (chat.shown(), chat.marks) == (["1"], {})
    await replies.clicked(chat, MESSAGE, ALICE)
    assert chat.calls.count("send") == 1


async def test_a_channel_that_is_closed_meanwhile(
    replies: Replies, services: Services, chat: FakeChat, pages: Pages
) -> None:
    """Nothing is sent, nothing is marked, nothing is left to do."""
    pages.gate.clear()
    work = asyncio.create_task(replies.posted(chat, chat.write(MESSAGE, 1)))
    await pages.until_asked()
    chat.open = False
    pages.gate.set()
    await work
    assert (chat.shown(), chat.marks) == ([], {})
    assert await services.jobs.store.pending() == ()


async def test_a_message_that_the_bot_did_not_see_posted(replies: Replies, services: Services, chat: FakeChat) -> None:
    """An old message's edit gets no card out of nowhere."""
    await replies.edited(chat, chat.write(MESSAGE, 1), recent=False)
    assert chat.shown() == []
    assert await services.jobs.store.known([MESSAGE]) == frozenset()


async def test_a_mark_heals_by_its_posters_click(replies: Replies, chat: FakeChat, pages: Pages) -> None:
    """Once the site is back; anybody else's click does nothing."""
    pages.answer = Unreachable("down")
    await replies.posted(chat, chat.write(MESSAGE, 1))
    pages.answer = Pages().answer
    await replies.clicked(chat, MESSAGE, ALICE + 1)
    assert (chat.shown(), chat.marks) == ([], {MESSAGE: Mark.UNREADABLE})
    await replies.clicked(chat, MESSAGE, ALICE)
    assert (chat.shown(), chat.marks) == (["1"], {})


async def test_a_site_that_is_left_alone(
    replies: Replies, services: Services, chat: FakeChat, pages: Pages, engine: AsyncEngine
) -> None:
    """While its circuit is open a message is marked at once; its card comes when the circuit closes, and not before."""
    pages.answer = TooBusy("the circuit is open", retry_after=1_000)
    await replies.posted(chat, chat.write(MESSAGE, 1))
    assert (chat.shown(), chat.marks) == ([], {MESSAGE: Mark.UNREADABLE})
    assert await services.jobs.store.pending() == ()
    pages.answer = Pages().answer
    await resume(services, chat, engine)
    assert (chat.shown(), chat.marks) == (["1"], {})


async def test_an_edit_while_a_job_waits_for_its_retry(replies: Replies, chat: FakeChat, pages: Pages) -> None:
    """It is followed at once."""
    pages.answer = TooBusy("the circuit is open", retry_after=1_000)
    await replies.posted(chat, chat.write(MESSAGE, 1))
    await replies.edited(chat, chat.write(MESSAGE), recent=True)
    assert (chat.shown(), chat.marks) == ([], {})


async def test_an_event_that_comes_before_a_retry(
    replies: Replies, services: Services, chat: FakeChat, pages: Pages, engine: AsyncEngine
) -> None:
    """A deletion that comes while one link is sent and another has to wait is followed soon, not after the wait."""
    pages.answers[erowid(2)] = TooBusy("the circuit is open", retry_after=900)
    chat.write(MESSAGE, 2, 1)
    send = chat.send

    async def send_and_delete(*given) -> int:
        sent = await send(*given)
        post = chat.posts.pop(MESSAGE)
        await replies.deleted(chat, [post.id])
        return sent

    chat.send = send_and_delete
    await replies.posted(chat, chat.posts[MESSAGE])
    (job,) = await services.jobs.store.pending()
    await build_replies(services).resume(chat, job)
    assert chat.shown() == []


async def test_a_late_job(replies: Replies, services: Services, chat: FakeChat) -> None:
    """After an hour replies go with their links, but none come; nor do they later."""
    await replies.posted(chat, chat.write(MESSAGE, 1))
    await services.jobs.store.request(MESSAGE, chat.channel_id, GUILD)
    chat.write(MESSAGE, 2)
    (job,) = await services.jobs.store.pending()
    await replies.resume(chat, job, late=True)
    assert chat.shown() == []
    assert await services.jobs.store.pending() == ()
    assert (await services.jobs.claim(MESSAGE, chat.channel_id, GUILD)).answered == {erowid(2)}
