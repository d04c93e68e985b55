"""The texts of a card as markdown, each with its own bound on length."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from bot.core.card import MOST_QUOTED, Card, Citation, Fact
from bot.core.card_lines import byline, no_finding, origin, retraction_note, short_byline
from bot.core.channel_settings import Size
from bot.core.clip import clip
from bot.core.phrase import Say
from cogs.cards.notices import notices_line, retraction_line
from cogs.discord_kit.markdown import bounded, escape, markdown, masked_link

_MOST = {"title": 260, "note": 200, "byline": 220, "facts": 130, "findings": MOST_QUOTED, "citation": 560}
"""Characters of each part; escaped, it is at most a quarter longer: 1.25 * 2,270, which leaves 1,160 for our own
words, for the addresses of links and for the last line."""
_LINES = 7
"""Lines of text of a compact card on a phone, 390 pixels wide."""
_LINE = {"title": 27, "byline": 37, "finding": 28}
"""Characters of the title, the byline and a finding that one such line holds."""
_WRITTEN = 500
"""How many cards' texts are cached."""


@dataclass(frozen=True, slots=True)
class CardText:
    """The texts of a card from head to foot; a missing part is empty."""

    retraction: str
    """The line that says that the work was retracted."""
    note: str
    """The record's own note of a retraction, if it says more than that line."""
    title: str
    """The title as plain text; on a compact card, cut to two lines."""
    head: str
    """The title as a link to the record."""
    about: str
    """Small lines: authors, journal and date; facts; notices."""
    findings: tuple[str, ...]
    citation: str
    foot: str
    """Plain text."""


@lru_cache(_WRITTEN)
def text_of(card: Card, size: Size, say: Say) -> CardText:
    """Write the texts of a card. This is the costly part of drawing, so the latest texts are cached."""
    return _compact(card, say) if size is Size.COMPACT else _full(card, say)


def _full(card: Card, say: Say) -> CardText:
    facts = " · ".join(fact_words(fact, say) for fact in card.facts)
    about = [bounded(byline(card.record, say), _MOST["byline"]), bounded(facts, _MOST["facts"])]
    return CardText(
        retraction=retraction_line(card.study, say=say),
        note=bounded(retraction_note(card.record), _MOST["note"]),
        title=card.record.plain_title,
        head=f"### {_linked(card, _MOST['title'])}",
        about=_small(*about, notices_line(card.study, say=say)),
        findings=tuple(_findings(card, say)),
        citation=_citation(card.citation),
        foot=origin(card, say),
    )


def _compact(card: Card, say: Say) -> CardText:
    """Write a card of seven lines: two at most for the title, the rest for the best finding."""
    retracted, notices = retraction_line(card.study, Size.COMPACT, say), notices_line(card.study, Size.COMPACT, say)
    title = clip(card.record.plain_title, 2 * _LINE["title"])
    used = [retracted, notices, title, title[_LINE["title"] :], "byline", "foot"]
    left = _LINES - sum(map(bool, used))
    quoted = clip(card.findings[0].text, left * _LINE["finding"]) if card.findings else ""
    struck = "~~" if retracted else ""
    return CardText(
        retraction=retracted,
        note="",
        title=title,
        head=f"**{_linked(card, len(title))}**",
        about=_small(escape(clip(short_byline(card.record), _LINE["byline"])), notices),
        findings=(f"> {struck}{escape(quoted)}{struck}" if card.findings else f"-# {no_finding(card, say)}",),
        citation="",
        foot=origin(card, say, short=True),
    )


def _linked(card: Card, most: int) -> str:
    """Give the title as a link to the record."""
    if card.url is None:
        return bounded(card.record.plain_title, most)
    return masked_link(card.record.plain_title, card.url, most=most)


def _small(*lines: str) -> str:
    return "\n".join(f"-# {line}" for line in lines if line)


def fact_words(fact: Fact, say: Say) -> str:
    """Give the words of a fact; kinds of study and species are translated."""
    return ", ".join(map(say, fact.text.split(", "))) if fact.kind in {"study", "species"} else fact.text


def _findings(card: Card, say: Say) -> Iterator[str]:
    """Give the findings as quotations, one by one; those of a retracted work are struck through."""
    left = _MOST["findings"]
    if not card.findings:
        yield "-# " + no_finding(card, say)
        if card.aim is not None:
            yield f"**{say('Aim')}**\n> {bounded(card.aim.text, left)}"
    struck = "~~" if card.study.retracted else ""
    for number, finding in enumerate(card.findings):
        if number and len(finding.text) > left:
            return
        quoted = bounded(finding.text, left)
        left -= max(min(len(finding.text), left), len(quoted) * 4 // 5)
        heading = "" if number else f"**{say('Key findings')}**\n"
        yield f"{heading}> {struck}{quoted}{struck}"


def _citation(citation: Citation) -> str:
    """Give the citation after the name of its style; one that is too long is cut, as plain text without italics."""
    text, most = markdown(citation.markup), _MOST["citation"]
    if not text or len(text) > most * 5 // 4:
        text = bounded(citation.text, most)
    return f"-# **{escape(citation.label)}** {text}" if citation.label else f"-# {text}"
