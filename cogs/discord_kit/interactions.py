"""Interactions as they come in: what they ask for, and the sentence for those that come while the bot is ending."""

import asyncio
from typing import Any

import discord
import structlog

from cogs.discord_kit.errors import TRANSIENT_ERRORS, answer_privately
from cogs.discord_kit.i18n import speak

YIELDING = 2.0
"""Seconds, of Discord's three, for another process that has the same interaction to answer it in earnest."""

_KINDS = {2: "command", 3: "component", 4: "autocomplete", 5: "form"}
_SUBCOMMANDS = {1, 2}
"""Types of options (docs.discord.com, "Application Command Option Type") that are a part of the command's name."""

log = structlog.get_logger(__name__)


def asked_for(data: Any) -> tuple[str, str]:
    """Give an interaction's kind, and its command's name (`study show`) or the beginning of its button's (`precis:cite`)."""
    kind, asked = _KINDS.get(data["type"], "other"), data.get("data") or {}
    if "custom_id" in asked:
        return kind, ":".join(asked["custom_id"].split(":")[:2])
    names = [asked.get("name", "")]
    while (options := asked.get("options")) and options[0].get("type") in _SUBCOMMANDS:
        asked = options[0]
        names.append(asked["name"])
    return kind, " ".join(names)


async def put_off(interaction: discord.Interaction[Any]) -> None:
    """Ask for another try in a moment, where no other process answers before that."""
    await asyncio.sleep(YIELDING)
    _ = speak(interaction.locale)
    try:
        if interaction.type is discord.InteractionType.autocomplete:
            await interaction.response.autocomplete([])
        else:
            await answer_privately(interaction, _("The bot is restarting. Please try again in a moment."))
    except TRANSIENT_ERRORS as error:
        log.info("not put off", reason=str(error))
