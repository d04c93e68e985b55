"""`/settings history`."""

import simcord

from bot.core.channel_settings import Mode, Scope, Target
from bot.core.errors import NotModerator, StorageError
from tests.cogs.conftest import Room
from tests.cogs.moderation import at, callbacks, components, refusal, revoke, said, server, slow_down
from tests.databases import without_database


async def test_nothing_yet(room: Room, mod: simcord.MemberActor) -> None:
    """Says so."""
    result = await mod.slash(room.channel, "settings history")
    assert result.ephemeral
    assert "Nothing was changed yet." in said(result)


async def test_page_by_page(room: Room, mod: simcord.MemberActor) -> None:
    """Who, where, what, old and new, the newest first; older ones and back; also after a restart."""
    for number in range(20):
        await room.services.settings.set(room.guild.id, server(room), {"cooldown": 100 + number}, by=mod.id)
    page = await mod.slash(room.channel, "settings history")
    seen = [said(page)]
    assert f"<@{mod.id}> · the server · Same study again: A new card after 118 seconds → A new card" in seen[0]
    await room.env.restart_bot()
    while any(one.get("label") == "Older" for one in components(page)):
        page = await mod.click(page.response.message, label="Older")
        seen.append(said(page))
    numbers = [number for text in seen for number in range(200, 99, -1) if f"→ A new card after {number} sec" in text]
    assert numbers == list(range(119, 99, -1))
    assert [text.count("→") for text in seen] == [8, 8, 4]
    first = await mod.click(page.response.message, label="Newest")
    assert said(first) == seen[0]


async def test_who_was_erased_is_someone(room: Room, mod: simcord.MemberActor) -> None:
    """The change stays, its maker does not."""
    await room.services.settings.set(room.guild.id, server(room), {"mode": Mode.OFF}, by=mod.id)
    await room.services.privacy.erase(mod.id)
    text = said(await mod.slash(room.channel, "settings history"))
    assert "someone · the server · Reply to links: not set → No card" in text
    assert f"<@{mod.id}>" not in text


async def test_long_lists_fit(room: Room, mod: simcord.MemberActor) -> None:
    """A few of many are named; the page stays within Discord's 4,000 characters."""
    for first in range(10):
        everybody = frozenset(range(10**18 + first, 10**18 + first + 25))
        await room.services.settings.set(room.guild.id, at(room.channel), {"ignored_members": everybody}, by=mod.id)
    text = said(await mod.slash(room.channel, "settings history"))
    assert len(text) <= 4_000
    assert text.count("and 21 more") == 2 * 8


async def test_permission_revoked_before_the_next_page(room: Room, mod: simcord.MemberActor) -> None:
    """Refused."""
    for number in range(9):
        await room.services.settings.set(room.guild.id, server(room), {"cooldown": number}, by=mod.id)
    page = await mod.slash(room.channel, "settings history")
    revoke(room, mod)
    refused = await mod.click(page.response.message, label="Older")
    assert refused.response.content == NotModerator.advice


async def test_broken_storage(room: Room, mod: simcord.MemberActor) -> None:
    """One sentence."""
    with without_database(room.engine):
        result = await mod.slash(room.channel, "settings history")
    assert result.response.content == StorageError.advice
    assert isinstance(refusal(room), StorageError)


async def test_a_slow_database(room: Room, mod: simcord.MemberActor, monkeypatch) -> None:
    """The page takes the place of "thinking"."""
    await room.services.settings.set(room.guild.id, Target(Scope.GUILD, room.guild.id), {"mode": Mode.OFF}, by=mod.id)
    slow_down(room, monkeypatch)
    result = await mod.slash(room.channel, "settings history")
    assert callbacks(room) == [{"type": 5, "data": {"flags": 64}}]
    assert result.ephemeral
    assert "not set → No card" in said(result)
