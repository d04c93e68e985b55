"""What becomes of a card while the services are asked: it is edited once at most, and only while it shows that study."""

from dataclasses import replace

import pytest
from sqlalchemy import text, update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.adapters.database.tables import ReplyRow
from bot.core.errors import ChatRefused, ChatUnavailable, MessageGone, Unreachable
from bot.core.links import Link
from bot.core.record import Record
from bot.services.card_updates import CardUpdates
from bot.services.inquiries import MOST
from bot.services.ports import CardContent
from bot.services.replies import Replies
from bot.services.work import Work
from bot.use_cases import Services, build_replies
from tests.chat import FakeChat
from tests.references import erowid
from tests.services.card_updates.slow import DOI, MESSAGE, Slow, dois, done, known, updated


async def test_the_card_does_not_wait(replies: Replies, service: Slow, chat: FakeChat) -> None:
    """The message is done before a service answers; then one edit, and the citation has the DOI."""
    await replies.posted(chat, chat.write(MESSAGE, 1, 2))
    assert (chat.shown(), dois(chat)) == (["1", "2"], [None, None])
    service.gate.set()
    await updated()
    assert dois(chat) == [DOI, DOI]
    assert chat.calls.count("edit") == 2
    assert all(f"https://doi.org/{DOI}" in one.content.card.citation.text for one in chat.sent.values())


async def test_several_studies_in_one_message(replies: Replies, service: Slow, chat: FakeChat) -> None:
    """One edit for all of them; what is hidden, failed or had no place stays as it is."""
    await replies.posted(chat, chat.write(MESSAGE - 1, 2))
    await replies.posted(chat, chat.write(MESSAGE, *range(1, 8)))
    (pointed, digest) = sorted(chat.sent)
    assert chat.shown() == ["2", f"1 + -> {pointed} + 3 + 4 + 5"]
    service.gate.set()
    await updated()
    content = chat.sent[digest].content
    assert chat.shown() == ["2", f"1 + -> {pointed} + 3 + 4 + 5"]
    assert [entry.card.study.enrichment.doi for entry in content.entries if isinstance(entry, CardContent)] == [DOI] * 4
    assert (content.more, chat.calls.count("edit")) == (2, 2)


@pytest.mark.parametrize("change", [(1, 3), (1, 2, 3, 4), ()])
async def test_a_digest_that_shows_something_else_by_now(
    replies: Replies, service: Slow, chat: FakeChat, change: tuple[int, ...]
) -> None:
    """The old studies do not come back; those of now have their own edit."""
    await replies.posted(chat, chat.write(MESSAGE, 1, 2, 3))
    await replies.edited(chat, chat.write(MESSAGE, *change), recent=True)
    shown = chat.shown()
    service.gate.set()
    await updated()
    assert chat.shown() == shown == ([" + ".join(map(str, change))] if change else [])
    assert all(entry.card.study.enrichment.doi == DOI for one in chat.sent.values() for entry in one.content.entries)


async def test_one_inquiry_for_many_cards(replies: Replies, service: Slow) -> None:
    """Twenty channels show a study at once: one inquiry, and each card has its edit."""
    chats = [FakeChat(channel_id=number, calls=["send"] * number) for number in range(100, 120)]  # each numbers its replies
    for number, chat in enumerate(chats, MESSAGE):
        await replies.posted(chat, chat.write(number, 1))
    service.gate.set()
    await updated()
    assert service.asked == 1
    assert [dois(chat) for chat in chats] == [[DOI]] * 20


async def test_no_patience(services: Services, service: Slow, chat: FakeChat) -> None:
    """What comes too late is kept for a later card; this one stays."""
    updates = CardUpdates(services.replies, services.jobs, services.inquiries, patience=0.01)
    replies = build_replies(services, updates=updates)
    await replies.posted(chat, chat.write(MESSAGE, 1))
    await done("update a card")
    service.gate.set()
    await updated()
    assert (dois(chat), "edit" in chat.calls) == ([None], False)
    await replies.posted(other := FakeChat(channel_id=8), other.write(MESSAGE + 1, 1))
    assert dois(other) == [DOI]
    await updated()
    assert service.asked == 1


async def test_a_card_that_went(replies: Replies, service: Slow, chat: FakeChat) -> None:
    """Its message was deleted meanwhile: nothing is edited."""
    await replies.posted(chat, chat.write(MESSAGE, 1))
    del chat.posts[MESSAGE]
    await replies.deleted(chat, [MESSAGE])
    service.gate.set()
    await updated()
    assert (chat.shown(), "edit" in chat.calls) == ([], False)


async def test_a_card_that_shows_another_study(replies: Replies, service: Slow, chat: FakeChat) -> None:
    """An edited message reuses its reply: the new study's knowledge comes, never the old one's."""
    await replies.posted(chat, chat.write(MESSAGE, 1))
    await replies.edited(chat, chat.write(MESSAGE, 2), recent=True)
    assert chat.shown() == ["2"]
    service.gate.set()
    await updated()
    (enrichment,) = known(chat)
    assert (chat.shown(), enrichment.pmid) == (["2"], "90000002")
    assert chat.calls.count("edit") == 2  # the message's own, and the services'


@pytest.mark.parametrize("change", [{"reference": erowid(2)}, {"target_id": 5}])
async def test_another_process_let_it_show_something_else(
    change: dict[str, int], replies: Replies, services: Services, service: Slow, chat: FakeChat, engine: AsyncEngine
) -> None:
    """What the store says of the reply counts."""
    await replies.posted(chat, chat.write(MESSAGE, 1))
    (reply,) = await services.replies.of_message(MESSAGE)
    async with engine.begin() as connection:
        await connection.execute(update(ReplyRow).where(ReplyRow.id == reply.id).values(change))
    service.gate.set()
    await updated()
    assert "edit" not in chat.calls


async def test_a_spoiler_that_came_meanwhile(replies: Replies, service: Slow, chat: FakeChat) -> None:
    """The edit keeps the card hidden, or shown, as it is by then."""
    await replies.posted(chat, chat.write(MESSAGE, 1))
    post = chat.write(MESSAGE)
    chat.posts[MESSAGE] = hidden = type(post)(
        *(post.id, post.channel_id, post.place, post.author_id, post.created_at),
        (Link(erowid(1), spoiler=True),),
        version=post.version,
    )
    await replies.edited(chat, hidden, recent=True)
    service.gate.set()
    await updated()
    (sent,) = chat.sent.values()
    assert (sent.content.spoiler, dois(chat)) == (True, [DOI])
    assert chat.calls.count("edit") == 2


@pytest.mark.parametrize("error", [Unreachable("reset"), ValueError("what nobody foresaw")])
async def test_a_service_that_fails(replies: Replies, service: Slow, chat: FakeChat, error: Exception) -> None:
    """The card stays, and the next card's study is asked for anew."""
    service.failing = error
    service.gate.set()
    await replies.posted(chat, chat.write(MESSAGE, 1))
    await updated()
    assert (chat.shown(), "edit" in chat.calls) == (["1"], False)
    asked, service.failing = service.asked, None
    await replies.posted(other := FakeChat(channel_id=8), other.write(MESSAGE + 1, 1))
    await updated()
    assert service.asked > asked
    assert dois(other) == [DOI]


@pytest.mark.parametrize("error", [MessageGone("404"), ChatRefused("403"), ChatUnavailable("503")])
async def test_an_edit_that_fails(replies: Replies, service: Slow, chat: FakeChat, error: Exception) -> None:
    """It is not tried again; the card stays."""
    chat.failures["edit"] = [error]
    service.gate.set()
    await replies.posted(chat, chat.write(MESSAGE, 1))
    await updated()
    assert (dois(chat), chat.calls.count("edit")) == ([None], 1)


async def test_a_database_that_fails_meanwhile(replies: Replies, service: Slow, chat: FakeChat, engine: AsyncEngine) -> None:
    """Whether the card still stands is not known, so it stays."""
    await replies.posted(chat, chat.write(MESSAGE, 1))
    async with engine.begin() as connection:
        await connection.execute(text("ALTER TABLE replies RENAME TO gone"))
    service.gate.set()
    await updated()
    assert (dois(chat), "edit" in chat.calls) == ([None], False)


async def test_a_reply_sent_twice(services: Services, service: Slow, chat: FakeChat) -> None:
    """Discord takes two sends with one nonce for one: it is one card, with one edit."""
    updates = CardUpdates(services.replies, services.jobs, services.inquiries)
    await build_replies(services, updates=updates).posted(chat, chat.write(MESSAGE, 1))
    (reply,) = await services.replies.of_message(MESSAGE)
    updates.follow(chat, [reply], chat.sent[reply.id].content)
    service.gate.set()
    await updated()
    assert (dois(chat), chat.calls.count("edit")) == ([DOI], 1)


async def test_the_end(replies: Replies, services: Services, service: Slow, work: Work, chat: FakeChat) -> None:
    """A process that ends waits for no service: what is asked is given up, and no card is edited."""
    await replies.posted(chat, chat.write(MESSAGE, 1))
    await service.begun.wait()
    assert await work.finish(5) == 0
    service.gate.set()
    await updated()
    assert "edit" not in chat.calls
    service.gate.clear()
    await replies.posted(chat, chat.write(MESSAGE + 1, 2))
    assert services.inquiries.count == 0


async def test_an_inquiry_that_is_stopped(replies: Replies, services: Services, service: Slow, chat: FakeChat) -> None:
    """Closing the services ends the inquiries, and with them the updates."""
    await replies.posted(chat, chat.write(MESSAGE, 1))
    await service.begun.wait()
    await services.inquiries.close()
    await updated()
    assert ("edit" in chat.calls, services.inquiries.count) == (False, 0)


async def test_too_many(services: Services) -> None:
    """Inquiries are bounded; the rest is left to later cards."""
    begun = [services.inquiries.begin(Record(erowid(number), "Inventamine")) for number in range(1, MOST + 5)]
    assert (services.inquiries.count, sum(one is None for one in begun)) == (MOST, 4)
    assert services.inquiries.begin(Record(erowid(1), "Inventamine")) is begun[0]
    assert services.inquiries.begin(Record(None, "A saved page")) is None


async def test_a_pointer_in_a_digest_to_a_card_that_is_hidden_meanwhile(
    replies: Replies, chat: FakeChat, service: Slow
) -> None:
    """The cards beside it are updated; the title that was taken out of its line stays away."""
    post = chat.write(MESSAGE, 1)
    await replies.posted(chat, post)
    await replies.posted(chat, chat.write(200, 1, 2, 3))
    chat.posts[MESSAGE] = replace(post, links=(Link(erowid(1), spoiler=True),), version=1)
    await replies.edited(chat, chat.posts[MESSAGE], recent=True)
    service.gate.set()
    await updated()
    pointer, *cards = list(chat.sent.values())[1].content.entries
    assert pointer.title == ""
    assert [one.card.study.enrichment.doi for one in cards] == [DOI, DOI]
