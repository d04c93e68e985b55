"""Three links and more in one message: one reply with a compact card of each study, and a menu that shows one in full."""

import re

import discord
import pytest

from bot.core.channel_settings import Layout, Mode
from bot.core.errors import RecordNotFound
from bot.core.reply import Mark
from cogs.cards.digest import shown_in
from cogs.discord_kit.colours import RED
from tests.cogs.conftest import Room
from tests.cogs.test_resume import reopen
from tests.cogs.test_watch import LINK
from tests.invented import invented_page
from tests.references import erowid, number_of


@pytest.fixture(autouse=True)
def titles(room: Room) -> None:
    """Each study has its own title."""
    for number in range(1, 9):
        room.pages.answers[erowid(number)] = invented_page(f"Study number {number}")


def links(*numbers: int) -> str:
    return " ".join(LINK.format(number) for number in numbers)


def texts(message: discord.Message) -> list[str]:
    """What a message says, from its head to its foot."""
    parts = [inner for part in message.components for inner in (part, *getattr(part, "children", ()))]
    said = [part.content for part in parts if isinstance(part, discord.TextDisplay)]
    return [*filter(None, [message.content]), *(embed.description or "" for embed in message.embeds), *said]


def studies(message: discord.Message) -> list[str]:
    """The studies that it names, in their order."""
    titles = [embed.title or "" for embed in message.embeds]
    return re.findall(r"Study number (\d)", "\n".join([*texts(message), *titles]))


def options(message: discord.Message) -> list[str]:
    (menu,) = [one for row in message.components for one in getattr(row, "children", ()) if hasattr(one, "options")]
    return [option.label for option in menu.options]


@pytest.mark.parametrize(("count", "shown"), [(3, "123"), (5, "12345"), (7, "12345")])
async def test_a_paste(room: Room, count: int, shown: str) -> None:
    """One silent reply without a ping; what it has no place for is counted in its last line."""
    message = await room.alice.send(room.channel, links(*range(1, count + 1)))
    (digest,) = room.cards()
    assert "".join(studies(digest)) == shown
    assert options(digest) == [f"{number}. Study number {number}" for number in shown]
    assert digest.reference.message_id == message.id
    assert (digest.flags.suppress_notifications, digest.mentions) == (True, [])
    last = texts(digest)[-1]
    assert (last == "-# 2 more: *Apps > Summarise studies*") == (count == 7)
    assert room.marks(message) == []
    replies = await room.services.replies.of_message(message.id)
    assert [number_of(one.reference) for one in replies] == list(map(int, shown))
    assert {one.id for one in replies} == {digest.id}
    assert len(room.pages.asked) == len(shown)


async def test_two_links(room: Room) -> None:
    """Two cards, as ever."""
    await room.alice.send(room.channel, links(1, 2))
    assert len(room.cards()) == 2
    assert all("Key findings" in str(card.components) for card in room.cards())


async def test_a_wrong_link(room: Room) -> None:
    """It is named in the last line, and its place goes to another; there is no mark beside that."""
    room.pages.answers[erowid(2)] = RecordNotFound(erowid(2))
    message = await room.alice.send(room.channel, links(*range(1, 8)))
    (digest,) = room.cards()
    assert studies(digest) == ["1", "3", "4", "5", "6"]
    assert texts(digest)[-1] == "-# No card: Erowid 2 · 1 more: *Apps > Summarise studies*"
    assert room.marks(message) == []


async def test_too_few_are_left(room: Room) -> None:
    """Ordinary cards, and a mark."""
    room.pages.answers[erowid(2)] = RecordNotFound(erowid(2))
    message = await room.alice.send(room.channel, links(1, 2, 3))
    assert [studies(card)[0] for card in room.cards()] == ["1", "3"]
    assert room.marks(message) == [Mark.UNREADABLE]


async def test_the_menu(room: Room) -> None:
    """It shows one of the studies in full to who asked, after a restart too."""
    await room.alice.send(room.channel, links(1, 2, 3))
    await room.restart()
    (digest,) = room.cards()
    shown = await room.alice.select(digest, ["2"])
    assert shown.ephemeral
    assert "Study number 2" in str(shown.response.components)
    assert "Key findings" in str(shown.response.components)
    assert len(room.cards()) == 1


async def test_the_delete_button(room: Room) -> None:
    """It takes the whole reply, which does not come back; others cannot use it."""
    message = await room.alice.send(room.channel, links(1, 2, 3))
    bob = room.guild.add_member(room.env.create_user("bob"))
    refused = await bob.click(room.cards()[0], label="Delete")
    assert "Only who posted the link" in refused.response.content
    await room.alice.click(room.cards()[0], label="Delete")
    assert room.cards() == []
    assert await room.services.replies.of_message(message.id) == ()
    await room.alice.edit(message, links(1, 2, 3) + "!")
    assert room.cards() == []
    await room.alice.edit(message, links(1, 2, 3, 4))
    assert [studies(card)[0] for card in room.cards()] == ["4"]


async def test_within_the_cooldown(room: Room) -> None:
    """A study that was shown a moment ago is a line in the reply, and a later link points to the reply."""
    await room.alice.send(room.channel, links(2))
    (card,) = room.cards()
    await room.alice.send(room.channel, links(1, 2, 3))
    digest = room.cards()[1]
    (line,) = [one for one in texts(digest) if "shown <t:" in one]
    assert f"/{card.id})" in line
    assert options(digest) == ["1. Study number 1", "2. Study number 3"]
    await room.alice.send(room.channel, links(3))
    assert f"/{digest.id})" in room.cards()[2].content
    room.env.backend.delete_message(room.channel.id, digest.id)
    await room.env.settle()
    assert "Study number 3" in str(room.cards()[1].components)


@pytest.mark.parametrize("layout", list(Layout))
async def test_all_within_the_cooldown(room: Room, layout: Layout) -> None:
    """One quiet message of three lines, without a menu, which is found again after a crash."""
    await room.choose(layout=layout)
    await room.alice.send(room.channel, links(1, 2, 3))
    message = await room.alice.send(room.channel, links(3, 2, 1))
    lines = room.cards()[1]
    assert [one.count("shown <t:") for one in "\n".join(texts(lines)).splitlines()] == [1, 1, 1]
    assert not any(isinstance(part, discord.ActionRow) for part in lines.components)
    await room.services.replies.remove([lines.id])
    await reopen(room, message.id)
    await room.restart()
    assert len(room.cards()) == 2
    assert {one.id for one in await room.services.replies.of_message(message.id)} == {lines.id}
    await room.alice.edit(message, links(1))
    assert len(room.cards()) == 2
    assert "\n".join(texts(room.cards()[1])).count("shown <t:") == 1


async def test_spoilers(room: Room) -> None:
    """Each hidden study is hidden by itself, also in the menu; the others are not."""
    message = await room.alice.send(room.channel, f"{links(1)} ||{links(2)}|| {links(3)}")
    (digest,) = room.cards()
    assert [part.spoiler for part in digest.components if isinstance(part, discord.Container)] == [False, True, False]
    assert options(digest)[1] == "2. Behind a spoiler"
    assert shown_in(digest) == ((erowid(1), False), (erowid(2), True), (erowid(3), False))
    picked = await room.alice.select(digest, ["|2"])
    assert "Study number 2" in str(picked.response.components)
    await room.alice.edit(message, links(1, 2, 3))
    (digest,) = room.cards()
    assert not any(part.spoiler for part in digest.components if isinstance(part, discord.Container))


async def test_edits_and_the_deletion_of_the_message(room: Room) -> None:
    """The reply follows them, as one message, until the last link is gone."""
    message = await room.alice.send(room.channel, links(1, 2, 3))
    (digest,) = room.cards()
    await room.alice.edit(message, links(1, 2, 3, 4))
    assert studies(room.cards()[0]) == ["1", "2", "3", "4"]
    await room.alice.edit(message, links(2, 4))
    assert studies(room.cards()[0]) == ["2", "4"]
    await room.alice.edit(message, links(4))
    assert "Key findings" in str(room.cards()[0].components)
    assert room.cards()[0].id == digest.id
    await room.alice.edit(message, links(4, 5, 6, 7))
    assert [studies(card)[0] for card in room.cards()] == ["4", "5"]
    assert studies(room.cards()[1]) == ["5", "6", "7"]
    await room.alice.delete(message)
    assert room.cards() == []
    assert await room.services.replies.of_message(message.id) == ()


@pytest.mark.parametrize("layout", list(Layout))
async def test_both_layouts(room: Room, layout: Layout) -> None:
    """They show, hide and follow the same."""
    await room.choose(layout=layout)
    await room.alice.send(room.channel, links(8))
    room.pages.answers[erowid(5)] = RecordNotFound(erowid(5))
    message = await room.alice.send(room.channel, f"{links(1)} ||{links(2)}|| {links(8, 5, 3, 4, 6, 7)}")
    digest = room.cards()[1]
    assert sorted(studies(digest)) == ["1", "2", "3", "4", "8"]
    assert shown_in(digest)[1] == (erowid(2), True)
    assert "No card: Erowid 5 · 2 more: " in "\n".join(texts(digest))
    assert len(digest.embeds) == (4 if layout is Layout.EMBED else 0)
    await room.alice.select(digest, ["4"])
    assert "Study number 4" in str(room.env.http_requests[-1].json)
    await room.alice.edit(message, links(1, 3))
    assert sorted(studies(room.cards()[1])) == ["1", "3"]
    await room.alice.edit(message, links(3))
    assert set(studies(room.cards()[1])) == {"3"}
    await room.alice.click(room.cards()[1], label="Delete")
    assert len(room.cards()) == 1


async def test_another_layout_by_now(room: Room) -> None:
    """A message cannot change between them everywhere; either way each study is shown once, and in the layout of now."""
    message = await room.alice.send(room.channel, links(1, 2, 3))
    await room.choose(layout=Layout.EMBED)
    await room.alice.edit(message, links(1, 2, 3, 4))
    (digest,) = room.cards()
    assert (sorted(studies(digest)), len(digest.embeds)) == (["1", "2", "3", "4"], 4)


@pytest.mark.parametrize("layout", list(Layout))
async def test_a_retracted_study(room: Room, layout: Layout) -> None:
    """It says so first, in red, and in the menu; the others are as ever."""
    room.pages.answers[erowid(2)] = invented_page("Study number 2", "NOTE: Retracted by its authors.", "It was not.")
    await room.choose(layout=layout)
    await room.alice.send(room.channel, links(1, 2, 3))
    (digest,) = room.cards()
    parts = digest.embeds or [part for part in digest.components if isinstance(part, discord.Container)]
    colours = [part.colour if digest.embeds else part.accent_colour for part in parts]
    assert [colour == RED for colour in colours] == [False, True, False]
    heads = [embed.author.name for embed in digest.embeds] or [one.splitlines()[0] for one in texts(digest)]
    assert [one is not None and "Retracted" in one for one in heads] == [False, True, False]
    assert options(digest)[1] == "2. Retracted · Study number 2"


async def test_asked_first(room: Room) -> None:
    """One click, one reply."""
    await room.choose(mode=Mode.ASK)
    message = await room.alice.send(room.channel, links(1, 2, 3))
    assert room.marks(message) == [Mark.OFFER]
    await room.alice.react(message, Mark.OFFER)
    assert [studies(card) for card in room.cards()] == [["1", "2", "3"]]


@pytest.mark.parametrize("stored", [True, False])
@pytest.mark.parametrize("layout", list(Layout))
async def test_a_kill_after_it_was_sent(room: Room, stored: bool, layout: Layout) -> None:
    """The next process finds it, its lines and what is hidden too, and sends nothing."""
    await room.choose(layout=layout)
    await room.alice.send(room.channel, links(2))
    message = await room.alice.send(room.channel, f"{links(1, 2)} ||{links(3)}||")
    before = await room.services.replies.of_message(message.id)
    assert len(before) == 3
    if not stored:
        await room.services.replies.remove([before[0].id])
    await reopen(room, message.id)
    await room.restart()
    after = await room.services.replies.of_message(message.id)
    facts = [{(one.id, one.reference, one.target_id, one.spoiler) for one in replies} for replies in (before, after)]
    assert facts[0] == facts[1]
    assert len(room.cards()) == 2


async def test_lists_know_its_studies(room: Room) -> None:
    """Each of them, with the way to the reply."""
    await room.alice.send(room.channel, links(1, 2, 3))
    (digest,) = room.cards()
    recent = await room.alice.slash(room.channel, "study recent")
    said = str(recent.response.components)
    assert re.findall(r"\d\. \[Study number (\d)\]", said) == ["1", "2", "3"]
    assert said.count(f"/{digest.id})") == 3
    cited = await room.services.library.bibliography([room.channel.id], days=1)
    assert [one.record.title for one in cited.studies] == [f"Study number {number}" for number in (1, 2, 3)]
    assert {card.id for card in cited.cards.values()} == {digest.id}


async def test_in_german(room: Room) -> None:
    """The bot's own words are those of the server's language."""
    room.env.bot.get_guild(room.guild.id).preferred_locale = discord.Locale.german
    await room.alice.send(room.channel, links(*range(1, 8)))
    (digest,) = room.cards()
    assert texts(digest)[-1] == "-# 2 weitere: *Apps > Studien zusammenfassen*"
    assert "Ganz zeigen" in str(digest.components)


async def test_hostile_titles(room: Room) -> None:
    """Five studies whose texts are all marks stay within what Discord takes."""
    for number in range(1, 6):
        room.pages.answers[erowid(number)] = invented_page(f"Stars {'*_[' * 300} {number}")
    await room.alice.send(room.channel, links(*range(1, 8)))
    (digest,) = room.cards()
    assert sum(map(len, texts(digest))) <= 4_000


async def test_nothing_new_where_cards_are_off_by_now(room: Room) -> None:
    """A link that is taken out leaves the reply; one that is added gets nothing."""
    message = await room.alice.send(room.channel, links(1, 2, 3))
    await room.choose(mode=Mode.OFF)
    await room.alice.edit(message, links(1, 3, 4))
    assert [studies(card) for card in room.cards()] == [["1", "3"]]
