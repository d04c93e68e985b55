"""How moderators choose whose links are answered, in a bot that knows two sources: Erowid and an invented one."""

import json

import pytest
import simcord

from bot.core.channel_settings import Mode
from bot.core.errors import BadSettingsFile
from bot.core.source import Sources
from cogs.discord_kit.i18n import speak
from cogs.settings.wording import changed
from tests.cogs.conftest import Room
from tests.cogs.moderation import (
    at,
    labels,
    line,
    menu,
    open_panel,
    pick,
    preselected,
    said,
    server,
    stored,
)
from tests.references import BOTH

ALL = frozenset({"erowid", "newt"})
FIX = "Fix: answer Newt Library links here"


@pytest.fixture
def sources() -> Sources:
    """Both."""
    return BOTH


async def test_the_panel(room: Room, mod: simcord.MemberActor) -> None:
    """A menu with each source's title, what is answered picked; at least one stays; its own value can be taken away."""
    shown = await open_panel(room, mod, "limits")
    assert line(shown, "links") == "Links answered (default)"
    assert [(one["value"], one["label"]) for one in menu(shown, "links")["options"]] == [
        ("erowid", "Erowid"),
        ("newt", "Newt Library"),
    ]
    assert preselected(shown, "links") == ["erowid"]
    assert (menu(shown, "links").get("min_values", 1), menu(shown, "links")["max_values"]) == (1, 2)
    shown = await pick(mod, shown, "links", ["erowid", "newt"])
    assert line(shown, "links") == "Links answered (set here)"
    assert preselected(shown, "links") == ["erowid", "newt"]
    there = await open_panel(room, mod, "limits", channel=room.channel)
    assert line(there, "links") == "Links answered (set for the server)"
    there = await pick(mod, there, "links", ["newt"])
    assert await stored(room) == {server(room): {"links": ALL}, at(room.channel): {"links": frozenset({"newt"})}}
    there = await mod.click(there.response.message, label="Back to the server's value")
    assert preselected(there, "links") == ["erowid", "newt"]
    undone = await mod.click(there.response.message, label="Undo")
    assert preselected(undone, "links") == ["newt"]
    shown = await open_panel(room, mod, "limits")
    await mod.click(shown.response.message, label="Back to the default")
    assert await stored(room) == {at(room.channel): {"links": frozenset({"newt"})}}


async def test_a_pick_in_an_old_panel(room: Room, mod: simcord.MemberActor) -> None:
    """It changes what was picked and nothing else: what this bot does not know stays, and what others chose since."""
    await room.choose(links=frozenset({"erowid", "unicorn"}))
    shown = await open_panel(room, mod, "limits")
    assert preselected(shown, "links") == ["erowid"]
    await pick(mod, shown, "links", ["erowid", "newt"])
    assert await stored(room) == {server(room): {"links": ALL | {"unicorn"}}}
    await pick(mod, shown, "links", ["newt"])
    assert await stored(room) == {server(room): {"links": frozenset({"newt", "unicorn"})}}


async def test_the_check(room: Room, mod: simcord.MemberActor) -> None:
    """It names what is not answered; one click answers it in this channel; then there is nothing to fix."""
    shown = await mod.slash(room.channel, "settings check")
    assert "Newt Library links get nothing: they are not answered here (default)." in said(shown)
    assert "- Links answered: Erowid (default)" in said(shown)
    assert "- Short names: Not answered (default)" in said(shown)
    assert labels(shown) == [FIX]
    fixed = await mod.click(shown.response.message, label=FIX)
    assert "get nothing" not in said(fixed)
    assert "- Links answered: Erowid, Newt Library (set for the channel)" in said(fixed)
    assert f"Changed: <#{room.channel.id}> · Links answered: not set → Erowid, Newt Library" in said(fixed)
    assert labels(fixed) == []
    assert await stored(room) == {at(room.channel): {"links": ALL}}


async def test_the_check_where_cards_are_off(room: Room, mod: simcord.MemberActor) -> None:
    """What comes first is fixed first: sources count once cards are on."""
    await room.choose(mode=Mode.OFF)
    shown = await mod.slash(room.channel, "settings check")
    assert "Newt Library" not in said(shown)
    assert labels(shown) == ["Fix: turn cards on here"]
    assert labels(await mod.click(shown.response.message, label="Fix: turn cards on here")) == [FIX]


async def test_log_and_history(room: Room, mod: simcord.MemberActor) -> None:
    """Both name sources by their titles, in the reader's language."""
    log = room.guild.create_text_channel("log")
    await room.choose(log_channel=log.id)
    await pick(mod, await open_panel(room, mod, "limits"), "links", ["newt"])
    told = "the server · Links answered: not set → Newt Library"
    assert log.history()[-1].content == f"<@{mod.id}> changed {told}"
    assert told in str((await mod.slash(room.channel, "settings history")).response.components)
    (entry, _) = await room.services.settings.history(room.guild.id)
    assert changed(speak("de"), entry.change, BOTH).endswith("Beantwortete Links: nicht gewählt → Newt Library")


@pytest.mark.parametrize(
    ("links", "says"),
    [
        (["erowid", "newt"], "Links answered: not set → Erowid, Newt Library"),
        (["unicorn", "newt"], "This bot does not know unicorn: such names have no effect."),
        (["unicorn"], "Links answered: not set → unicorn"),
        ([], '"links" must be a list of one source or more, such as ["erowid"]'),
        ("newt", '"links" must be a list of one source or more'),
        (["Newt Library"], '"links" must be a list of one source or more'),
    ],
)
async def test_a_file(room: Room, mod: simcord.MemberActor, links, says: str) -> None:
    """A name that the bot does not know is kept, and said; no name at all is refused."""
    head = {"format": "precis-settings", "version": 1, "guild": str(room.guild.id)}
    data = json.dumps(head | {"settings": {"links": links}}).encode()
    asked = await mod.slash(room.channel, "settings import", file=("settings.json", data))
    assert says in asked.response.content
    if "must be" in says:
        assert isinstance(room.env.errors[-1].original, BadSettingsFile)
    else:
        await mod.click(asked.response.message, label="Apply")
        assert json.loads(room.services.settings.export(room.guild.id))["settings"] == {"links": sorted(links)}


async def test_help_says_so(room: Room) -> None:
    """In one sentence."""
    shown = str((await room.alice.slash(room.channel, "help")).response.components)
    assert "5. Newt Library links get cards too, where moderators switch them on." in shown


async def test_about_says_where_they_are_read(room: Room) -> None:
    """Not all records are Erowid's."""
    shown = str((await room.alice.slash(room.channel, "about")).response.components)
    assert "Studies behind Newt Library links are read from" in shown
