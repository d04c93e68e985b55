"""Whose links a server's messages are answered for, in a bot that knows two sources: Erowid and an invented one."""

import re

import discord
import pytest

from bot.core.channel_settings import Mode, Scope, Target
from bot.core.reply import Mark
from bot.core.source import Sources
from cogs.cards.listener import WEBHOOK_LINKS
from tests.cogs.conftest import Room
from tests.cogs.test_watch import LINK, text
from tests.invented import invented_page
from tests.references import BOTH, erowid, newt, newt_link

ONLY_NEWT, ALL = frozenset({"newt"}), frozenset({"erowid", "newt"})
E1, E2, N1, N2 = LINK.format(1), LINK.format(2), newt_link(1), newt_link(2)


@pytest.fixture
def sources() -> Sources:
    """Both."""
    return BOTH


@pytest.fixture(autouse=True)
def titles(room: Room) -> None:
    """Each study has its own title."""
    for number in range(1, 8):
        room.pages.answers[erowid(number)] = invented_page(f"Study E{number}")
        room.pages.answers[newt(number)] = invented_page(f"Study N{number}")


def cards(room: Room, channel=None) -> list[str]:
    """The studies that stand in the channel; hidden ones with bars."""
    found = []
    for container in (part for message in room.cards(channel) for part in message.components):
        if isinstance(container, discord.Container):
            said = "".join(part.content for part in container.children if isinstance(part, discord.TextDisplay))
            name = re.search(r"Study ([EN]\d)", said)[1]
            found.append(f"||{name}||" if container.spoiler else name)
    return found


MIXES = [
    # By default, Erowid alone.
    ({}, E1, ["E1"]),
    ({}, N1, []),
    ({}, f"{N1} and {E1}, then {N2}", ["E1"]),
    ({}, f"||{N1}|| {E1}", ["E1"]),
    ({}, f"{N1} ||{E1}||", ["||E1||"]),
    ({}, f"||{N1} {E1}||", ["||E1||"]),
    ({}, f"`{E1}` {N1}", []),
    ({}, f"<{E1}> {N1}", []),
    ({}, f"!{E1} {N1}", []),
    ({}, f"[a study]({N1}) and [another]({E1})", ["E1"]),
    ({}, f"{N1} {' '.join(LINK.format(number) for number in range(1, 7))}", ["E1", "E2", "E3", "E4", "E5"]),
    ({}, "erowid#1 newt#1", []),
    # Both.
    ({"links": ALL}, f"{N1} and {E1}, then {N2}", ["N1", "E1", "N2"]),
    ({"links": ALL}, f"{N1} {N1} {E1} {N1}", ["N1", "E1"]),
    ({"links": ALL}, f"||{N1}|| {E1}", ["||N1||", "E1"]),
    ({"links": ALL}, f"||{N1}|| {E1} {N1}", ["N1", "E1"]),
    ({"links": ALL}, f"`{N1}` {E1}", ["E1"]),
    ({"links": ALL}, f"```\n{N1}\n{E1}\n``` {N2}", ["N2"]),
    ({"links": ALL}, f"<{N1}> {E1}", ["E1"]),
    ({"links": ALL}, f"!{N1} {E1}", ["E1"]),
    ({"links": ALL}, f"!{N1} <{E1}> `{N2}`", []),
    ({"links": ALL}, f"[a study]({N1}) [another]({E1}).", ["N1", "E1"]),
    ({"links": ALL}, f"https://evil.example/?to={N1} {E1}", ["E1"]),
    ({"links": ALL}, " ".join(f"{LINK.format(n)} {newt_link(n)}" for n in range(1, 5)), ["E1", "N1", "E2", "N2", "E3"]),
    ({"links": ALL, "max_cards": 2}, f"{N1} {E1} {E2}", ["N1", "E1"]),
    ({"links": ALL}, f"erowid#1 newt#1 {N2}", ["N2"]),
    # The other one alone, and one that this bot does not know.
    ({"links": ONLY_NEWT}, f"{E1} {N1}", ["N1"]),
    ({"links": frozenset({"unicorn"})}, f"{E1} {N1}", []),
    ({"links": frozenset({"unicorn", "newt"})}, f"{E1} {N1}", ["N1"]),
    # Shorthands.
    ({"shorthands": True}, "erowid#1 newt#1", ["E1"]),
    ({"shorthands": True, "links": ALL}, "see newt#1, erowid#2.", ["N1", "E2"]),
    ({"shorthands": True, "links": ALL}, "||newt#1|| `erowid#2` erowid#3", ["||N1||", "E3"]),
    ({"shorthands": True, "links": ALL}, f"newt#1 is {N1}", ["N1"]),
    ({"links": ALL}, f"newt#1 is ||{N1}||", ["N1"]),
    # Nothing where nothing is answered.
    ({"links": ALL, "mode": Mode.OFF}, f"{E1} {N1}", []),
]


@pytest.mark.parametrize(("chosen", "content", "expected"), MIXES)
async def test_mixed_messages(room: Room, chosen, content: str, expected: list[str]) -> None:
    """Cards for the links that moderators want answered, in their order; nothing is fetched or written for others."""
    await room.choose(**chosen) if chosen else None
    message = await room.alice.send(room.channel, content)
    assert cards(room) == expected
    assert room.marks(message) == []
    assert len(room.pages.asked) == len(expected)
    assert (await room.services.jobs.store.known([message.id]) == {message.id}) is bool(expected)


async def test_a_channel_of_its_own(room: Room) -> None:
    """A channel's value overrides its category's, and that the server's; a thread has its channel's."""
    category = room.guild.create_category("Papers")
    inside = room.guild.create_text_channel("inside", category=category)
    await room.services.settings.set(room.guild.id, Target(Scope.CATEGORY, category.id), {"links": ALL}, by=1)
    await room.alice.send(room.channel, N1)
    await room.alice.send(inside, N1)
    thread = await room.env.bot.get_channel(inside.id).create_thread(name="talk", type=discord.ChannelType.public_thread)
    await room.env.settle()
    handle = next(one for one in inside.threads if one.id == thread.id)
    await room.alice.send(handle, N2)
    assert (cards(room), cards(room, inside), cards(room, handle)) == ([], ["N1"], ["N2"])
    await room.services.settings.set(room.guild.id, Target(Scope.CHANNEL, inside.id), {"links": frozenset({"erowid"})}, by=1)
    await room.alice.send(inside, f"{newt_link(3)} {E1}")
    assert cards(room, inside) == ["N1", "E1"]


async def test_direct_messages(room: Room) -> None:
    """All sources and short names: nobody else reads along, and nobody there could switch them on."""
    user = room.env.create_user("bob")
    await user.send_dm(f"{N1} erowid#2")
    sent = [one for one in user.dm_channel.history() if one.author.bot]
    assert [re.search(r"Study ([EN]\d)", text(one))[1] for one in sent] == ["N1", "E2"]


async def test_switched_on(room: Room) -> None:
    """A message of before is answered once it is edited."""
    message = await room.alice.send(room.channel, f"{E1} {N1}")
    await room.choose(links=ALL)
    assert cards(room) == ["E1"]
    await room.alice.edit(message, f"{E1} {N1}!")
    assert cards(room) == ["E1", "N1"]


async def test_switched_off(room: Room) -> None:
    """A card stays as long as its link, as where cards are turned off; a new link gets none."""
    await room.choose(links=ALL)
    message = await room.alice.send(room.channel, f"{N1} {E1}")
    await room.choose(links=frozenset({"erowid"}))
    await room.alice.edit(message, f"{N1} {E2} {N2}")
    assert cards(room) == ["N1", "E2"]
    await room.alice.edit(message, f"{E2} {N2}")
    assert cards(room) == ["E2"]
    await room.choose(links=ALL)
    await room.alice.edit(message, f"{N1} {E2}")
    assert cards(room) == ["E2", "N1"]


async def test_cards_that_stay_count(room: Room) -> None:
    """A message never has more cards than moderators want."""
    await room.choose(links=ALL, max_cards=2)
    message = await room.alice.send(room.channel, N1)
    await room.choose(links=frozenset({"erowid"}))
    await room.alice.edit(message, f"{N1} {E1} {E2}")
    assert cards(room) == ["N1", "E1"]


async def test_ask_first(room: Room) -> None:
    """No offer for what is not answered; one that stands goes once its links are not answered any more."""
    await room.choose(mode=Mode.ASK, links=ALL)
    message = await room.alice.send(room.channel, N1)
    assert room.marks(message) == [Mark.OFFER]
    await room.choose(links=frozenset({"erowid"}))
    assert room.marks(await room.alice.send(room.channel, N2)) == []
    await room.alice.react(message, Mark.OFFER)
    assert cards(room) == []
    assert Mark.OFFER not in [str(one.emoji) for one in (await refetched(room, message)).reactions if one.me]


async def refetched(room: Room, message: discord.Message) -> discord.Message:
    return await room.env.bot.get_channel(room.channel.id).fetch_message(message.id)


async def test_the_offer_is_for_what_is_answered(room: Room) -> None:
    """Who clicks it gets no more than that."""
    await room.choose(mode=Mode.ASK)
    message = await room.alice.send(room.channel, f"{N1} {E1}")
    await room.alice.react(message, Mark.OFFER)
    assert cards(room) == ["E1"]


async def test_after_a_restart(room: Room) -> None:
    """The comparison with the channel follows nothing where only unanswered links are without a card."""
    message = await room.alice.send(room.channel, f"{E1} {N1}")
    (before,) = await room.services.jobs.store.done_since(room.services.now().replace(year=2000))
    await room.restart()
    assert cards(room) == ["E1"]
    (after,) = await room.services.jobs.store.done_since(room.services.now().replace(year=2000))
    assert (after.message_id, after.requests) == (message.id, before.requests)
    await room.choose(links=ALL)
    await room.restart()
    assert cards(room) == ["E1", "N1"]


async def test_previews(room: Room) -> None:
    """Discord's preview of a link that is not answered stays."""
    await room.choose(suppress=True)
    message = await room.alice.send(room.channel, N1)
    room.env.backend.messages[room.channel.id][message.id].embeds = [{"type": "link", "url": N1}]
    await room.alice.send(room.channel, "hello")
    assert not [one for one in room.env.http_requests if one.method == "PATCH"]


async def test_webhooks_with_links_that_are_not_answered(room: Room) -> None:
    """They do not count among those that may be bots answering each other."""
    await room.choose(webhooks=True, cooldown=0)
    hook = room.guild.create_webhook(room.channel)
    for _ in range(WEBHOOK_LINKS + 1):
        await hook.send(N1)
    await hook.send(E1)
    assert cards(room) == ["E1"]


async def test_who_asks_gets_all(room: Room) -> None:
    """*Summarise studies* and `/study show` take every source and short names, whatever a server answers."""
    await room.choose(mode=Mode.OFF)
    message = await room.alice.send(room.channel, f"{N1} <{E1}> newt#3 erowid#4")
    result = await room.alice.context_menu(room.channel, "Summarise studies", message)
    shown = [str(one.components) for one in (result.response, *result.followups)]
    assert [re.search(r"Study ([EN]\d)", one)[1] for one in shown] == ["N1", "E1", "N3", "E4"]
    for typed in (N2, "newt.example/2", "newt:2", " newt #2 ", "newt 2", f"<{N2}>"):
        result = await room.alice.slash(room.channel, "study show", reference=typed)
        assert "Study N2" in str(result.response.components), typed


async def test_suggestions_come_from_every_source(room: Room) -> None:
    """By words, authors and year; who picks one gets its card, in show and in search."""
    for reference in (erowid(1), newt(1)):
        await room.services.cards.study(reference)
    for command, option in (("study show", "reference"), ("study search", "query")):
        for typed in ("study", "doe 1988", "1988 ro", "study n1"):
            choices = await room.alice.autocomplete(room.channel, command, option, typed)
            found = {choice["name"].rpartition(" ")[2]: choice["value"] for choice in choices}
            assert set(found) == ({"N1"} if typed == "study n1" else {"E1", "N1"}), typed
            result = await room.alice.slash(room.channel, command, **{option: found["N1"]})
            assert "Study N1" in str(result.response.components)


async def test_a_bibliography_of_both(room: Room) -> None:
    """It holds what had a card, of any source."""
    await room.choose(links=ALL)
    await room.alice.send(room.channel, f"{N1} {E1}")
    result = await room.alice.slash(room.channel, "study bibliography")
    assert {"Study N1", "Study E1"} <= set(re.findall(r"Study [NE]\d", result.response.embeds[0].description))
