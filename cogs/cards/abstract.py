"""A record's whole abstract, drawn a page at a time."""

from collections.abc import Iterator, Sequence
from typing import Any

from discord.ui import ActionRow, Container, Item, LayoutView, TextDisplay

from bot.core.card_lines import retraction_note
from bot.core.clip import clip
from bot.core.phrase import Phrase, Say, english
from bot.core.record import Record
from bot.core.study import Study
from cogs.cards.notices import retraction_line
from cogs.discord_kit.colours import QUIET, RED
from cogs.discord_kit.markdown import escape

_PAGE = 2_900
"""Characters of a page at most; with the title and a retraction they stay within Discord's 4,000."""
_PIECE = 1_300
"""Characters of one piece of a paragraph before escaping, which at most doubles them."""


def pages(record: Record, say: Say = english) -> list[str]:
    """Give the pages of a record's abstract as markdown: its retraction, paragraphs, keywords and notes."""
    laid: list[str] = []
    for block in _blocks(record, say):
        if laid and len(laid[-1]) + len(block) + 2 <= _PAGE:
            laid[-1] += f"\n\n{block}"
        else:
            laid.append(block)
    return laid or ["-# " + say("The record has no abstract.")]


def _blocks(record: Record, say: Say) -> Iterator[str]:
    if note := retraction_note(record):
        yield from map(escape, _pieces(note))
    if record.excerpt:
        yield "-# " + say("An excerpt, says the record.")
    for paragraph in record.abstract:
        for number, piece in enumerate(_pieces(paragraph.text)):
            heading = f"**{escape(paragraph.label.title())}**\n" if paragraph.label and not number else ""
            yield heading + escape(piece)
    if record.truncated:
        yield "-# " + say("Cut short in the record itself.")
    if record.keywords:
        yield "-# " + say("Key words: {words}", words=escape(clip(", ".join(record.keywords), _PIECE)))
    for note in record.notes:
        if note == record.retraction:
            continue
        for number, piece in enumerate(_pieces(note)):
            yield "-# " + (escape(piece) if number else say("Note: {text}", text=escape(piece)))


def _pieces(text: str) -> Iterator[str]:
    """Cut a long text between words."""
    while len(text) > _PIECE:
        cut = text.rfind(" ", 1, _PIECE) + 1 or _PIECE
        yield text[:cut]
        text = text[cut:]
    yield text


class AbstractView(LayoutView):
    """One page of an abstract, with the buttons under it."""

    def __init__(
        self, study: Study, name: Phrase, shown: list[str], number: int, buttons: Sequence[Item[Any]], *, say: Say = english
    ) -> None:
        super().__init__(timeout=None)
        record = study.record
        parts = [say("Page {number} of {count}", number=number + 1, count=len(shown))] if len(shown) > 1 else []
        parts.append(name.said(say))
        texts = [retraction_line(study, say=say), f"### {escape(clip(record.plain_title, 150))}", shown[number]]
        self.container: Container[AbstractView] = Container(
            *(TextDisplay(text) for text in texts if text), accent_colour=RED if study.retracted else QUIET
        )
        if buttons:
            self.container.add_item(ActionRow(*buttons))
        self.container.add_item(TextDisplay("-# " + " · ".join(parts)))
        self.add_item(self.container)
