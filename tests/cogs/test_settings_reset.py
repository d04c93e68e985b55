"""`/settings reset`: it asks first, takes choices away, and gives them as a file."""

import pytest
import simcord

from bot.core.channel_settings import Mode, Size
from bot.core.errors import NoTarget, NotChanged, NotModerator
from tests.cogs.conftest import Room
from tests.cogs.moderation import (
    at,
    break_storage,
    components,
    open_panel,
    revoke,
    said,
    server,
    stored,
)
from tests.cogs.test_settings import attached


@pytest.fixture(autouse=True)
async def _chosen(room: Room) -> None:
    await room.choose(mode=Mode.ASK)
    values = {"size": Size.COMPACT, "max_cards": 1}
    await room.services.settings.set(room.guild.id, at(room.channel), values, by=1)


async def test_of_a_channel(room: Room, mod: simcord.MemberActor) -> None:
    """Asks first; takes that channel's choices away, and gives them as a file."""
    asked = await mod.slash(room.channel, "settings reset", channel=room.channel)
    assert asked.ephemeral
    assert asked.response.content == (
        f"Reset <#{room.channel.id}>? This removes 2 settings; what is set above it, or the default, then applies."
    )
    assert len(await stored(room)) == 2
    done = await mod.click(asked.response.message, label="Reset 2 settings")
    assert done.response.content.splitlines()[1:] == [
        f"- <#{room.channel.id}> · Size of cards: Compact → not set",
        f"- <#{room.channel.id}> · Cards a message: 1 → not set",
    ]
    assert components(done) == []
    assert str(room.channel.id) in (await attached(done))["channels"]
    assert await stored(room) == {server(room): {"mode": Mode.ASK}}


async def test_of_all(room: Room, mod: simcord.MemberActor) -> None:
    """Takes everything away; also after a restart in between."""
    asked = await mod.slash(room.channel, "settings reset")
    assert asked.response.content == (
        "Reset this server? 1 setting of the server itself will return to default. "
        "2 settings in its categories and channels will return to default."
    )
    await room.env.restart_bot()
    await mod.click(asked.response.message, label="Reset 3 settings")
    assert await stored(room) == {}
    again = await mod.slash(room.channel, "settings reset")
    assert again.response.content == "Nothing is set there, so there is nothing to reset."


async def test_of_the_server_alone(room: Room, mod: simcord.MemberActor) -> None:
    """What is chosen for its channels stays."""
    asked = await mod.slash(room.channel, "settings reset")
    done = await mod.click(asked.response.message, label="Only the server itself (1 setting)")
    assert done.response.content.startswith("Reset.")
    assert await stored(room) == {at(room.channel): {"size": Size.COMPACT, "max_cards": 1}}


@pytest.mark.parametrize("answer", ["Only the server itself (1 setting)", "Reset 3 settings", "Cancel"])
async def test_from_the_panel(room: Room, mod: simcord.MemberActor, answer: str) -> None:
    """It asks in its own place and shows then what holds; what was there comes as a file beside it."""
    panel = await open_panel(room, mod)
    asked = await mod.click(panel.response.message, label="Reset …")
    assert len(await stored(room)) == 2
    done = await mod.click(asked.response.message, label=answer)
    assert "Settings of **the server**" in said(done)
    left = {"Only the server itself (1 setting)": 1, "Reset 3 settings": 0, "Cancel": 2}[answer]
    assert len(await stored(room)) == left
    assert [one.ephemeral for one in done.followups] == ([] if answer == "Cancel" else [True])


async def test_nothing_left_by_then(room: Room, mod: simcord.MemberActor) -> None:
    """Another moderator was faster."""
    asked = await mod.slash(room.channel, "settings reset")
    await room.services.settings.reset(room.guild.id, by=1)
    done = await mod.click(asked.response.message, label="Reset 3 settings")
    assert done.response.content == "Nothing was changed."


async def test_the_question_says_no(room: Room, mod: simcord.MemberActor) -> None:
    """Nothing changes."""
    asked = await mod.slash(room.channel, "settings reset")
    kept = await mod.click(asked.response.message, label="Cancel")
    assert kept.response.content == "Nothing was changed."
    assert components(kept) == []
    assert len(await stored(room)) == 2


async def test_permission_revoked_before_the_answer(room: Room, mod: simcord.MemberActor) -> None:
    """Refused, and nothing changed."""
    asked = await mod.slash(room.channel, "settings reset")
    revoke(room, mod)
    refused = await mod.click(asked.response.message, label="Reset 3 settings")
    assert refused.ephemeral
    assert refused.response.content == NotModerator.advice
    assert len(await stored(room)) == 2


async def test_broken_storage(room: Room, mod: simcord.MemberActor) -> None:
    """Nothing is half taken away."""
    before = await stored(room)
    asked = await mod.slash(room.channel, "settings reset")
    await break_storage(room)
    refused = await mod.click(asked.response.message, label="Reset 3 settings")
    assert refused.response.content == NotChanged.advice
    assert await stored(room) == before


async def test_a_channel_deleted_before_the_answer(room: Room, mod: simcord.MemberActor) -> None:
    """One sentence; the rest stays."""
    gone = room.guild.create_text_channel("gone")
    await room.services.settings.set(room.guild.id, at(gone), {"max_cards": 1}, by=1)
    asked = await mod.slash(room.channel, "settings reset", channel=gone)
    room.env.backend.delete_channel(gone.id)
    await room.env.settle()
    refused = await mod.click(asked.response.message, label="Reset 1 setting")
    assert refused.response.content == NoTarget.advice
