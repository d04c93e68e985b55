"""The row of buttons under a card, and the custom IDs by which clicks on them are known."""

from typing import Any

import discord
from discord.ui import Button, Item

from bot.core.card import Card
from bot.core.reference import Reference
from bot.core.wording import Say, english
from cogs.discord_kit.custom_ids import DISCORD_ID, NUMBER, RECORD, WORD, ButtonExpired, CustomId, walk

ABSTRACT = CustomId("abstract:{}:{}", RECORD, NUMBER)
"""A page of the abstract, as a new private message."""
ABSTRACT_PAGE = CustomId("abstract:{}:{}:turn", RECORD, NUMBER)
"""Another page, in the place of the one that is shown."""
CITE = CustomId("cite:{}:{}", RECORD, WORD)
"""The citation in a style, with its files; every card has this button."""
STYLE_MENU = CustomId("style:{}", RECORD)
STYLE_BUTTON = CustomId("other:{}", RECORD)
"""Asks for the name of a style."""
STYLE_FORM = CustomId("typed:{}", RECORD)
DELETE = CustomId("delete:{}", DISCORD_ID)
"""Deletes the card; the ID is that of who posted the link."""


def card_buttons(card: Card, poster: int | None = None, say: Say = english) -> list[Item[Any]]:
    """Give the buttons of a card; without a poster, as for a private card, there is no Delete button."""
    reference = card.record.reference
    if reference is None:
        return []
    shown: list[Item[Any]] = []
    if card.record.abstract or card.record.notes:
        shown.append(Button(label=say("Abstract"), custom_id=ABSTRACT(reference, 0)))
    shown.append(Button(label=say("Cite"), custom_id=CITE(reference, card.citation.style)))
    if poster is not None:
        shown.append(Button(label=say("Delete"), custom_id=DELETE(poster)))
    return shown


def record_of(message: discord.Message) -> Reference | None:
    """Tell by its buttons which record a card of the bot shows; None if the message is no card."""
    for component in walk(message.components):
        try:
            values = CITE.read(getattr(component, "custom_id", None) or "")
        except ButtonExpired:
            continue
        if values is not None:
            return values[0]  # type: ignore[no-any-return]  # a Reference
    return None
