"""Cards as Discord messages; `cogs.cards.digest` draws messages of several, `cogs.cards.pointer` draws pointers.

Two layouts of the same card: Components V2 (a container; docs.discord.com, "Component Reference") and an embed, for channels
whose moderators prefer it. Discord takes 4,000 characters and 40 components of the one, 256 characters of title and 4,096 of
description of the other. Every record fits, since each part of a card has its own bound in `cogs.cards.text`.
*DOI* and *Free text* have a row of their own: *Abstract*, *Cite* and *Delete* stay side by side on a phone. Nothing pings:
`AllowedMentions.none()` goes with every card, and cards are sent silently.
"""

from collections.abc import Sequence
from typing import Any

import discord
from discord.ui import ActionRow, Button, Container, Item, LayoutView, TextDisplay, View

from bot.core.card import Card
from bot.core.channel_settings import Layout, Size
from bot.core.phrase import Say, english
from bot.core.reference import Reference
from bot.core.web_links import doi_url, link_url
from cogs.cards.embed import card_embed
from cogs.cards.text import text_of
from cogs.discord_kit.colours import QUIET, RED
from cogs.discord_kit.custom_ids import DISCORD_ID, NUMBER, RECORD, WORD, CustomId
from cogs.discord_kit.markdown import escape

ABSTRACT = CustomId("abstract:{}:{}", RECORD, NUMBER)
"""A page of the abstract, as a new private message; clicks are answered in `cogs.cards.buttons`."""
CITE = CustomId("cite:{}:{}", RECORD, WORD)
"""The citation in a style, with its files; every card has this button."""
CHANNEL_STYLE = "-"
"""Stands for the style of the channel."""
DELETE = CustomId("delete:{}", DISCORD_ID)
"""Deletes the card; the ID is that of who posted the link."""


class CardView(LayoutView):
    """A card in Components V2."""

    def __init__(
        self,
        card: Card,
        *,
        size: Size = Size.FULL,
        spoiler: bool = False,
        buttons: Sequence[Item[Any]] = (),
        say: Say = english,
    ) -> None:
        super().__init__(timeout=None)
        parts = text_of(card, size, say)
        retraction = "\n".join(filter(None, [parts.retraction, parts.note]))
        texts = [retraction, f"{parts.head}\n{parts.about}".rstrip(), *parts.findings, parts.citation]
        self.container: Container[CardView] = Container(
            *map(TextDisplay, filter(None, texts)),
            accent_colour=RED if card.study.retracted else QUIET,
            spoiler=spoiler,
        )
        for row in _rows(card, buttons, say):
            self.container.add_item(ActionRow(*row))
        if parts.foot:
            self.container.add_item(TextDisplay(f"-# {escape(parts.foot)}"))
        self.add_item(self.container)


def draw(
    card: Card,
    layout: Layout = Layout.COMPONENTS,
    *,
    size: Size = Size.FULL,
    spoiler: bool = False,
    buttons: Sequence[Item[Any]] = (),
    say: Say = english,
) -> dict[str, Any]:
    """Draw a card, in the language of `say`, as arguments of `Messageable.send`: `view`, and for an embed `embed` too.

    The other arguments keep the message from mentioning or notifying anybody.
    """
    shown: dict[str, Any] = {"allowed_mentions": discord.AllowedMentions.none(), "silent": True}
    if layout is Layout.COMPONENTS:
        return shown | {"view": CardView(card, size=size, spoiler=spoiler, buttons=buttons, say=say)}
    view = View(timeout=None)
    for number, row in enumerate(_rows(card, buttons, say)):
        for item in row:
            item.row = number
            view.add_item(item)
    return shown | {"embed": card_embed(card, size=size, spoiler=spoiler, say=say), "view": view}


def _rows(card: Card, buttons: Sequence[Item[Any]], say: Say) -> list[Sequence[Item[Any]]]:
    """Give the row of links to the work and its free text, then the row of buttons; the card's title links to the record."""
    found = card.study.enrichment
    work = doi_url(found.doi) if found is not None and found.doi else None
    free = link_url(found.free_text_url) if found is not None else None
    ways = [("DOI", work), (say("Free text"), free if free != work else None)]
    links = [Button[Any](label=label, url=url) for label, url in ways if url is not None]
    return [row for row in (links, buttons) if row]


def card_buttons(card: Card, poster: int | None = None, say: Say = english) -> list[Item[Any]]:
    """Give the buttons of a card; without a poster, as for a private card, there is no Delete button."""
    reference = card.record.reference
    if reference is None:
        return []
    shown: list[Item[Any]] = []
    if card.record.abstract or card.record.notes:
        shown.append(Button(label=say("Abstract"), custom_id=ABSTRACT(reference, 0)))
    shown.append(Button(label=say("Cite"), custom_id=cite_id(reference, card.citation.style)))
    if poster is not None:
        shown.append(Button(label=say("Delete"), custom_id=DELETE(poster)))
    return shown


def cite_id(reference: Reference, style: str) -> str:
    """Give the custom ID of *Cite*; it names the channel's style in place of one whose name is too long for it."""
    with_style = CITE(reference, style)
    return with_style if CITE.read(with_style) == (reference, style) else CITE(reference, CHANNEL_STYLE)
