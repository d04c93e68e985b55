"""Commands and clicks while the database is gone, Discord forgets, and in a language that no word of ours is in."""

from typing import Any

import pytest
from babel import Locale

from bot.adapters.stores.settings import StoredSettings
from bot.core.channel_settings import Mode
from bot.core.errors import NotChanged, NotModerator, StorageError
from bot.services.guild_settings import SettingsService
from cogs.discord_kit.i18n import languages
from cogs.settings.controls import TABS
from tests.cogs.conftest import Room
from tests.cogs.moderation import at, components, line, open_panel, pick, said, server, stored
from tests.cogs.pseudo import shown_texts, speak_pseudo, untranslated
from tests.cogs.test_watch import VIEW
from tests.databases import without_database


@pytest.mark.parametrize("name", ["study recent", "study bibliography", "privacy", "settings history"])
async def test_commands_that_need_the_database(room: Room, mod: Any, name: str) -> None:
    """One private sentence; they work again once it is back."""
    with without_database(room.engine):
        result = await mod.slash(room.channel, name)
    assert result.ephemeral
    assert result.response.content == StorageError.advice
    assert len(room.env.errors) == 1
    again = await mod.slash(room.channel, name)
    assert again.response.content != StorageError.advice


@pytest.mark.parametrize("name", ["help", "about", "settings panel", "settings check", "settings export", "settings reset"])
async def test_commands_that_need_no_database(room: Room, mod: Any, name: str) -> None:
    """They show what is known."""
    with without_database(room.engine):
        result = await mod.slash(room.channel, name)
    assert result.ephemeral
    assert result.response.content != StorageError.advice


@pytest.mark.parametrize("tab", TABS)
async def test_panel_without_a_database(room: Room, mod: Any, tab: str) -> None:
    """It opens and turns; a change is refused whole, and goes through once the database is back."""
    key, value = {"cards": ("mode", "off"), "limits": ("max_cards", "2"), "people": ("ignored_members", mod)}[tab]
    with without_database(room.engine):
        shown = await open_panel(room, mod, tab)
        refused = await pick(mod, shown, key, [value])
    assert refused.response.content == NotChanged.advice
    assert await stored(room) == {}
    await pick(mod, shown, key, [value])
    assert list((await stored(room))[server(room)]) == [key]


async def test_what_another_process_changed_is_shown(room: Room, mod: Any) -> None:
    """Opening the panel, a reset and an import take in what is stored now."""
    other = SettingsService(StoredSettings(room.engine), now=room.services.now)
    await other.set(room.guild.id, server(room), {"mode": Mode.OFF}, by=1)
    assert "**No card**" in line(await open_panel(room, mod), "mode")
    await other.set(room.guild.id, server(room), {"mode": Mode.ASK, "max_cards": 1}, by=1)
    assert (await mod.slash(room.channel, "settings reset")).response.content.endswith(
        "2 settings of the server itself will return to default."
    )


async def test_reset_from_a_panel_that_is_old(room: Room, mod: Any) -> None:
    """Nothing left to take away: the panel shows what holds."""
    await room.choose(mode=Mode.OFF)
    shown = await open_panel(room, mod)
    await room.services.settings.reset(room.guild.id, by=1)
    shown = await mod.click(shown.response.message, label="Reset …")
    assert "(default)" in line(shown, "mode")
    assert not [one for one in components(shown) if one.get("label") == "Reset …"]


async def test_reset_after_the_permission_went(room: Room, mod: Any) -> None:
    """The question and its answer are refused."""
    await room.choose(mode=Mode.OFF)
    shown = await open_panel(room, mod)
    room.env.backend.remove_member_role(room.guild.id, mod.id, room.guild.roles["Moderators"].id)
    assert (await mod.click(shown.response.message, label="Reset …")).response.content == NotModerator.advice
    assert (await stored(room))[server(room)] == {"mode": Mode.OFF}


async def test_a_channels_panel_resets_that_channel(room: Room, mod: Any) -> None:
    """And nothing else; after a restart too."""
    await room.choose(mode=Mode.OFF)
    await room.services.settings.set(room.guild.id, at(room.channel), {"max_cards": 1}, by=1)
    shown = await open_panel(room, mod, "limits", channel=room.channel)
    asked = await mod.click(shown.response.message, label="Reset …")
    await room.env.restart_bot()
    done = await mod.click(asked.response.message, label="Reset 1 setting")
    assert f"Settings of **<#{room.channel.id}>**" in said(done)
    assert await stored(room) == {server(room): {"mode": Mode.OFF}}


async def test_deleted_values_are_drawn(room: Room, mod: Any) -> None:
    """Roles, members and channels that are gone: the panel and the check show all parts."""
    gone = frozenset(range(10**18, 10**18 + 25))
    await room.choose(ignored_roles=gone, ignored_members=gone, log_channel=10**18)
    for tab in TABS:
        shown = await open_panel(room, mod, tab)
        assert len(said(shown)) <= 4_000
    check = await mod.slash(room.channel, "settings check")
    assert len(said(check)) <= 4_000


async def test_menus_fit(room: Room, mod: Any) -> None:
    """Custom IDs within 100 characters, 25 options at most."""
    for tab in TABS:
        for one in components(await open_panel(room, mod, tab)):
            assert len(one.get("custom_id", "")) <= 100
            assert len(one.get("options", [])) <= 25


@pytest.mark.parametrize("name", ["study recent", "study bibliography", "help", "about", "privacy"])
async def test_in_direct_messages(room: Room, name: str) -> None:
    """Every command for all answers there."""
    result = await room.env.create_user("bob").slash(name)
    assert result.acknowledged


ALLOWED = {
    "Precis", "Erowid",
    "APA", "MLA", "Chicago", "Vancouver", "AMA", "Harvard", "IEEE", "Nature", "NLM",
    "Cite", "Them", "Right",
    *(word for code in ["en", *languages()] for word in untranslated(str(Locale.parse(code).get_display_name()))),
}  # fmt: skip
"""Names: of the bot, of styles, of languages."""


async def test_no_word_is_left_untranslated(room: Room, mod: Any) -> None:
    """Commands, panels, questions, lists and refusals; cards apart, which hold the record's own words."""
    speak_pseudo()
    await room.choose(ignored_members=frozenset({mod.id}), suppress=True, max_cards=2, cooldown=77)
    room.env.http_requests.clear()
    for tab in TABS:
        for options in ({}, {"channel": room.channel}):
            opened = await mod.slash(room.channel, "settings panel", **options)
            buttons = [one["custom_id"] for one in components(opened) if f":tab:{tab}:" in one.get("custom_id", "")]
            if tab != "cards":
                await mod.click(opened.response.message, custom_id=buttons[0])
    for name in ("check", "export", "history", "reset"):
        shown = await mod.slash(room.channel, f"settings {name}")
    await mod.click(shown.response.message, custom_id="precis:keep")
    data = f'{{"format": "precis-settings", "version": 1, "guild": "{room.guild.id}", "settings": {{"mode": "off"}}}}'
    await mod.slash(room.channel, "settings import", file=("settings.json", data.encode()))
    for name in ("help", "about", "privacy", "study recent", "study bibliography"):
        await mod.slash(room.channel, name)
    await mod.slash(room.channel, "study search", query="77")
    await mod.slash(room.channel, "study show", reference="0")
    message = await room.alice.send(room.channel, "nothing here")
    await mod.context_menu(room.channel, "Summarise studies", message)
    texts = {text for one in room.env.http_requests for text in shown_texts(one.json)}
    assert len(texts) > 60
    assert len(room.env.errors) == 1  # the number that is none
    left = {text: words for text in texts if (words := untranslated(text) - ALLOWED)}
    assert left == {}


async def test_buttons_under_a_card_without_a_database(room: Room) -> None:
    """What was read stays at hand; a card that is to go goes, and is forgotten or known to be gone once it is back."""
    await room.alice.send(room.channel, VIEW)
    (card,) = room.cards()
    with without_database(room.engine):
        shown = await room.alice.click(card, label="Abstract")
        assert "We conclude that it works." in str(shown.response.components)
        cited = await room.alice.click(card, label="Cite")
        assert "On a drug that does not exist" in cited.response.content
        await room.alice.click(card, label="Delete")
        assert room.cards() == []
    await room.alice.send(room.channel, VIEW)
    assert len(room.cards()) == 1
