"""Several studies in one message, where a site fails, a process crashes or Discord refuses."""

from dataclasses import replace

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.core.errors import ChatRefused, ChatUnavailable, MessageGone, TooBusy
from bot.core.links import Link
from bot.core.reply import Mark
from bot.services.ports import DigestContent
from bot.services.replies import Replies
from bot.use_cases import Services
from tests.chat import ALICE, FakeChat
from tests.fakes import Pages
from tests.references import erowid
from tests.services.test_any_sequence import Crashed
from tests.services.test_digests import MESSAGE, OTHER, missing, resume, said, stored


async def test_links_that_fail_for_a_while(
    replies: Replies, services: Services, chat: FakeChat, pages: Pages, engine: AsyncEngine
) -> None:
    """They are tried again later, and the message is completed."""
    pages.answers[erowid(2)] = TooBusy("open")
    await replies.posted(chat, chat.write(MESSAGE, 1, 2, 3, 4))
    assert (chat.shown(), said(chat)) == (["1 + 3 + 4"], (("Erowid 2",), 0))
    assert [job.message_id for job in await services.jobs.store.pending()] == []  # it waits
    del pages.answers[erowid(2)]
    await resume(services, chat, engine)
    assert (chat.shown(), said(chat)) == (["1 + 3 + 4 + 2"], ((), 0))
    assert chat.marks == {}


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
    assert await services.jobs.store.pending() == ()


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
async def test_a_crash_before_another_message_is_sent(
    replies: Replies, services: Services, chat: FakeChat, engine: AsyncEngine, links: list[int]
) -> None:
    """Discord refuses the edit, and the process ends once the old message is deleted: the next process sends the studies."""
    await replies.posted(chat, chat.write(MESSAGE, 1, 2, 3))
    chat.failures |= {"edit": [ChatRefused("400")], "send": [Crashed()]}
    with pytest.raises(Crashed):
        await replies.edited(chat, chat.write(MESSAGE, *links), recent=True)
    assert chat.shown() == []
    await resume(services, chat, engine)
    assert sorted(await stored(services)) == links
    assert sorted(" + ".join(chat.shown()).split(" + ")) == [*map(str, links)]


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
