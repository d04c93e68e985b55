"""Messages with a card in the form of Discord's REST API."""

from collections.abc import Mapping
from typing import Any

import discord
from discord.ui import LayoutView, View


def payload(drawing: Mapping[str, Any]) -> dict[str, Any]:
    """Give the body of a request that sends a drawing of `cogs.cards.render.draw` (docs.discord.com, "Create Message")."""
    view: View | LayoutView = drawing["view"]
    flags = discord.MessageFlags(suppress_notifications=drawing["silent"], components_v2=view.has_components_v2())
    shown = {"embeds": [drawing["embed"].to_dict()]} if "embed" in drawing else {}
    return shown | {
        "components": view.to_components(),
        "flags": flags.value,
        "allowed_mentions": drawing["allowed_mentions"].to_dict(),
    }
