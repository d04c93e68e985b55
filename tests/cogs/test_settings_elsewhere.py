"""What another process changed on the same database: `/settings` shows it at once."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
import simcord

from bot.adapters.stores.settings import StoredSettings
from bot.core.channel_settings import Mode, Scope, Target
from bot.services.guild_settings import SettingsService
from tests.cogs.conftest import NOW, Room
from tests.cogs.moderation import callbacks, said
from tests.databases import without_database

Change = Callable[[Mode], Awaitable[object]]


@pytest.fixture
def elsewhere(room: Room) -> Change:
    """Let a moderator choose for the whole server, in another process."""
    other = SettingsService(StoredSettings(room.engine), now=lambda: NOW)
    return lambda mode: other.set(room.guild.id, Target(Scope.GUILD, room.guild.id), {"mode": mode}, by=1)


async def shown(room: Room, mod: simcord.MemberActor, command: str) -> str:
    """What a command tells of the mode, as the file has it."""
    result = await mod.slash(room.channel, f"settings {command}")
    assert result.ephemeral
    if command == "export":
        text = (await result.response.attachments[0].read()).decode()
        return next((mode for mode in Mode if f'"mode": "{mode}"' in text), "")
    words_of = {"answers to links are off (set for the server)": "off", "a small reaction": "ask", "(default)": ""}
    return next(mode for words, mode in words_of.items() if words in said(result))


@pytest.mark.parametrize("command", ["check", "export"])
async def test_it_is_shown_at_once(
    room: Room, mod: simcord.MemberActor, elsewhere: Change, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    """While the database does not answer, what is known is shown; where it takes long, Discord is told to wait."""
    assert await shown(room, mod, command) == ""
    await elsewhere(Mode.OFF)
    assert await shown(room, mod, command) == "off"
    await elsewhere(Mode.ASK)
    load = StoredSettings.load

    async def slowly(store: StoredSettings, guild_ids: list[int]) -> object:
        await asyncio.sleep(0.2)
        return await load(store, guild_ids)

    with without_database(room.engine):
        assert await shown(room, mod, command) == "off"
    room.env.bot.slow = 0
    monkeypatch.setattr(StoredSettings, "load", slowly)
    assert await shown(room, mod, command) == "ask"
    assert callbacks(room)[-1] == {"type": 5, "data": {"flags": 64}}
