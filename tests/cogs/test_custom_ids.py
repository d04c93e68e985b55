"""Custom IDs: each is read as it was written; what cannot be is answered with one sentence."""

from typing import Any

import pytest
from simcord import interactions
from simcord.backend import serializers

from bot.core.channel_settings import Scope, Target
from bot.core.errors import ButtonExpired
from bot.core.reference import Reference
from cogs.about.privacy import PRIVACY
from cogs.cards.buttons import OLD_TURN, STYLE_FORM
from cogs.cards.buttons import TURN as TURN_PAGE
from cogs.cards.digest import PICK
from cogs.cards.render import ABSTRACT, CITE, DELETE
from cogs.discord_kit.custom_ids import CustomId
from cogs.settings.check import FIX
from cogs.settings.controls import CLEAR, PLACE, REMOVE, SCOPE, SET, TAB, TURN, UNDO
from cogs.settings.history import HISTORY, KEEP, RESET, RESET_ALL
from cogs.settings.import_file import APPLY
from tests.cogs.conftest import Room
from tests.cogs.test_watch import VIEW
from tests.references import erowid

RECORD = erowid(1066)
PUBLISHED = Reference("doi", "10.5555/a:b")
CHANNEL = Target(Scope.CHANNEL, 7)
HUGE = "9" * 20
EXPIRED = "This button has expired."


@pytest.mark.parametrize(
    ("custom_id", "values", "text"),
    [
        (ABSTRACT, (RECORD, 0), "precis:abstract:1066:0"),
        (TURN_PAGE, (RECORD, 2), "precis:page:1066:2"),
        (OLD_TURN, (RECORD, 2), "precis:abstract:1066:2:turn"),
        (CITE, (PUBLISHED, "apa"), "precis:cite:=doi:10.5555/a:b:apa"),
        (ABSTRACT, (PUBLISHED, 1), "precis:abstract:=doi:10.5555/a:b:1"),
        (CITE, (RECORD, "apa"), "precis:cite:1066:apa"),
        (DELETE, (5,), "precis:delete:5"),
        (STYLE_FORM, (RECORD,), "precis:typed:1066"),
        (PRIVACY, ("ask", 5), "precis:privacy:ask:5"),
        (PICK, (), "precis:pick"),
        (PLACE, ("cards", CHANNEL), "precis:panel:place:cards:channel:7"),
        (TURN, ("off", CHANNEL), "precis:turn:off:channel:7"),
        (UNDO, (5,), "precis:undo:5"),
        (SCOPE, ("cards",), "precis:panel:scope:cards"),
        (TAB, ("limits", CHANNEL), "precis:panel:tab:limits:channel:7"),
        (SET, ("mode", CHANNEL), "precis:set:mode:channel:7"),
        (REMOVE, ("log_channel", CHANNEL), "precis:unset:log_channel:channel:7"),
        (CLEAR, ("people", CHANNEL), "precis:clear:people:channel:7"),
        (HISTORY, (0,), "precis:history:0"),
        (RESET, (CHANNEL,), "precis:reset:channel:7"),
        (RESET_ALL, (9,), "precis:reset:all:9"),
        (FIX, ("mode", 7), "precis:fix:mode:7"),
        (KEEP, (), "precis:keep"),
        (APPLY, ("0" * 32,), f"precis:import:{'0' * 32}"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_written_and_read(custom_id: CustomId, values: tuple[Any, ...], text: str) -> None:
    """The text is what messages of earlier versions hold, so it must not change."""
    assert custom_id(*values) == text
    assert custom_id.read(text) == values
    assert custom_id.read(f"{text}x:") is None


@pytest.mark.parametrize(
    ("custom_id", "text"),
    [
        (CITE, "precis:cite:0:apa"),
        (CITE, f"precis:cite:{HUGE}:apa"),
        (DELETE, f"precis:delete:{HUGE}"),
        (SET, "precis:set:colour:guild:1"),
        (RESET, f"precis:reset:guild:{HUGE}"),
    ],
)
def test_impossible_values(custom_id: CustomId, text: str) -> None:
    with pytest.raises(ButtonExpired):
        custom_id.read(text)


async def click(room: Room, actor: Any, data: dict[str, Any], *, kind: int = 3) -> Any:
    """Send a click, or a form, that no control of today has; gives the first answer."""
    message = await actor.send(room.channel, "a message to click on")
    backend = room.env.backend
    record, payload = interactions.base_payload(
        backend, type=kind, channel_id=room.channel.id, guild_id=room.guild.id, user_id=actor.id, data=data
    )
    record.source_message_id = message.id
    shown = serializers.message_payload(backend, backend.get_message(room.channel.id, message.id))
    backend.emit("INTERACTION_CREATE", payload | {"message": dict(shown)})
    await room.env.settle()
    return [one.json["data"] for one in room.env.http_requests if one.path.endswith("/callback")][-1]


@pytest.mark.parametrize(
    "data",
    [
        *(
            {"custom_id": custom_id, "component_type": 2}
            for custom_id in (
                "precis:cite:0:apa",
                f"precis:cite:{HUGE}:apa",
                "precis:forgotten:1",
                "precis:",
                "other:1",
                "precis:style:1",
                "precis:privacy:sell:1",
                f"precis:history:{HUGE}",
            )
        ),
        *(
            {"custom_id": custom_id, "component_type": 3, "values": values}
            for custom_id, values in (
                ("precis:pick", ["x"]),
                ("precis:pick", []),
                ("precis:pick", [HUGE]),
                ("precis:set:colour:guild:1", ["red"]),
                ("precis:panel:scope:nowhere", []),
                ("precis:panel:scope:cards", ["x"]),
            )
        ),
    ],
    ids=lambda data: f"{data['custom_id']} {data.get('values', '')}",
)
async def test_an_outdated_click(room: Room, data: dict[str, Any]) -> None:
    """It is answered privately, in one sentence."""
    answer = await click(room, room.add_moderator(), data)
    assert (answer["content"], answer["flags"]) == (EXPIRED, 64)


@pytest.mark.parametrize("components", [[], [{"type": 18, "component": {}}], [{"type": 1, "components": []}]])
@pytest.mark.parametrize("custom_id", ["precis:typed:1066", "precis:style:guild:1", "precis:typed:0", "precis:gone"])
async def test_an_outdated_form(room: Room, custom_id: str, components: list[Any]) -> None:
    answer = await click(room, room.add_moderator(), {"custom_id": custom_id, "components": components}, kind=5)
    assert (answer["content"], answer["flags"]) == (EXPIRED, 64)


async def test_discord_py_holds_no_view(room: Room) -> None:
    """Clicks are read from custom IDs, so no message's controls stay in memory."""
    await room.alice.send(room.channel, VIEW)
    (card,) = room.cards()
    cited = await room.alice.click(card, label="Cite")
    await room.alice.click(cited.response.message, label="Other style")
    assert list(room.env.bot.persistent_views) == []
    views = room.env.bot._connection._view_store  # noqa: SLF001 - discord.py shows no others than persistent views
    assert (dict(views._views), dict(views._modals)) == ({}, {})  # noqa: SLF001
