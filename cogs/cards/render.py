"""Cards as Discord messages: the only file that draws.

Two layouts of the same card: Components V2 (a container; docs.discord.com, "Component Reference") and an embed, for channels
whose moderators prefer it. Whatever a record holds, the first stays within Discord's 4,000 characters and 40 components and
the second within 256 characters of title and 4,096 of description: each part has its own bound, stated in `_MOST`.
Nothing pings: `AllowedMentions.none()` goes with every card, and cards are sent silently.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import discord
from discord.ui import ActionRow, Button, Container, Item, LayoutView, TextDisplay, View

from bot.core.card import Card, Citation, Fact
from bot.core.channel_settings import Layout, Size
from bot.core.reply import Reply
from bot.core.wording import Say, byline, clip, english, no_finding, origin
from cogs.discord_kit.markdown import escape, markdown, masked_link

QUIET = discord.Colour(0x5B7B8C)
RED = discord.Colour(0xB3261E)

_MOST = {"title": 260, "retraction": 200, "byline": 220, "facts": 130, "findings": 640, "finding": 240, "citation": 440}
"""Characters of each part before escaping, which at most doubles them: 2 * 1,890, and 220 for our own words.

`finding` is all that a compact card quotes."""
_WRITTEN = 500
"""Cards whose texts are held."""
_TITLE = 256
"""An embed's title, in characters."""


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
        *parts, foot = _texts(card, size, say)
        self.container: Container[CardView] = Container(
            *map(TextDisplay, parts),
            accent_colour=RED if card.study.retracted else QUIET,
            spoiler=spoiler,
        )
        if row := _row(card, buttons, say):
            self.container.add_item(ActionRow(*row))
        self.container.add_item(TextDisplay(foot))
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

    What keeps it quiet is among them.
    """
    shown: dict[str, Any] = {"allowed_mentions": discord.AllowedMentions.none(), "silent": True}
    if layout is Layout.COMPONENTS:
        whole = CardView(card, size=size, spoiler=spoiler, buttons=buttons, say=say)
        whole.stop()  # clicks are read from their custom IDs; discord.py would hold the view in memory
        return shown | {"view": whole}
    view = View(timeout=None)
    view.stop()
    for item in _row(card, buttons, say):
        view.add_item(item)
    return shown | {"embed": card_embed(card, size=size, spoiler=spoiler, say=say), "view": view}


def payload(drawing: Mapping[str, Any]) -> dict[str, Any]:
    """Give the body that Discord gets for a drawing ("Create Message")."""
    view: View | LayoutView = drawing["view"]
    flags = discord.MessageFlags(suppress_notifications=drawing["silent"], components_v2=view.has_components_v2())
    shown = {"embeds": [drawing["embed"].to_dict()]} if "embed" in drawing else {}
    return shown | {
        "components": view.to_components(),
        "flags": flags.value,
        "allowed_mentions": drawing["allowed_mentions"].to_dict(),
    }


def draw_pointer(card: Reply, say: Say) -> dict[str, Any]:
    """Draw one line that links to a card, as arguments of `Messageable.send`."""
    address = f"https://discord.com/channels/{card.guild_id or '@me'}/{card.channel_id}/{card.id}"
    return {
        "content": "-# " + say("Shown here already: {address}", address=address),
        "allowed_mentions": discord.AllowedMentions.none(),
        "silent": True,
    }


@lru_cache(_WRITTEN)
def _texts(card: Card, size: Size, say: Say) -> tuple[str, ...]:
    """The card from its head to its foot, each a text of its own; to write them costs most, so the last are held."""
    body = [_retraction(card, say), _head(card, size, say), *_findings(card, size, say), _citation(card.citation, size)]
    return (*filter(None, body), f"-# {origin(card, say)}")


def _row(card: Card, buttons: Sequence[Item[Any]], say: Say) -> list[Item[Any]]:
    """The way to the record, then the buttons."""
    return [*([Button(label=say("Record"), url=card.url)] if card.url is not None else []), *buttons]


def card_embed(card: Card, *, size: Size = Size.FULL, spoiler: bool = False, say: Say = english) -> discord.Embed:
    """Draw a card as an embed; a spoiler hides all but the footer, since an embed knows none of its own."""
    title = escape(clip(card.record.title, _TITLE - 8))
    if len(title) > _TITLE - 4:
        title = escape(clip(card.record.title, _TITLE // 2 - 4))
    findings = "\n".join(_findings(card, size, say))
    parts = [_retraction(card, say), _about(card, size, say), findings, _citation(card.citation, size)]
    body = "\n\n".join(part for part in parts if part)
    if spoiler:
        title, body = f"||{title}||", f"||{body}||"
    embed = discord.Embed(title=title, url=card.url, description=body, colour=RED if card.study.retracted else QUIET)
    return embed.set_footer(text=origin(card, say))


def _head(card: Card, size: Size, say: Say) -> str:
    """The title as a link to the record, then what is known of the study."""
    title, most = card.record.title, _MOST["title"]
    shown = masked_link(title, card.url, most=most) if card.url is not None else escape(clip(title, most))
    return f"### {shown}\n{_about(card, size, say)}".rstrip()


def _about(card: Card, size: Size, say: Say) -> str:
    """Who, where and when; then what the abstract states of the study; both small, so that the findings stand out."""
    facts = " · ".join(_fact(fact, say) for fact in card.facts) if size is Size.FULL else ""
    lines = [clip(byline(card.record, say), _MOST["byline"]), clip(facts, _MOST["facts"])]
    return "\n".join(f"-# {escape(line)}" for line in lines if line)


def _fact(fact: Fact, say: Say) -> str:
    """A fact; kinds of study and species are words of our own."""
    return ", ".join(map(say, fact.text.split(", "))) if fact.kind in {"study", "species"} else fact.text


def _retraction(card: Card, say: Say) -> str:
    """The record's retraction note, which comes before all else."""
    note = card.record.retraction
    return f"**{say('Retracted')}**\n{escape(clip(note, _MOST['retraction']))}" if note is not None else ""


def _findings(card: Card, size: Size, say: Say) -> list[str]:
    """The findings as quotations, each a part of its own; those of a retracted work struck through."""
    left = _MOST["findings"] if size is Size.FULL else _MOST["finding"]
    if not card.findings:
        aim = [f"**{say('Aim')}**\n> {escape(clip(card.aim.text, left))}"] if card.aim is not None else []
        return ["-# " + no_finding(card, say), *aim]
    struck = "~~" if card.study.retracted else ""
    parts: list[str] = []
    for finding in card.findings:
        if parts and len(finding.text) > left:
            break
        quoted = clip(finding.text, left)
        parts.append(f"> {struck}{escape(quoted)}{struck}")
        left -= len(quoted)
    parts[0] = parts[0] if size is Size.COMPACT else f"**{say('Key findings')}**\n{parts[0]}"
    return parts


def _citation(citation: Citation, size: Size) -> str:
    """The citation behind its style's name; one too long to keep its italics is cut as plain text."""
    if size is Size.COMPACT:
        return ""
    text = markdown(citation.markup)
    if not text or len(text) > 2 * _MOST["citation"]:
        text = escape(clip(citation.text, _MOST["citation"]))
    return f"-# **{escape(citation.label)}** {text}" if citation.label else f"-# {text}"
