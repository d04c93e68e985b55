import asyncio
from typing import Any

import pytest

from bot.core.errors import NotTheAsker, StorageError
from bot.services.retention import KEEP_CARDS, KEEP_GUILDS
from tests.cogs.conftest import NOW, Room
from tests.cogs.test_watch import VIEW


async def test_what_is_stored(room: Room) -> None:
    """What is kept and for how long, and how much of who asked; to them alone."""
    await room.alice.send(room.channel, VIEW)
    result = await room.alice.slash(room.channel, "privacy")
    assert result.ephemeral
    shown = str(result.response.components)
    reported = "the bot's log gets the study and what is wrong, nothing of you"
    sent = "title, authors, journal, year, volume and pages may be sent to Europe PMC, Crossref and Unpaywall"
    for said in ("guild", "channel, message", "No text of messages", sent, "Nothing of people is sent.", reported):
        assert said.replace("guild", "server") in shown
    assert f"kept for {KEEP_CARDS.days} days" in shown
    assert f"erased {KEEP_GUILDS.days} days after" in shown
    assert "Stored of you now, pairs of message and card: 1." in shown
    assert "Your links get cards." in shown
    stranger = room.guild.add_member(room.env.create_user("stranger"))
    theirs = await stranger.slash(room.channel, "privacy")
    assert "pairs of message and card: 0." in str(theirs.response.components)


async def test_opting_out_and_in_again(room: Room) -> None:
    """From then on links get no cards, others' do; the button turns into its opposite."""
    asked = await room.alice.slash(room.channel, "privacy")
    out = await room.alice.click(asked.response.message, label="No cards for my links")
    assert "Your links get no cards." in str(out.response.components)
    await room.alice.send(room.channel, VIEW)
    assert room.cards() == []
    assert not room.pages.asked
    await room.guild.add_member(room.env.create_user("other")).send(room.channel, VIEW)
    assert len(room.cards()) == 1
    back = await room.alice.click(out.response.message, label="Cards for my links")
    assert "Your links get cards." in str(back.response.components)
    assert not room.services.privacy.opted_out(room.alice.id)


async def test_erasing_asks_first(room: Room) -> None:
    """Then forgets the pairs of who asked, and nobody else's; the cards stay."""
    other = room.guild.add_member(room.env.create_user("other"))
    await room.choose(cooldown=0)
    await room.alice.send(room.channel, VIEW)
    await other.send(room.channel, VIEW)
    asked = await room.alice.slash(room.channel, "privacy")
    sure = await room.alice.click(asked.response.message, label="Erase what is stored of me")
    assert "Erase what is stored of you? Pairs of message and card: 1." in str(sure.response.components)
    kept = await room.alice.click(sure.response.message, label="Keep")
    assert "pairs of message and card: 1." in str(kept.response.components)
    sure = await room.alice.click(kept.response.message, label="Erase what is stored of me")
    done = await room.alice.click(sure.response.message, label="Erase")
    assert "Erased. Pairs that were stored: 1." in str(done.response.components)
    assert "Stored of you now, pairs of message and card: 0." in str(done.response.components)
    assert await room.services.privacy.stored(room.alice.id) == 0
    assert await room.services.privacy.stored(other.id) == 1
    assert len(room.cards()) == 2


async def test_buttons_act_for_who_asked_alone_and_survive_a_restart(room: Room, asked: dict[str, Any]) -> None:
    """Their custom IDs name the asker."""
    result = await room.alice.slash(room.channel, "privacy")
    await room.env.restart_bot()
    out = await room.alice.click(result.response.message, label="No cards for my links")
    assert room.services.privacy.opted_out(room.alice.id)
    stranger = room.guild.add_member(room.env.create_user("stranger"))
    user = {"id": str(stranger.id), "username": "stranger", "discriminator": "0", "avatar": None}
    member = {"user": user, "roles": [], "joined_at": NOW.isoformat(), "deaf": False, "mute": False, "flags": 0}
    asked["member"] = member | {"permissions": "0"}
    refused = await room.alice.click(out.response.message, label="Cards for my links")
    assert refused.ephemeral
    assert refused.response.content == NotTheAsker.advice
    assert room.services.privacy.opted_out(room.alice.id)
    assert not room.services.privacy.opted_out(stranger.id)


@pytest.mark.parametrize("label", ["No cards for my links", "Erase what is stored of me"])
async def test_without_a_database(room: Room, monkeypatch: pytest.MonkeyPatch, label: str) -> None:
    """A sentence says that nothing changed now."""
    result = await room.alice.slash(room.channel, "privacy")

    async def broken(*_: object) -> None:
        raise StorageError("gone")

    for name in ("opt_out", "stored"):
        monkeypatch.setattr(room.services.privacy, name, broken)
    refused = await room.alice.click(result.response.message, label=label)
    assert "database does not answer" in str([one.content for one in (refused.response, *refused.followups)])
    assert not room.services.privacy.opted_out(room.alice.id)
    said = await room.alice.slash(room.channel, "privacy")
    assert said.response.content == StorageError.advice
    assert len(room.env.errors) == 1


async def test_a_slow_database(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """The panel is updated in its place, however long it takes."""
    result = await room.alice.slash(room.channel, "privacy")
    opt_out = room.services.privacy.opt_out

    async def slowly(user_id: int) -> None:
        await asyncio.sleep(0.1)
        await opt_out(user_id)

    monkeypatch.setattr(room.services.privacy, "opt_out", slowly)
    room.env.bot.slow = 0
    out = await room.alice.click(result.response.message, label="No cards for my links")
    assert room.services.privacy.opted_out(room.alice.id)
    callbacks = [request.json["type"] for request in room.env.http_requests if request.path.endswith("/callback")]
    assert callbacks == [4, 6]
    assert "Your links get no cards." in str(result.response.components)
    assert out.followups == []
