"""Lists of studies with links, and with a menu that shows one of them as a card."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import discord
from discord.ui import ActionRow, Container, Item, LayoutView, Select, TextDisplay

from bot.core.clip import clip
from bot.core.reference import Reference
from bot.core.source import Sources
from bot.services.library import Seen
from bot.services.library_ports import Hit
from cogs.cards.digest import study_option
from cogs.discord_kit.colours import QUIET
from cogs.discord_kit.i18n import Say
from cogs.discord_kit.markdown import bounded, escape, masked_link

MOST = 10
"""Studies in a list: at 330 characters each they stay within Discord's 4,000."""
_TITLE = 100
_AUTHORS = 30
"""Characters before escaping, which at most doubles them."""
_LABEL = 100
"""Characters of a menu's option and of a choice."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A study in a list."""

    reference: Reference
    title: str
    about: str
    """Authors and year, as plain text."""
    url: str | None
    where: str = ""
    """Markdown that follows, such as a link to the card."""
    hidden: bool = False
    """Whether the study is a spoiler."""
    retracted: bool = False


def listed(hit: Hit, url: str | None) -> Entry:
    """Give the entry of a search hit."""
    return Entry(hit.reference, hit.title, about(hit), url, retracted=hit.retracted)


def seen(one: Seen, sources: Sources, say: Say) -> Entry:
    """Give the entry of a card in a channel, with a link to the card."""
    reply, hit = one.reply, one.hit
    where = f"<t:{int(reply.made_at.timestamp())}:R> · [{say('card')}]({reply.url})"
    title = hit.title if hit is not None else sources.label(reply.reference).said(say)
    retracted = hit is not None and hit.retracted
    said = about(hit) if hit is not None else ""
    return Entry(
        reply.reference, title, said, sources.url_of(reply.reference), where, hidden=reply.spoiler, retracted=retracted
    )


def about(hit: Hit) -> str:
    """Give the authors and year as far as they are known: `Doe & Roe · 1988`."""
    return " · ".join(part for part in (clip(hit.authors, _AUTHORS), str(hit.year or "")) if part)


def choice_name(hit: Hit, say: Say) -> str:
    """Name a study in one line of plain text: `Doe & Roe, 1988: On a drug`, `Retracted · Roe, 1989: On another drug`."""
    who = ", ".join(part for part in (clip(hit.authors, _AUTHORS), str(hit.year or "")) if part)
    named = f"{who}: {hit.title}" if who else hit.title
    return clip(f"{say('Retracted')} · {named}" if hit.retracted else named, _LABEL)


class ListView(LayoutView):
    """A list of studies with its heading and menu."""

    def __init__(self, heading: str, entries: Sequence[Entry], menu: Item[Any], say: Say) -> None:
        super().__init__(timeout=None)
        lines = "\n".join(_line(number, entry, say) for number, entry in enumerate(entries, 1))
        self.container: Container[ListView] = Container(
            TextDisplay(f"### {heading}"), TextDisplay(lines), ActionRow(menu), accent_colour=QUIET
        )
        self.add_item(self.container)


def pick_menu(custom_id: str, entries: Iterable[Entry], say: Say) -> Select[Any]:
    """Give the menu of a list, each study once."""
    options = {entry.reference: _option(number, entry, say) for number, entry in reversed(list(enumerate(entries, 1)))}
    ordered = sorted(options.values(), key=lambda option: int(option.label.partition(".")[0]))
    return Select(custom_id=custom_id, placeholder=say("Show one as a card"), options=ordered)


def _option(number: int, entry: Entry, say: Say) -> discord.SelectOption:
    value = entry.reference.short
    return study_option(number, entry.title, value, say, hidden=entry.hidden, retracted=entry.retracted)


def _line(number: int, entry: Entry, say: Say) -> str:
    bars = "||" if entry.hidden else ""
    title = bounded(entry.title, _TITLE) if entry.url is None else masked_link(entry.title, entry.url, most=_TITLE)
    return f"{number}. {bars}{title}{bars}\n-# {' · '.join(_small(entry, say))}".removesuffix("\n-# ")


def _small(entry: Entry, say: Say) -> Iterator[str]:
    if entry.retracted:
        yield f"**{say('Retracted')}**"
    if entry.about and not entry.hidden:
        yield escape(entry.about)
    if entry.where:
        yield entry.where
