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
from bot.core.errors import ChatRefused, ChatUnavailable, MessageGone, RecordNotFound, TooBusy
from bot.core.links import Link
from bot.core.reply import Mark
from bot.core.source import Request
from bot.services.ports import DigestContent, Page
from bot.services.replies import Replies
from bot.use_cases import Services, build_replies
from tests.chat import ALICE, GUILD, FakeChat
from tests.fakes import Pages
from tests.references import erowid, number_of

MESSAGE, OTHER = 100, 200


async def resume(services: Services, chat: FakeChat, engine: AsyncEngine, *, begun: bool = False) -> None:
    """Let another process take up what is pending; `begun`: as if all had been begun, and nothing finished."""
    async with engine.begin() as connection:
        await connection.execute(update(ReplyJobRow).values(lease_until=0))
        if begun:
            await connection.execute(update(ReplyJobRow).values(completed=0, answered=""))
    for job in await services.jobs.pending():
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
    assert await services.jobs.pending() == ()
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


async def test_links_that_fail_for_a_while(
    replies: Replies, services: Services, chat: FakeChat, pages: Pages, engine: AsyncEngine
) -> None:
    """They are tried again later, and the message is completed."""
    pages.answers[erowid(2)] = TooBusy("open")
    await replies.posted(chat, chat.write(MESSAGE, 1, 2, 3, 4))
    assert (chat.shown(), said(chat)) == (["1 + 3 + 4"], (("Erowid 2",), 0))
    assert [job.message_id for job in await services.jobs.pending()] == []  # it waits
    del pages.answers[erowid(2)]
    await resume(services, chat, engine)
    assert (chat.shown(), said(chat)) == (["1 + 3 + 4 + 2"], ((), 0))
    assert chat.marks == {}


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
    assert await services.jobs.pending() == ()


@pytest.mark.parametrize("known", [True, False])
async def test_taken_up_after_a_crash(
    replies: Replies, services: Services, chat: FakeChat, pages: Pages, engine: AsyncEngine, known: bool
) -> None:
    """A digest that was sent is found in the channel's history if no store knows it; nothing is sent twice."""
    missing(pages, 2)
    await replies.posted(chat, chat.write(OTHER, 3))
    await replies.posted(chat, chat.write(MESSAGE, *range(1, 8)))
    shown = chat.shown()
    assert shown[1].startswith("1 + -> ")
    if not known:
        await services.replies.remove([max(chat.sent)])
    await resume(services, chat, engine, begun=True)
    assert (sorted(shown[1].split(" + ")), chat.shown()[0]) == (sorted(chat.shown()[1].split(" + ")), shown[0])
    assert (len(chat.sent), sorted(await stored(services))) == (2, [1, 3, 4, 5, 6])
    assert said(chat, 1)[1] + len(said(chat, 1)[0]) == 2
    assert chat.calls.count("send") == 2
    assert await services.jobs.pending() == ()


@pytest.mark.parametrize("links", [[1, 2, 3], [2, 3]])
async def test_lines_that_nobody_stored(
    replies: Replies, services: Services, chat: FakeChat, engine: AsyncEngine, links: list[int]
) -> None:
    """Each is known again by what it points to, also where all point to one message, in one message or several."""
    await replies.posted(chat, chat.write(MESSAGE, 1, 2, 3))
    await replies.posted(chat, chat.write(OTHER, *links))
    shown = dict(chat.sent)
    await services.replies.remove([one for one in shown if shown[one].message_id == OTHER])
    await resume(services, chat, engine, begun=True)
    assert (chat.sent.keys(), chat.calls.count("send")) == (shown.keys(), len(shown))
    assert sorted(await stored(services, OTHER)) == links


async def test_sent_again_with_the_same_nonce(
    replies: Replies, services: Services, chat: FakeChat, engine: AsyncEngine
) -> None:
    """Discord gives back the message that nobody saw arrive."""
    chat.failures["send"] = [ChatUnavailable("503")]
    await replies.posted(chat, chat.write(MESSAGE, 1, 2, 3))
    assert (chat.shown(), chat.marks) == ([], {MESSAGE: Mark.UNREADABLE})
    await resume(services, chat, engine)
    assert (chat.shown(), chat.marks) == (["1 + 2 + 3"], {})


@pytest.mark.parametrize(
    ("failure", "links", "shown"),
    [
        (ChatRefused("400"), [1, 2, 3, 4], ["1 + 2 + 3 + 4"]),
        (ChatRefused("400"), [2], ["2"]),
        (ChatUnavailable("503"), [1, 2, 3, 4], ["1 + 2 + 3"]),
    ],
)
async def test_a_message_that_cannot_be_drawn_anew(
    replies: Replies, services: Services, chat: FakeChat, engine: AsyncEngine, failure, links, shown
) -> None:
    """As between layouts, another takes its place; what may pass is tried again."""
    await replies.posted(chat, chat.write(MESSAGE, 1, 2, 3))
    chat.failures["edit"] = [failure]
    await replies.edited(chat, chat.write(MESSAGE, *links), recent=True)
    assert chat.shown() == shown
    await resume(services, chat, engine)
    assert sorted(await stored(services)) == links


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


@pytest.mark.parametrize("failure", [None, ChatRefused("400")])
@pytest.mark.parametrize("links", [[1], [3], [1, 2], [1, 2, 3, 4]])
async def test_opted_out_meanwhile(replies: Replies, services: Services, chat: FakeChat, links, failure) -> None:
    """Links that are gone take their studies away; nothing is sent any more, also where a message cannot be edited."""
    await replies.posted(chat, chat.write(OTHER, 1, 2))
    await replies.posted(chat, chat.write(MESSAGE, 1, 2, 3))
    await services.privacy.opt_out(ALICE)
    chat.failures["edit"] = [failure] if failure is not None else []
    await replies.edited(chat, chat.write(MESSAGE, *links), recent=True)
    assert chat.calls.count("send") == 3
    assert set(await stored(services)) <= set(links)


@pytest.mark.parametrize("links", [[1], [1, 2], [1, 2, 3, 4]])
@pytest.mark.parametrize("again", ["send", "delete"])
@pytest.mark.parametrize("failure", [ChatUnavailable("503"), ChatRefused("403")])
async def test_another_message_that_cannot_be_sent_either(
    replies: Replies, services: Services, chat: FakeChat, engine: AsyncEngine, links, again, failure
) -> None:
    """It comes later: at the next try, or with the next event."""
    await replies.posted(chat, chat.write(MESSAGE, 1, 2, 3))
    chat.failures |= {"edit": [ChatRefused("400")], again: [failure]}
    await replies.edited(chat, chat.write(MESSAGE, *links), recent=True)
    await resume(services, chat, engine)
    await replies.edited(chat, chat.write(MESSAGE, *links), recent=True)
    assert sorted(await stored(services)) == links
    assert sorted(" + ".join(chat.shown()).split(" + ")) == [*map(str, links)]


@pytest.mark.parametrize("failure", [ChatRefused("400"), MessageGone("404"), ChatUnavailable("503")])
@pytest.mark.parametrize("count", [1, 3])
async def test_hidden_though_what_points_to_it_cannot_be_drawn_anew(
    replies: Replies, services: Services, chat: FakeChat, engine: AsyncEngine, count: int, failure
) -> None:
    """As where the moderators changed the layout since; what may pass is tried again."""
    post = chat.write(MESSAGE, *range(1, count + 1))
    await replies.posted(chat, post)
    await replies.posted(chat, chat.write(OTHER, 1, 8, 9))
    hidden = replace(post, links=(Link(erowid(1), spoiler=True), *post.links[1:]), version=1)
    chat.posts[MESSAGE], chat.failures["edit"] = hidden, [failure]
    await replies.edited(chat, hidden, recent=True)
    await resume(services, chat, engine)
    assert [one.spoiler for one in await services.replies.of_message(MESSAGE)] == [True, False, False][:count]
    content = chat.sent[min(chat.sent)].content
    assert (content.entries[0] if isinstance(content, DigestContent) else content).spoiler
