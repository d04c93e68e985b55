"""Digests: several studies in one message, each as a compact card or a pointer, with a menu that shows one in full.

In Components V2 each card is a container of its own, so that each can be hidden by itself; if moderators prefer embeds,
each is an embed. Five cards, the most that a digest shows, take 18 of Discord's 40 components; `_texts` keeps to its 4,000
characters.
"""

from collections.abc import Iterator
from typing import Any

import discord
from discord.ui import ActionRow, Button, Container, LayoutView, Select, TextDisplay, View

from bot.core.channel_settings import Layout, Size
from bot.core.clip import clip
from bot.core.phrase import Say
from bot.core.reference import Reference
from bot.core.study import Study
from bot.services.ports import CardContent, DigestContent, PointerContent
from cogs.cards.embed import card_embed
from cogs.cards.pointer import pointer_line
from cogs.cards.render import DELETE
from cogs.cards.text import text_of
from cogs.discord_kit.colours import QUIET, RED
from cogs.discord_kit.custom_ids import CustomId, walk
from cogs.discord_kit.markdown import escape

PICK = CustomId("pick")
"""The menu of a digest or a list of studies; clicks are answered in `cogs.study.commands`."""
_HIDDEN = "|"
"""The first character of an option's value if the study is behind a spoiler."""
_OPTION = 100
"""Characters of a menu's option."""
_MOST = 3_800
"""Characters of all cards together; the rest of Discord's 4,000 is for our own words and pointers."""
_NAMED = 3
"""How many failed links are named; further ones are only counted."""
_NAME = 40
"""Characters of the name of a failed link."""


class DigestView(LayoutView):
    """A digest in Components V2."""

    def __init__(self, content: DigestContent, say: Say) -> None:
        super().__init__(timeout=None)
        texts = iter(_texts(content, say))
        for entry in content.entries:
            if isinstance(entry, PointerContent):
                self.add_item(TextDisplay(pointer_line(entry, say)))
                continue
            colour = RED if entry.card.study.retracted else QUIET
            self.add_item(Container(TextDisplay(next(texts)), accent_colour=colour, spoiler=entry.spoiler))
        if left_out := _left_out(content, say):
            self.add_item(TextDisplay(left_out))
        for item in _controls(content, say):
            self.add_item(ActionRow(item))


def draw_digest(content: DigestContent, say: Say) -> dict[str, Any]:
    """Draw a digest as arguments of `Messageable.send`."""
    quiet: dict[str, Any] = {"allowed_mentions": discord.AllowedMentions.none(), "silent": True}
    if content.settings.layout is Layout.COMPONENTS:
        return quiet | {"view": DigestView(content, say)}
    view = View(timeout=None)
    for item in _controls(content, say):
        view.add_item(item)
    lines = [pointer_line(one, say) for one in content.entries if isinstance(one, PointerContent)]
    embeds = [card_embed(one.card, size=Size.COMPACT, spoiler=one.spoiler, say=say) for one in _cards(content)]
    text = "\n".join(filter(None, [*lines, _left_out(content, say)]))
    return quiet | {"content": text or None, "embeds": embeds, "view": view}


def picked_reference(value: str) -> Reference:
    """Read what was picked in the menu of a digest or a list. Raises ValueError."""
    return Reference.read(value.removeprefix(_HIDDEN))


def shown_in(message: discord.Message) -> tuple[tuple[Reference, bool], ...]:
    """Read from its menu which cards a digest shows, and which of them are hidden; empty if the message is no digest."""
    menus = [one for one in walk(message.components) if getattr(one, "custom_id", None) == PICK()]
    values = [option.value for menu in menus for option in menu.options]
    return tuple((picked_reference(value), value.startswith(_HIDDEN)) for value in values)


def study_option(number: int, study: str, value: str, say: Say, *, hidden: bool, retracted: bool) -> discord.SelectOption:
    """Give the option of a study in a menu, without its title if that is hidden."""
    title = say("Behind a spoiler") if hidden else study
    marked = f"{say('Retracted')} · {title}" if retracted else title
    return discord.SelectOption(label=clip(f"{number}. {marked}", _OPTION), value=value)


def _cards(content: DigestContent) -> list[CardContent]:
    return [one for one in content.entries if isinstance(one, CardContent)]


def _texts(content: DigestContent, say: Say) -> list[str]:
    """Write the cards; without findings if they would be too long for Discord, as with long addresses."""
    parts = [text_of(one.card, Size.COMPACT, say) for one in _cards(content)]
    heads = ["\n".join(filter(None, [one.retraction, one.head, one.about])) for one in parts]
    whole = ["\n".join([head, *one.findings]) for head, one in zip(heads, parts, strict=True)]
    return whole if sum(map(len, whole)) <= _MOST else heads


def _left_out(content: DigestContent, say: Say) -> str:
    """Name what the digest does not show; empty if it shows everything."""
    said = []
    if content.failed:
        names = [escape(clip(name, _NAME)) for name in content.failed[:_NAMED]]
        if len(content.failed) > _NAMED:
            names.append(say("{count} more", "{count} more", count=len(content.failed) - _NAMED))
        said.append(say("No card: {names}", names=", ".join(names)))
    if content.more:
        said.append(
            say("{count} more: *Apps > Summarise studies*", "{count} more: *Apps > Summarise studies*", count=content.more)
        )
    return f"-# {' · '.join(said)}" if said else ""


def _controls(content: DigestContent, say: Say) -> Iterator[Select[Any] | Button[Any]]:
    options = list(_options(content, say))
    if options:
        yield Select(custom_id=PICK(), placeholder=say("Show in full"), options=options)
    if options and content.poster_id is not None:
        yield Button(label=say("Delete"), custom_id=DELETE(content.poster_id))


def _options(content: DigestContent, say: Say) -> Iterator[discord.SelectOption]:
    for number, one in enumerate(_cards(content), 1):
        study: Study = one.card.study
        if (reference := study.record.reference) is not None:
            value = f"{_HIDDEN if one.spoiler else ''}{reference.short}"
            title = study.record.plain_title
            yield study_option(number, title, value, say, hidden=one.spoiler, retracted=study.retracted)
