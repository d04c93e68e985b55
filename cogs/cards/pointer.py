"""Pointers as Discord messages: one line that links to a card."""

from typing import Any

import discord

from bot.core.phrase import Say
from bot.services.ports import PointerContent
from cogs.discord_kit.markdown import masked_link

_TITLE = 28
"""Characters of a title at most, so that the pointer, with its time, is one line on a phone."""


def draw_pointer(pointer: PointerContent, say: Say) -> dict[str, Any]:
    """Draw one line that links to a card, as arguments of `Messageable.send`."""
    return {"content": pointer_line(pointer, say), "allowed_mentions": discord.AllowedMentions.none(), "silent": True}


def pointer_line(pointer: PointerContent, say: Say) -> str:
    """Write the line as markdown; a pointer without a title names no study."""
    card = pointer.target
    line = say("Shown here already: {address}", address=card.url)
    if pointer.title:
        study = masked_link(pointer.title, card.url, most=_TITLE)
        line = say("{study}: shown {when}", study=study, when=f"<t:{int(card.made_at.timestamp())}:R>")
    return f"-# {line}"
