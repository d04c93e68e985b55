"""A channel's studies as one formatted list, and as files."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import discord

from bot import citation
from bot.citation import style_title
from bot.core.card import Citation
from bot.core.phrase import Phrase
from bot.core.source import Sources
from bot.services.library import Bibliography
from cogs.cards.citation_files import archive
from cogs.discord_kit.colours import QUIET
from cogs.discord_kit.i18n import Say
from cogs.discord_kit.markdown import escape, markdown

NAME = "bibliography"
_MOST = 3_600
"""Characters of the list in the message itself; an embed's description holds 4,096."""
_NAMED = 300
"""Characters of the names of missing records in the message; the text file names all."""


@dataclass(frozen=True, slots=True)
class Formatted:
    """A formatted bibliography: citations in alphabetical order, and files by their extensions."""

    style: str
    citations: tuple[Citation, ...]
    missing: tuple[Phrase, ...]
    """The names of the records that could not be stored."""
    files: dict[str, str]
    hidden: frozenset[int] = frozenset()
    """Indexes of the citations that are spoilers."""
    retracted: frozenset[int] = frozenset()
    """Indexes of the citations of retracted works."""
    cards: tuple[str | None, ...] = ()
    """The address of each citation's card in the channel; None if the card is gone."""
    records: tuple[str | None, ...] = ()
    """The address of each citation's record."""
    withheld: bool = False
    """Whether the files leave the spoilers out."""


async def formatted(bibliography: Bibliography, style: str, sources: Sources, *, private: bool) -> Formatted:
    """Format a bibliography in another thread, since hundreds of citations take a second.

    Files cannot hide spoilers, so public files leave out the studies that the channel saw only as spoilers.
    """
    return await asyncio.to_thread(_formatted, bibliography, style, sources, private)


def _formatted(bibliography: Bibliography, style: str, sources: Sources, private: bool) -> Formatted:
    made = ((citation.cite(study.to_csl(), style), study) for study in bibliography.studies)
    cited = sorted(made, key=lambda one: one[0].text.casefold())
    in_files = frozenset(study.record.reference for study in bibliography.studies_for(private=private))
    items = [
        study.to_csl(sources.url_of(study.record.reference))
        for study in bibliography.studies
        if study.record.reference in in_files
    ]
    references = [study.record.reference for _, study in cited]
    hidden = frozenset(place for place, reference in enumerate(references) if reference in bibliography.hidden)
    cards = [bibliography.cards.get(reference) if reference is not None else None for reference in references]
    return Formatted(
        style,
        citations=tuple(one for one, _ in cited),
        missing=tuple(map(sources.label, bibliography.missing)),
        files=citation.to_files(items) if items else {},
        hidden=hidden,
        retracted=frozenset(place for place, (_, study) in enumerate(cited) if study.retracted),
        cards=tuple(card.url if card is not None else None for card in cards),
        records=tuple(map(sources.url_of, references)),
        withheld=bool(hidden) and not private,
    )


def drawn(made: Formatted, days: int, say: Say, chart: discord.File | None = None) -> dict[str, Any]:
    """Draw a bibliography as arguments of `Messageable.send`; its text file holds the whole list."""
    entries = [_entry(made, place, say) for place in range(len(made.citations))]
    shown = list(_fitting(entries))
    left_out = len(entries) - len(shown)
    if left_out:
        shown.append(f"-# {say('The text file has all {count}.', count=len(entries) - made.withheld * len(made.hidden))}")
    if made.missing:
        shown.append(f"-# {missing_words(made.missing, say)}")
    if made.withheld:
        shown.append(f"-# {say('Files leave out what stands behind a spoiler.')}")
    embed = discord.Embed(title=say("Bibliography"), description="\n\n".join(shown), colour=QUIET)
    embed.set_footer(text=" · ".join([count_words(len(entries), say), days_words(days, say), style_title(made.style)]))
    files = dict(made.files)
    if files or len(made.missing) > _NAMED:
        files["txt"] = _text(made, say)
    attached = [chart] if chart is not None else []
    attached += [archive(NAME, files, say)] if files else []
    return {"embed": embed, "files": attached, "allowed_mentions": discord.AllowedMentions.none(), "silent": True}


def nothing(days: int, say: Say) -> str:
    """Give the sentence for an empty bibliography."""
    return say(
        "No study had a card here in the last 24 hours.", "No study had a card here in the last {count} days.", count=days
    )


def _entry(made: Formatted, place: int, say: Say) -> str:
    cited = made.citations[place]
    text = markdown(cited.markup) or escape(cited.text)
    shown = f"||{text}||" if place in made.hidden else text
    ways = [(say("card"), made.cards[place]), (say("record"), made.records[place])]
    small = [f"**{say('Retracted')}**"] if place in made.retracted else []
    small += [f"[{label}]({url})" for label, url in ways if url is not None][:1]
    return f"**{place + 1}.** {shown}\n-# {' · '.join(small)}".removesuffix("\n-# ")


def _fitting(entries: Sequence[str]) -> Iterator[str]:
    """Give as many of the first entries as the message holds."""
    left = _MOST
    for entry in entries:
        left -= len(entry) + 2
        if left < 0:
            return
        yield entry


def _text(made: Formatted, say: Say) -> str:
    paragraphs = [
        f"{say('Retracted')} · {one.text}" if place in made.retracted else one.text
        for place, one in enumerate(made.citations)
        if not (made.withheld and place in made.hidden)
    ]
    if made.missing:
        paragraphs.append(_named(made.missing, say))
    return "\n\n".join(paragraphs) + "\n"


def missing_words(missing: Sequence[Phrase], say: Say) -> str:
    """Name the records that are left out, as many as there is room for."""
    ends = list(accumulate(len(one.said(say)) + 2 for one in missing))
    fitting = sum(end <= _NAMED for end in ends)
    if fitting == len(missing):
        return _named(missing, say)
    return f"{_named(missing[:fitting], say)} {say('The text file names all {count}.', count=len(missing))}"


def _named(missing: Sequence[Phrase], say: Say) -> str:
    return say("Left out, since they could not be stored: {ids}.", ids=", ".join(one.said(say) for one in missing))


def count_words(count: int, say: Say) -> str:
    """`30 studies`."""
    return say("{count} study", "{count} studies", count=count)


def days_words(days: int, say: Say) -> str:
    """`last 30 days`."""
    return say("last 24 hours", "last {count} days", count=days)
