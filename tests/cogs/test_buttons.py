import discord
import pytest

from bot.core.channel_settings import Layout
from bot.core.errors import NotYours
from tests.cogs.archives import unpacked
from tests.cogs.conftest import Room
from tests.cogs.test_watch import VIEW
from tests.invented import REFERENCE, invented_page


@pytest.fixture
async def card(room: Room) -> discord.Message:
    """A card that answers Alice."""
    room.pages.answer = invented_page(
        "On a drug that does not exist", "METHODS: We invented it.", "RESULTS: It *worked*.", "Word " * 2_000
    )
    await room.alice.send(room.channel, VIEW)
    (sent,) = room.cards()
    return sent


async def test_the_abstract_is_shown_whole_to_who_asked(room: Room, card: discord.Message) -> None:
    """Labels, escaped text, and page after page, in one private message."""
    result = await room.alice.click(card, label="Abstract")
    assert result.ephemeral
    first = str(result.response.components)
    assert "**Methods**\\nWe invented it." in first
    assert "It \\\\*worked\\\\*." in first
    assert "Page 1 of 4" in first
    second = await room.alice.click(result.response.message, label="Next")
    assert "Page 2 of 4" in str(second.response.components)
    assert len(room.cards()) == 1


async def test_the_citation_in_any_style_with_files(room: Room, card: discord.Message) -> None:
    """The channel's style first, another by the menu, any by its name; an archive of three files."""
    result = await room.alice.click(card, label="Cite")
    assert result.ephemeral
    assert "Doe, J. A., & Roe, R. B. (1988). On a drug that does not exist." in result.response.content
    assert result.response.content.startswith("**On a drug that does not exist**\n-# APA\n")
    assert [file.filename for file in result.response.attachments] == [f"erowid-{REFERENCE.id}.zip"]
    assert list(await unpacked(result)) == ["README.txt", "ris", "bib", "json"]
    picked = await room.alice.select(result.response.message, ["nature"])
    assert "Nature" in picked.response.content
    asked = await room.alice.click(result.response.message, label="Other style")
    typed = await room.alice.submit_modal(asked, {"style": "vancouver"})
    assert "Vancouver (NLM)" in typed.response.content
    again = await room.alice.click(result.response.message, label="Other style")
    other = await room.alice.submit_modal(again, {"style": "lancett"})
    assert "-# The Lancet" in other.response.content
    (menu,) = other.response.components[0]["components"]
    assert [option["label"] for option in menu["options"] if option.get("default")] == ["The Lancet"]


async def test_a_style_that_there_is_not(room: Room, card: discord.Message) -> None:
    """One sentence, to who typed it."""
    result = await room.alice.click(card, label="Cite")
    asked = await room.alice.click(result.response.message, label="Other style")
    typed = await room.alice.submit_modal(asked, {"style": "no such style"})
    assert "There is no citation style" in typed.response.content


async def test_who_may_delete_a_card(room: Room, card: discord.Message) -> None:
    """The poster and moderators may; nobody else."""
    stranger = room.guild.add_member(room.env.create_user("stranger"))
    refused = await stranger.click(card, label="Delete")
    assert refused.ephemeral
    assert refused.response.content == NotYours.advice
    assert len(room.cards()) == 1
    await room.alice.click(card, label="Delete")
    assert room.cards() == []


async def test_a_moderator_may_delete_a_card(room: Room, card: discord.Message) -> None:
    """Manage Messages is enough."""
    role = room.guild.create_role("Moderators", permissions=discord.Permissions(manage_messages=True))
    await room.guild.add_member(room.env.create_user("moderator"), roles=[role]).click(card, label="Delete")
    assert room.cards() == []


async def test_buttons_survive_a_restart(room: Room, card: discord.Message, simcord_bot) -> None:
    """What a button needs stands in its custom ID."""
    await room.env.restart_bot()
    result = await room.alice.click(card, label="Abstract")
    assert "We invented it." in str(result.response.components)


async def test_a_form_survives_a_restart(room: Room, card: discord.Message, simcord_bot) -> None:
    """A style's name that was asked for before a restart is taken after it."""
    cited = await room.alice.click(card, label="Cite")
    asked = await room.alice.click(cited.response.message, label="Other style")
    await room.env.restart_bot()
    typed = await room.alice.submit_modal(asked, {"style": "vancouver"})
    assert "Vancouver (NLM)" in typed.response.content


async def test_an_embed_has_the_same_buttons(room: Room) -> None:
    """Both layouts can do the same."""
    await room.choose(layout=Layout.EMBED)
    await room.alice.send(room.channel, VIEW)
    (card,) = room.cards()
    result = await room.alice.click(card, label="Abstract")
    assert result.ephemeral
    await room.alice.click(card, label="Delete")
    assert room.cards() == []
