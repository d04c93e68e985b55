"""Recognises the cards and pointers in one of the bot's messages by its buttons, its menu and its links."""

import re

import discord

from bot.core.errors import ButtonExpired
from bot.core.reference import Reference
from bot.services.ports import FoundReply
from cogs.cards.digest import shown_in
from cogs.cards.render import CITE
from cogs.discord_kit.custom_ids import walk

_POINTER = re.compile(r"/channels/(?:[0-9]+|@me)/[0-9]+/(?P<card>[0-9]+)[^/]*\Z")


def found_in(reply: discord.Message) -> list[FoundReply]:
    """Give the cards of a message, found by their buttons or menu, then its pointers, found by their links."""
    cards = [FoundReply(reply.id, reference, None, hidden) for reference, hidden in shown_in(reply)]
    if not cards and (reference := _record_of(reply)) is not None:
        hidden = any((embed.description or "").startswith("||") for embed in reply.embeds)
        spoiler = hidden or any(getattr(component, "spoiler", False) for component in reply.components)
        cards = [FoundReply(reply.id, reference, None, spoiler)]
    lines = [*reply.content.splitlines(), *(str(getattr(one, "content", "")) for one in reply.components)]
    pointers = [FoundReply(reply.id, None, int(found["card"])) for found in map(_POINTER.search, lines) if found]
    return [*cards, *pointers] or [FoundReply(reply.id, None, None)]


def _record_of(message: discord.Message) -> Reference | None:
    """Read from its buttons which record a card shows; None if the message is no card."""
    for component in walk(message.components):
        try:
            values = CITE.read(getattr(component, "custom_id", None) or "")
        except ButtonExpired:
            continue
        if values is not None:
            return values[0]  # type: ignore[no-any-return]  # a Reference
    return None
