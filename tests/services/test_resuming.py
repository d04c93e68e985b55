"""Jobs taken up, and messages of the last day compared, on a real database and a channel in memory."""

from datetime import timedelta

import pytest

from bot.core.errors import ChatRefused, ChatUnavailable, Unreachable
from bot.core.reply import Mark, ReplyJob
from bot.services.replies import Replies
from bot.services.resuming import LATEST, LOOKED_BACK, Resuming, by_channel, changed
from bot.use_cases import Services
from tests.chat import CHANNEL, GUILD, NOW, FakeChat
from tests.fakes import Pages
from tests.references import erowid

MESSAGE = 100


@pytest.fixture
def resuming(replies: Replies, services: Services) -> Resuming:
    return Resuming(replies, services.jobs.store, now=lambda: NOW)


def opening(chat: FakeChat, *refused: int):
    """Open one channel under any ID, but for those that are refused."""

    async def open_chat(channel_id: int) -> FakeChat:
        if channel_id in refused:
            raise ChatRefused("403")
        return chat

    return open_chat


def everybodys(_job: ReplyJob) -> bool:
    return True


def job(message_id: int, *answered: int, channel_id: int = CHANNEL, mark: Mark | None = None) -> ReplyJob:
    done = frozenset(map(erowid, answered))
    return ReplyJob(message_id, channel_id, GUILD, NOW, nonce_seed="", lease="", answered=done, mark=mark)


@pytest.mark.parametrize(
    ("answered", "mark", "links", "wanted", "is_changed"),
    [
        ([1], None, [1], [1], False),
        ([1], None, [], [], True),
        ([1], None, [2], [2], True),
        ([1], None, [1, 2], [1, 2], True),
        ([1], None, [1, 2], [1], False),  # moderators do not want the other one
        ([1], Mark.UNREADABLE, [1, 2], [1, 2], False),  # the other one failed
        ([], Mark.UNREADABLE, [2], [2], False),
        ([], None, [1], [1], False),  # it was never answered
    ],
)
def test_what_changed(
    chat: FakeChat, answered: list[int], mark: Mark | None, links: list[int], wanted: list[int], is_changed: bool
) -> None:
    """A link that came or went, of a message that was answered."""
    post = chat.write(MESSAGE, *links)
    found = [link for link in post.links if link.reference in map(erowid, wanted)]
    assert changed([job(MESSAGE, *answered, mark=mark)], {MESSAGE: post}, lambda _: found) == [post][: int(is_changed)]
    assert changed([job(MESSAGE, *answered, mark=mark)], {MESSAGE: None}, lambda _: found) == []
    assert changed([job(MESSAGE, *answered, mark=mark)], {}, lambda _: found) == []


def test_the_channel_with_the_newest_message_is_first() -> None:
    jobs = [job(1, channel_id=5), job(9, channel_id=6), job(3, channel_id=5), job(4, channel_id=7)]
    assert [[one.message_id for one in of_channel] for of_channel in by_channel(jobs)] == [[9], [4], [1, 3]]


async def test_changes_are_followed(resuming: Resuming, replies: Replies, chat: FakeChat) -> None:
    """Deletions and edits that nobody told of."""
    for number in (1, 2, 3):
        await replies.posted(chat, chat.write(MESSAGE + number, number))
    del chat.posts[MESSAGE + 1]
    chat.write(MESSAGE + 2, 4)
    (jobs,) = await resuming.done_lately(everybodys)
    await resuming.follow_changes(opening(chat), jobs)
    assert chat.shown() == ["4", "3"]


async def test_whose_changes(resuming: Resuming, replies: Replies, services: Services, chat: FakeChat) -> None:
    """Those of jobs that are done, not older than a day, and ours."""
    await replies.posted(chat, chat.write(MESSAGE, 1))
    await services.jobs.store.request(MESSAGE + 1, CHANNEL, GUILD)
    assert [[one.message_id for one in jobs] for jobs in await resuming.done_lately(everybodys)] == [[MESSAGE]]
    assert await resuming.done_lately(lambda _: False) == []
    later = Resuming(replies, services.jobs.store, now=lambda: NOW + LOOKED_BACK + timedelta(seconds=1))
    assert await later.done_lately(everybodys) == []


@pytest.mark.parametrize("error", [ChatUnavailable("503"), Unreachable("reset"), ValueError("what nobody foresaw")])
async def test_a_channel_that_cannot_be_looked_at(resuming: Resuming, replies: Replies, chat: FakeChat, error) -> None:
    """Its cards stay as they are."""
    await replies.posted(chat, chat.write(MESSAGE, 1))
    chat.write(MESSAGE, 2)
    chat.failures["find_posts"] = [error]
    (jobs,) = await resuming.done_lately(everybodys)
    await resuming.follow_changes(opening(chat), jobs)
    assert chat.shown() == ["1"]


async def test_pending_jobs(resuming: Resuming, services: Services, chat: FakeChat, pages: Pages) -> None:
    """All are counted, those of others too; one that fails is no matter of the others, and a lost channel ends its job."""
    for number in range(1, 5):
        chat.write(MESSAGE + number, number)
        await services.jobs.store.request(MESSAGE + number, number, GUILD)
    pages.answers[erowid(2)] = ValueError("what nobody foresaw")
    ours = resuming.resume_pending(opening(chat, 3), lambda one: one.message_id != MESSAGE + 4)
    assert await ours == 4
    assert chat.shown() == ["1"]
    assert [one.message_id for one in await services.jobs.store.pending()] == [MESSAGE + 4]


@pytest.mark.parametrize(("age", "shown"), [(LATEST, ["1"]), (LATEST + timedelta(seconds=1), [])])
async def test_late(replies: Replies, services: Services, chat: FakeChat, age: timedelta, shown: list[str]) -> None:
    """After an hour nothing new is sent."""
    chat.write(MESSAGE, 1)
    await services.jobs.store.request(MESSAGE, CHANNEL, GUILD)
    assert await Resuming(replies, services.jobs.store, now=lambda: NOW + age).resume_pending(opening(chat), everybodys) == 1
    assert chat.shown() == shown
    assert await services.jobs.store.pending() == ()
