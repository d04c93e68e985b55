"""A channel's studies as one formatted list, and as files."""

import asyncio
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import discord

from bot.citation import HOUSE_STYLES, cite, to_bibtex, to_csl_json, to_ris
from bot.core.card import Citation
from bot.core.reference import Reference
from bot.services.library import Bibliography
from cogs.escape import escape, markdown
from cogs.render import QUIET
from cogs.words import Say

FILES = {"bib": to_bibtex, "ris": to_ris, "json": to_csl_json}
NAME = "bibliography"
_MOST = 3_600
"""Characters of the list in the message itself; an embed's description holds 4,096."""
_NAMED = 20
"""Missing records that are named in the message; the text file names all."""


@dataclass(frozen=True, slots=True)
class Formatted:
    """A bibliography made ready: its citations in alphabetical order, and its files by their endings."""

    style: str
    citations: tuple[Citation, ...]
    missing: tuple[Reference, ...]
    files: dict[str, str]


async def formatted(bibliography: Bibliography, style: str, url_of: Callable[[Reference], str]) -> Formatted:
    """Format a bibliography, in a thread: hundreds of citations take a second."""
    return await asyncio.to_thread(_formatted, bibliography, style, url_of)


def _formatted(bibliography: Bibliography, style: str, url_of: Callable[[Reference], str]) -> Formatted:
    plain = [record.to_csl() for record in bibliography.records]
    citations = sorted((cite(item, style) for item in plain), key=lambda one: one.text.casefold())
    items = [
        item | {"URL": url_of(record.reference)} if record.reference is not None else item
        for item, record in zip(plain, bibliography.records, strict=True)
    ]
    files = {ending: write(items) for ending, write in FILES.items()} if items else {}
    return Formatted(style, tuple(citations), bibliography.missing, files)


def drawn(made: Formatted, days: int, say: Say) -> dict[str, Any]:
    """Draw a bibliography as arguments of `Messageable.send`; what is too long for a message goes into a text file whole."""
    entries = [markdown(one.markup) or escape(one.text) for one in made.citations]
    shown = list(_fitting(entries))
    left_out = len(entries) - len(shown)
    if left_out:
        shown.append(f"-# {say('The text file has all {count}.', count=len(entries))}")
    if made.missing:
        shown.append(f"-# {_missing(made.missing, say)}")
    embed = discord.Embed(title=say("Bibliography"), description="\n\n".join(shown), colour=QUIET)
    embed.set_footer(
        text=" · ".join([_count(len(entries), say), _since(days, say), HOUSE_STYLES.get(made.style, made.style)])
    )
    files = dict(made.files)
    if left_out or len(made.missing) > _NAMED:
        files["txt"] = _text(made, say)
    attached = [discord.File(io.BytesIO(text.encode()), f"{NAME}.{ending}") for ending, text in files.items()]
    return {"embed": embed, "files": attached, "allowed_mentions": discord.AllowedMentions.none(), "silent": True}


def nothing(days: int, say: Say) -> str:
    """Say that there is nothing to list."""
    if days == 1:
        return say("No study had a card here in the last 24 hours.")
    return say("No study had a card here in the last {days} days.", days=days)


def _fitting(entries: Sequence[str]) -> Iterator[str]:
    """Give the first entries, as many as the message holds."""
    left = _MOST
    for entry in entries:
        left -= len(entry) + 2
        if left < 0:
            return
        yield entry


def _text(made: Formatted, say: Say) -> str:
    paragraphs = [one.text for one in made.citations]
    if made.missing:
        paragraphs.append(_named(made.missing, say))
    return "\n\n".join(paragraphs) + "\n"


def _missing(missing: Sequence[Reference], say: Say) -> str:
    if len(missing) <= _NAMED:
        return _named(missing, say)
    return f"{_named(missing[:_NAMED], say)} {say('The text file names all {count}.', count=len(missing))}"


def _named(missing: Sequence[Reference], say: Say) -> str:
    return say("Left out, since they could not be stored: Erowid references {ids}.", ids=", ".join(map(str, missing)))


def _count(count: int, say: Say) -> str:
    return say("1 study") if count == 1 else say("{count} studies", count=count)


def _since(days: int, say: Say) -> str:
    return say("last 24 hours") if days == 1 else say("last {days} days", days=days)
