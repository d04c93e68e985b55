"""One study with two references, on a real database and a channel in memory: it is answered once."""

import asyncio
from collections.abc import AsyncIterator
from itertools import cycle, islice, permutations

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.adapters.database.locks import LocalLocks
from bot.adapters.stores.enrichments import SqlEnrichments
from bot.adapters.stores.identities import SqlIdentities
from bot.adapters.stores.records import Records
from bot.core.card import OtherName
from bot.core.channel_settings import ChannelSettings, Scope, Target
from bot.core.enrichment import Enrichment, MatchOutcome
from bot.core.errors import StorageError, Unreachable
from bot.core.phrase import Phrase
from bot.core.reply import Mark
from bot.services.cooldown import Cooldown
from bot.services.lookup import Lookup
from bot.services.replies import Replies
from bot.services.studies import PAUSE, Identities
from bot.use_cases import Services, build_services
from tests.chat import GUILD, NOW, FakeChat
from tests.fakes import Pages
from tests.newt import BOTH, DOI, newt, newt_page
from tests.references import erowid

MESSAGE = 100
ONE, FIVE = erowid(1), newt(5)
"""Two references of one study: Erowid's is matched to its DOI, and the other source states that DOI."""
OTHER = newt(6)


@pytest.fixture
async def pages(engine: AsyncEngine) -> Pages:
    """Both sites; nothing is read yet, and Erowid's record is matched."""
    pages = Pages()
    pages.answers = {FIVE: newt_page(), OTHER: newt_page("On other newts", None)}
    found = Enrichment(
        outcome=MatchOutcome.MATCH, reason="as a test wants it", matcher=1, asked_at=NOW, notices_asked_at=NOW, doi=DOI
    )
    await SqlEnrichments(engine).put(ONE, found)
    return pages


@pytest.fixture
async def services(engine: AsyncEngine, pages: Pages) -> AsyncIterator[Services]:
    lookup = Lookup(pages, Records(engine), BOTH, now=lambda: NOW)
    built = build_services(lookup, engine, now=lambda: NOW)
    await set_all(built, links=frozenset({"erowid", "newt"}))
    yield built
    await lookup.close()


async def known(services: Services) -> None:
    """Let it be known that the two are one."""
    await services.cards.study(FIVE)


async def set_all(services: Services, **values: object) -> None:
    await services.settings.set(GUILD, Target(Scope.GUILD, GUILD), values, by=1)


@pytest.mark.parametrize("is_known", [True, False])
@pytest.mark.parametrize("order", list(permutations([ONE, FIVE])))
async def test_the_cool_down(replies: Replies, services: Services, chat: FakeChat, order, is_known: bool) -> None:
    """The earlier card counts under any reference, also where only the record that is fetched for the link tells."""
    if is_known:
        await known(services)
    for number, reference in enumerate([*order, order[0]]):
        await replies.posted(chat, chat.write(MESSAGE + number, reference))
    first = min(chat.sent)
    assert chat.shown() == [order[0].short, f"-> {first}", f"-> {first}"]
    (pointer,) = await services.replies.of_message(MESSAGE + 1)
    assert (pointer.reference, pointer.target_id) == (order[1], first)


async def test_another_study_gets_its_card(replies: Replies, chat: FakeChat) -> None:
    """Nobody says that it is the same."""
    for number, reference in enumerate([ONE, OTHER]):
        await replies.posted(chat, chat.write(MESSAGE + number, reference))
    assert chat.shown() == ["1", "newt:6"]


@pytest.mark.parametrize("is_known", [True, False])
async def test_at_once(replies: Replies, services: Services, chat: FakeChat, pages: Pages, is_known: bool) -> None:
    """Of many who paste one or the other at the same time, one gets the card, and nobody waits for ever."""
    if is_known:
        await known(services)
    pages.gate.clear()
    linked = list(islice(cycle([ONE, FIVE]), 8))
    work = [
        asyncio.create_task(replies.posted(chat, chat.write(MESSAGE + number, reference)))
        for number, reference in enumerate(linked)
    ]
    await pages.until_asked()
    pages.gate.set()
    async with asyncio.timeout(60):
        await asyncio.gather(*work)
    cards = [shown for shown in chat.shown() if not shown.startswith("->")]
    assert (len(cards), len(chat.sent)) == (1, 8)
    assert chat.marks == {}


@pytest.mark.parametrize("cooldown", [0, 600])
@pytest.mark.parametrize("is_known", [True, False])
@pytest.mark.parametrize("order", list(permutations([ONE, FIVE])))
async def test_two_addresses_in_a_message(
    replies: Replies, services: Services, chat: FakeChat, order, is_known: bool, cooldown: int
) -> None:
    """They get one card. It stays, untouched, as long as one of them does, and goes with the last."""
    await set_all(services, cooldown=cooldown)
    if is_known:
        await known(services)
    await replies.posted(chat, chat.write(MESSAGE, *order))
    sent = dict(chat.sent)
    assert chat.shown() == [order[0].short]
    chat.calls.clear()
    for links in (order, order[::-1], order[1:], order, order[:1], order[1:]):
        await replies.edited(chat, chat.write(MESSAGE, *links), recent=True)
        assert (chat.sent, chat.marks) == (sent, {})
    assert not {"send", "edit", "delete"} & set(chat.calls)
    await replies.edited(chat, chat.write(MESSAGE), recent=True)
    assert chat.shown() == []


async def test_an_address_is_added(replies: Replies, services: Services, chat: FakeChat) -> None:
    """Its card stands already, which its record tells; another study that is added gets a card."""
    await replies.posted(chat, chat.write(MESSAGE, ONE))
    sent = dict(chat.sent)
    await replies.edited(chat, chat.write(MESSAGE, ONE, FIVE), recent=True)
    assert chat.sent == sent
    await replies.edited(chat, chat.write(MESSAGE, ONE, FIVE, OTHER), recent=True)
    assert chat.shown() == ["1", "newt:6"]


async def test_an_address_is_exchanged_for_the_other(replies: Replies, services: Services, chat: FakeChat) -> None:
    """The message keeps its one reply."""
    await replies.posted(chat, chat.write(MESSAGE, ONE))
    (card,) = chat.sent
    await replies.edited(chat, chat.write(MESSAGE, FIVE), recent=True)
    assert list(chat.sent) == [card]
    assert len(await services.replies.of_message(MESSAGE)) == 1


async def test_a_card_that_somebody_deleted(replies: Replies, services: Services, chat: FakeChat) -> None:
    """It stays deleted for all addresses of its study, whichever of them an edit leaves."""
    await replies.posted(chat, chat.write(MESSAGE, ONE, FIVE))
    (card,) = chat.sent
    del chat.sent[card]
    await replies.deleted(chat, [card])
    for links in ((ONE, FIVE), (FIVE,), (FIVE, ONE)):
        await replies.edited(chat, chat.write(MESSAGE, *links), recent=True)
        assert chat.shown() == []


async def test_its_card_goes(replies: Replies, services: Services, chat: FakeChat) -> None:
    """A line that points to it becomes the card of its own link, and later lines follow."""
    for number, reference in enumerate([ONE, FIVE, ONE]):
        await replies.posted(chat, chat.write(MESSAGE + number, reference))
    _, second, third = sorted(chat.sent)
    del chat.posts[MESSAGE]
    await replies.deleted(chat, [MESSAGE])
    assert chat.shown() == ["newt:5", f"-> {second}"]
    assert set(chat.sent) == {second, third}


async def test_a_line_stays(replies: Replies, chat: FakeChat) -> None:
    """An edit of its message leaves it, though its card is drawn from another record."""
    for number, reference in enumerate([ONE, FIVE]):
        await replies.posted(chat, chat.write(MESSAGE + number, reference))
    chat.calls.clear()
    await replies.edited(chat, chat.write(MESSAGE + 1, FIVE, author_roles=frozenset({3})), recent=True)
    assert chat.shown() == ["1", f"-> {min(chat.sent)}"]
    assert not {"send", "edit", "delete"} & set(chat.calls)


async def test_one_address_cannot_be_read(replies: Replies, chat: FakeChat, pages: Pages) -> None:
    """The other one gets its card."""
    pages.answers[ONE] = Unreachable("down")
    await replies.posted(chat, chat.write(MESSAGE, ONE, FIVE))
    assert (chat.shown(), chat.marks) == (["newt:5"], {MESSAGE: Mark.UNREADABLE})
    await replies.edited(chat, chat.write(MESSAGE, ONE, FIVE), recent=True)
    assert (chat.shown(), chat.marks) == (["newt:5"], {})


async def test_nobody_can_say_what_is_the_same(
    replies: Replies, services: Services, chat: FakeChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each link gets its card then."""

    async def fail(*_: object) -> None:
        raise StorageError("gone")

    await known(services)
    monkeypatch.setattr(SqlIdentities, "same", fail)
    await replies.posted(chat, chat.write(MESSAGE, ONE, FIVE))
    assert chat.shown() == ["1", "newt:5"]
    assert (await services.cards.card(ONE, ChannelSettings())).also == ()


async def test_a_card_names_the_others(services: Services) -> None:
    """Those whose source the bot knows; none where services are not wanted."""
    card = await services.cards.card(FIVE, ChannelSettings())
    assert card.also == (OtherName(ONE, Phrase("Erowid reference {id}", id="1"), "Erowid 1"),)
    assert (await services.cards.card(ONE, ChannelSettings())).also == (
        OtherName(FIVE, Phrase("Newt study {id}", id="5"), "Newt 5"),
    )
    assert (await services.cards.card(FIVE, ChannelSettings(enrich=False))).also == ()
    assert (await services.cards.card(OTHER, ChannelSettings())).also == ()


@pytest.mark.parametrize(("held", "asked"), [([ONE, FIVE], [FIVE]), ([ONE, FIVE], [ONE]), ([FIVE], [ONE, FIVE])])
async def test_a_study_is_locked_under_all_its_references(chat: FakeChat, held, asked) -> None:
    """Who knows one of them waits for who knows both; another study is free."""

    class Nothing:
        async def last_card(self, *_: object) -> None:
            return None

    entered = []
    cooldown = Cooldown(Nothing(), LocalLocks(), lambda: NOW)

    async def enter(references) -> None:
        async with cooldown.shown(chat, references, ChannelSettings(), message_id=MESSAGE):
            entered.append(references)

    async with asyncio.TaskGroup() as tasks, cooldown.shown(chat, held, ChannelSettings(), message_id=MESSAGE):
        for references in (asked, asked[::-1], [OTHER]):
            tasks.create_task(enter(references))
        for _ in range(20):
            await asyncio.sleep(0)
        assert entered == [[OTHER]]
    assert len(entered) == 3


async def test_a_database_that_does_not_answer_is_left_alone() -> None:
    """For a while; then it is asked again."""
    asked, now = [], 0.0

    class Broken:
        async def same(self, references):
            asked.append(set(references))
            if now < PAUSE:
                raise StorageError("gone")
            return {ONE: frozenset({ONE, FIVE})}

    identities = Identities(Broken(), clock=lambda: now)
    for _ in range(3):
        assert await identities.of(ONE) == {ONE}
    assert asked == [{ONE}]
    now = PAUSE
    assert await identities.of(ONE) == {ONE, FIVE}
    assert await identities.same([]) == {}
    assert len(asked) == 2
