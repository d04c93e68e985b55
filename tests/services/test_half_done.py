"""What is left half done when Discord or the database fails in between."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Collection

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.core.errors import ChatRefused, ChatUnavailable, StorageError
from bot.core.reply import Reply
from bot.services.meters import Meters, Outcome
from bot.services.ports import Content
from bot.services.replies import Replies
from bot.use_cases import Services, build_replies
from tests.chat import ALICE, CHANNEL, GUILD, NOW, FakeChat
from tests.references import erowid
from tests.services.test_replies import resume

CARD, POINTING = 100, 200
"""Messages: the first has a card, and the reply to the second points to that."""


class Counted(Meters):
    """Counts cards by what became of them."""

    def __init__(self) -> None:
        super().__init__()
        self.cards: Counter[Outcome] = Counter()

    def card(self, outcome: Outcome) -> None:
        self.cards[outcome] += 1


@pytest.fixture
async def pointed(replies: Replies, chat: FakeChat) -> FakeChat:
    """A channel with a card and a line that points to it."""
    await replies.posted(chat, chat.write(CARD, 1))
    await replies.posted(chat, chat.write(POINTING, 1))
    assert chat.shown() == ["1", "-> 1001"]
    return chat


def failing(*_: object) -> Awaitable[None]:
    raise StorageError("the database is gone")


async def follow_missed(replies: Replies, services: Services, chat: FakeChat, engine: AsyncEngine) -> None:
    """Do what is done once the database is back."""

    async def opened(_: int) -> FakeChat:
        return chat

    await replies.follow_missed(opened)
    await resume(services, chat, engine)


async def test_an_event_whose_message_cannot_be_fetched(
    replies: Replies, services: Services, pointed: FakeChat, engine: AsyncEngine
) -> None:
    """A card shows another study, and work on its message fails then: the line that pointed to it becomes the card."""
    edit = pointed.edit

    async def edit_as_an_event_comes(reply_id: int, content: Content) -> None:
        await edit(reply_id, content)
        if reply_id == 1001:
            assert await services.jobs.claim(CARD, CHANNEL, GUILD) is None
            pointed.failures["post"] = [ChatUnavailable("503")]

    pointed.edit = edit_as_an_event_comes
    with pytest.raises(ChatUnavailable):
        await replies.edited(pointed, pointed.write(CARD, 2), recent=True)
    await resume(services, pointed, engine)
    assert pointed.shown() == ["2", "1"]
    assert await services.jobs.store.pending() == ()


async def test_work_that_is_cancelled(replies: Replies, services: Services, pointed: FakeChat, engine: AsyncEngine) -> None:
    """A stop comes when a card shows another study: the next process lets the line that pointed to it become the card."""
    marking, mark = asyncio.Event(), pointed.set_mark

    async def hang(*_: object) -> None:
        marking.set()
        await asyncio.Event().wait()

    pointed.set_mark = hang
    work = asyncio.create_task(replies.edited(pointed, pointed.write(CARD, 2), recent=True))
    await marking.wait()
    work.cancel()
    await asyncio.wait({work})
    pointed.set_mark = mark
    await resume(services, pointed, engine)
    assert pointed.shown() == ["2", "1"]
    assert await services.jobs.store.pending() == ()


@pytest.mark.parametrize(
    ("deleted", "left"),
    [([1001], ["1"]), ([CARD, POINTING, 1001], [])],
    ids=["the card", "all messages"],
)
async def test_a_deletion_that_the_database_cannot_take(
    replies: Replies,
    services: Services,
    pointed: FakeChat,
    engine: AsyncEngine,
    monkeypatch: pytest.MonkeyPatch,
    deleted: list[int],
    left: list[str],
) -> None:
    """It is followed once the database is back."""
    for one in deleted:
        pointed.sent.pop(one, None)
        pointed.posts.pop(one, None)
    with monkeypatch.context() as patch:
        patch.setattr(services.replies, "remove", failing)
        with pytest.raises(StorageError):
            await replies.deleted(pointed, deleted)
    await follow_missed(replies, services, pointed, engine)
    assert pointed.shown() == left


@pytest.mark.parametrize(("answered", "shown"), [(False, []), (True, ["2"])])
async def test_an_edit_while_the_database_is_gone(
    replies: Replies,
    services: Services,
    chat: FakeChat,
    engine: AsyncEngine,
    monkeypatch: pytest.MonkeyPatch,
    answered: bool,
    shown: list[str],
) -> None:
    """It is followed later where the message was answered; an old one that was not stays without a card."""
    if answered:
        await replies.posted(chat, chat.write(CARD, 1))
    post = chat.write(CARD, 2)
    with monkeypatch.context() as patch:
        patch.setattr(services.jobs.store, "known", failing)
        with pytest.raises(StorageError):
            await replies.edited(chat, post, recent=False)
    await follow_missed(replies, services, chat, engine)
    assert chat.shown() == shown


async def test_a_digest_of_which_one_study_is_answered(
    replies: Replies, services: Services, chat: FakeChat, engine: AsyncEngine
) -> None:
    """Another process answers one link as the digest is sent: the other two are answered all the same."""
    send: Callable[[int, Content, str], Awaitable[int]] = chat.send
    first = Reply(999, CARD, erowid(1), CHANNEL, ALICE, NOW)

    async def send_as_another_does(message_id: int, content: Content, nonce: str) -> int:
        await services.replies.add(first)
        return await send(message_id, content, nonce)

    chat.send = send_as_another_does
    await replies.posted(chat, chat.write(CARD, 1, 2, 3))
    chat.send = send
    await resume(services, chat, engine)
    stored = await services.replies.of_message(CARD)
    assert Counter(one.reference for one in stored) == Counter(erowid(one) for one in (1, 2, 3))
    assert await services.jobs.store.pending() == ()


@pytest.mark.parametrize(
    ("failures", "counted"), [([ChatRefused("403")], {Outcome.DISCORD: 1}), ([], {Outcome.SENT: 3})], ids=["refused", "sent"]
)
async def test_cards_are_counted_once_they_are_sent(
    services: Services, chat: FakeChat, failures: list[ChatRefused], counted: dict[Outcome, int]
) -> None:
    """A digest that Discord refuses counts as that, and as no card."""
    meters = Counted()
    chat.failures["send"] = failures
    await build_replies(services, meters).posted(chat, chat.write(CARD, 1, 2, 3))
    assert meters.cards == counted


async def test_pointers_that_the_database_does_not_know_at_once(
    replies: Replies, services: Services, pointed: FakeChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are asked for again once the message with the card is done."""
    about, failures = services.replies.about, [StorageError("busy")]

    async def fail_once(message_ids: Collection[int]) -> tuple[Reply, ...]:
        if failures:
            raise failures.pop()
        return await about(message_ids)

    monkeypatch.setattr(services.replies, "about", fail_once)
    await replies.edited(pointed, pointed.write(CARD, 2), recent=True)
    assert pointed.shown() == ["2", "1"]


async def test_a_message_with_several_pointers_is_looked_at_once(
    replies: Replies, services: Services, chat: FakeChat
) -> None:
    """However many of its lines point to what changed."""
    await replies.posted(chat, chat.write(CARD, 1, 2, 3))
    await replies.posted(chat, chat.write(POINTING, 1, 2, 3))
    assert chat.shown() == ["1 + 2 + 3", "-> 1001 + -> 1001 + -> 1001"]
    chat.calls.clear()
    await replies.edited(chat, chat.write(CARD, 4, 5, 6), recent=True)
    assert chat.shown() == ["4 + 5 + 6", "1 + 2 + 3"]
    assert chat.calls.count("post") == 1
    job = await services.jobs.claim(POINTING, CHANNEL, GUILD, event=False)
    assert job is not None
    assert job.requests == 2
