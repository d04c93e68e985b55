"""What happens to a message while the services are asked: the edit of its card waits for that, or is left to others."""

import asyncio

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.adapters.database.locks import LocalLocks
from bot.adapters.database.transactions import SharedTransactions
from bot.adapters.stores.jobs import SqlJobs
from bot.services.jobs import Jobs
from bot.services.replies import Replies
from tests.chat import NOW, FakeChat
from tests.services.card_updates.slow import DOI, MESSAGE, Slow, dois, known, updated


def jobs_of_another_process(engine: AsyncEngine) -> Jobs:
    return Jobs(SqlJobs(engine, SharedTransactions(engine), lambda: NOW), LocalLocks())


async def test_another_process_works_on_the_message(
    replies: Replies, service: Slow, chat: FakeChat, engine: AsyncEngine
) -> None:
    """The card is left to that process, whose lease and job stay as they are."""
    await replies.posted(chat, chat.write(MESSAGE, 1))
    other = jobs_of_another_process(engine)
    job = await other.claim(MESSAGE, chat.channel_id, chat.guild_id)
    service.gate.set()
    await updated()
    assert "edit" not in chat.calls
    assert await other.settle(job, retry_in=None) is None


async def test_this_process_still_works_on_the_message(
    replies: Replies, service: Slow, chat: FakeChat, engine: AsyncEngine
) -> None:
    """While the second card is being sent, the first one has its edit; the lease is held until that is over."""
    second_may_go, edit_begun, edit_may_go = (asyncio.Event() for _ in range(3))
    send, edit = chat.send, chat.edit

    async def send_slowly(*given) -> int:
        if chat.sent:
            await second_may_go.wait()
        return await send(*given)

    async def edit_slowly(*given) -> None:
        edit_begun.set()
        await edit_may_go.wait()
        await edit(*given)

    chat.send, chat.edit = send_slowly, edit_slowly
    service.gate.set()
    work = asyncio.create_task(replies.posted(chat, chat.write(MESSAGE, 1, 2)))
    await edit_begun.wait()
    assert chat.shown() == ["1"]
    second_may_go.set()
    await asyncio.wait({work}, timeout=0.1)
    assert not work.done()
    other = jobs_of_another_process(engine)
    assert await other.claim(MESSAGE, chat.channel_id, chat.guild_id) is None
    edit_may_go.set()
    await work
    await updated()
    assert (chat.shown(), dois(chat)) == (["1", "2"], [DOI, DOI])
    assert await other.claim(MESSAGE, chat.channel_id, chat.guild_id) is not None


async def test_an_edit_of_the_message_meanwhile(replies: Replies, service: Slow, chat: FakeChat) -> None:
    """It is followed once the card's edit is over: what the message links to by then is what stands."""
    await replies.posted(chat, chat.write(MESSAGE, 1))
    edit, following = chat.edit, list[asyncio.Task[None]]()

    async def edit_slowly(*given) -> None:
        chat.edit = edit
        following.append(asyncio.create_task(replies.edited(chat, chat.write(MESSAGE, 2), recent=True)))
        await asyncio.wait(following, timeout=0.1)
        await edit(*given)

    chat.edit = edit_slowly
    service.gate.set()
    await updated()
    await asyncio.gather(*following)
    await updated()
    (enrichment,) = known(chat)
    assert (chat.shown(), enrichment.pmid) == (["2"], "90000002")
