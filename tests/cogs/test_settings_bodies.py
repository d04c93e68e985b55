"""All that `/settings` sends, judged by Discord's official API description."""

import json

from bot.core.channel_settings import Mode
from cogs.settings.controls import TABS
from tests.cogs.conftest import Room
from tests.cogs.moderation import at, open_panel, pick, server
from tests.shared import needs_shared
from tests.wire.openapi import description
from tests.wire.rules import message_violations


@needs_shared
async def test_every_body(room: Room) -> None:
    """The commands, each part of the panel with everything chosen, the form, and each command's answers."""
    mod = room.add_moderator()
    people = frozenset({mod.id, room.alice.id})
    mine = {"ignored_roles": frozenset({room.guild.roles["Moderators"].id}), "ignored_members": people, "style": "cell"}
    await room.services.settings.set(room.guild.id, at(room.channel), mine, by=mod.id)
    await room.choose(log_channel=room.guild.create_text_channel("log").id, cooldown=77, **mine)
    for options in ({}, {"channel": room.channel}):
        for tab in TABS:
            shown = await open_panel(room, mod, tab, **options)
        form = await pick(mod, await open_panel(room, mod, **options), "style", ["+"])
        await mod.submit_modal(form, {"style": "cell"})
    await pick(mod, shown, "ignored_members", [mod])
    for number in range(9):
        values = {"mode": Mode.ASK if number % 2 else Mode.OFF}
        await room.services.settings.set(room.guild.id, server(room), values, by=mod.id)
    history = await mod.slash(room.channel, "settings history")
    await mod.click(history.response.message, label="Older")
    await mod.slash(room.channel, "settings check")
    exported = await mod.slash(room.channel, "settings export")
    asked = await mod.slash(room.channel, "settings reset")
    await mod.click(asked.response.message, custom_id=f"precis:reset:all:{room.guild.id}")
    data = await exported.response.attachments[0].read()
    json.loads(data)
    taken = await mod.slash(room.channel, "settings import", file=("settings.json", data))
    await mod.click(taken.response.message, label="Apply")
    panel = await open_panel(room, mod)
    asked = await mod.click(panel.response.message, label="Reset …")
    await mod.click(asked.response.message, custom_id=f"precis:reset:all:{room.guild.id}")
    judge = description()
    assert judge is not None
    judged = [one for one in room.env.http_requests if one.json is not None]
    assert len(judged) > 20
    for request in judged:
        assert judge.violations(request.method, request.path, request.json) == [], request.path
        for body in (request.json, request.json.get("data")) if isinstance(request.json, dict) else ():
            if isinstance(body, dict) and "components" in body and "custom_id" not in body:
                assert message_violations(body) == [], request.path
