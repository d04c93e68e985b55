"""A channel's studies as one HTML file, to be read, searched and filtered without a network.

The file holds its own style and script; a content security policy names their hashes, so that the browser runs and loads
nothing else. Without the script it is a plain list. Whatever comes from a record is escaped by `_text`.
"""

import asyncio
import base64
import hashlib
import html
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import discord

from bot import citation
from bot.citation import style_title
from bot.core.card import Card, Citation
from bot.core.card_lines import byline, issued, no_finding, notice_name, origin, other_notices, retraction_note
from bot.core.channel_settings import ChannelSettings
from bot.core.phrase import Say
from bot.core.reference import Reference
from bot.core.reply import Reply
from bot.core.source import Sources
from bot.core.study import Study
from bot.core.web_links import doi_url, link_url
from bot.services.cards import make_card
from bot.services.library import Bibliography
from bot.services.studies_by_year import KIND_WORDS, Counted, counted, substances
from cogs.cards.notices import retraction_url, retraction_words
from cogs.cards.text import fact_words
from cogs.discord_kit.markdown import visible
from cogs.study.bibliography import count_words, days_words, missing_words

NAME = "reading-list.html"
_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class ListedCard:
    """A card in a reading list, with the values that the list can be filtered by."""

    card: Card
    reply_url: str | None
    """The address of the message that shows the card in Discord."""
    counted: Counted
    substances: tuple[str, ...]


async def drawn_reading_list(
    found: Bibliography,
    days: int,
    settings: ChannelSettings,
    sources: Sources,
    say: Say,
    *,
    private: bool,
) -> dict[str, Any]:
    """Draw a reading list as arguments of `Messageable.send`; another thread makes it, since cards take a while."""
    studies = [study.limited(free_text=settings.free_text) for study in found.studies_for(private=private)]
    subtitle = " · ".join([count_words(len(studies), say), days_words(days, say), style_title(settings.style)])

    def made() -> bytes:
        listed = [listed_card(study, settings.style, sources, found.cards) for study in studies]
        return page(sorted(listed, key=lambda one: one.card.citation.text.casefold()), subtitle, say).encode()

    # Discord may show the beginning of this file below the message. An archive would not, but takes more than a tap to open.
    files = [discord.File(io.BytesIO(await asyncio.to_thread(made)), NAME)] if studies else []
    lines = [f"**{say('Reading list')}** · {subtitle}"]
    if len(studies) < len(found.studies):
        lines.append("-# " + say("What stands behind a spoiler is left out."))
    if found.missing:
        lines.append("-# " + missing_words([*map(sources.label, found.missing)], say))
    return {"content": "\n".join(lines), "files": files, "silent": True}


def listed_card(study: Study, style: str, sources: Sources, replies: Mapping[Reference, Reply]) -> ListedCard:
    """Make the card of a study, with the year, kind and substances that it can be filtered by."""
    reference = study.record.reference
    name = sources.label(reference) if reference is not None else None
    card = make_card(study, style, url=sources.url_of(reference), name=name)
    reply = replies.get(reference) if reference is not None else None
    names = tuple(visible(name) for name in substances(study))
    return ListedCard(card, reply.url if reply is not None else None, counted(study, card.facts), names)


def page(listed: Sequence[ListedCard], subtitle: str, say: Say) -> str:
    """Write the HTML, with the cards in the given order."""
    style, script = _ours("reading_list.css"), _ours("reading_list.js")
    language = say("en")  # the code of the language that `say` speaks
    policy = f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; base-uri 'none'; form-action 'none'"
    return f"""<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{_text(say("Reading list"))}</title>
<style>{style}</style>
</head>
<body>
<a class="skip" href="#studies">{_text(say("Skip to the studies"))}</a>
<header><h1>{_text(say("Reading list"))}</h1><p class="small">{_text(subtitle)}</p></header>
{_search(listed, say)}
<main id="studies" tabindex="-1">
<p id="nothing" hidden>{_text(say("No study fits. Use fewer words, or clear the filters."))}</p>
<ol>
{"".join(_item(one, say) for one in listed)}</ol>
</main>
<script>{script}</script>
</body>
</html>
"""


@lru_cache
def _ours(name: str) -> str:
    return (_FOLDER / name).read_text("utf-8")


def _hash(text: str) -> str:
    """Give the hash by which a content security policy names a text."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _text(text: str) -> str:
    """Escape a text for an element or an attribute in double quotes, without characters that nobody sees."""
    return html.escape(visible(text))


def _search(listed: Sequence[ListedCard], say: Say) -> str:
    years = sorted({str(one.counted.year) for one in listed if one.counted.year is not None})
    kinds = {one.counted.kind for one in listed}
    named = {name.lower(): name for one in reversed(listed) for name in one.substances}
    any_of = [("", say("any"))]
    fields = [
        ("from", say("From year"), any_of + [(year, year) for year in years]),
        ("to", say("To year"), any_of + [(year, year) for year in years]),
        ("kind", say("Kind"), any_of + [(kind, word.said(say)) for kind, word in KIND_WORDS.items() if kind in kinds]),
        ("substance", say("Substance"), any_of + sorted(named.items())),
    ]
    result = _text(say("{shown} of {all} studies", shown="{shown}", all="{all}"))
    return f"""<search hidden>
<form aria-label="{_text(say("Search and filters"))}">
<div class="words"><label for="words">{_text(say("Search"))}</label>
<input id="words" name="words" type="search" autocomplete="off" maxlength="200"></div>
{"".join(_select(name, label, options) for name, label, options in fields)}
<div class="words result"><output class="small" aria-live="polite" data-words="{result}"></output>
<button type="reset">{_text(say("Clear"))}</button></div>
</form>
</search>"""


def _select(name: str, label: str, options: Iterable[tuple[str, str]]) -> str:
    listed = "".join(f'<option value="{_text(value)}">{_text(shown)}</option>' for value, shown in options)
    return f'<div><label for="{name}">{_text(label)}</label><select id="{name}" name="{name}">{listed}</select></div>\n'


def _item(one: ListedCard, say: Say) -> str:
    named = "&#10;".join(_text(name.lower()) for name in one.substances)
    classes = ' class="retracted"' if one.card.study.retracted else ""
    year = one.counted.year if one.counted.year is not None else ""
    data = f'data-year="{year}" data-kind="{one.counted.kind}" data-substances="{named}"'
    parts = "\n".join(part for part in _parts(one.card, one.reply_url, say) if part)
    return f"<li><article{classes} {data}>\n{parts}\n</article></li>\n"


def _parts(card: Card, reply_url: str | None, say: Say) -> Iterator[str]:
    """Give the parts of a card in the order that they have on Discord."""
    if card.study.retracted:
        yield f'<p class="retraction">{_link(retraction_words(card.study, say=say), retraction_url(card.study))}</p>'
        yield _paragraph(retraction_note(card.record))
    language = f' lang="{_text(card.record.language)}"' if card.record.language else ""
    yield f"<h2{language}>{_link(card.record.plain_title, card.url)}</h2>"
    yield _paragraph(byline(card.record, say))
    yield _paragraph(" · ".join(fact_words(fact, say) for fact in card.facts))
    yield _notices(card.study, say)
    yield from _findings(card, say)
    label = f'<span class="small">{_text(card.citation.label)}</span> ' if card.citation.label else ""
    yield f'<p class="cited">{label}<span class="citation">{_citation(card.citation)}</span></p>'
    yield _ways(card, reply_url, say)
    yield _paragraph(origin(card, say))


def _paragraph(text: str) -> str:
    return f'<p class="small">{_text(text)}</p>' if text else ""


def _link(text: str, url: str | None) -> str:
    return f'<a href="{html.escape(url)}">{_text(text)}</a>' if url is not None else _text(text)


def _notices(study: Study, say: Say) -> str:
    named = [
        _link(notice_name(one, say), doi_url(one.doi) if one.doi else None)
        + (f", {_text(issued((one.date,), say))}" if one.date else "")
        for one in other_notices(study)
    ]
    return f'<p class="small">{" · ".join(named)}</p>' if named else ""


def _findings(card: Card, say: Say) -> Iterator[str]:
    if not card.findings:
        yield _paragraph(no_finding(card, say))
    heading, quoted = (say("Key findings"), card.findings) if card.findings else (say("Aim"), (card.aim,))
    texts = [_text(one.text) for one in quoted if one is not None]
    if texts:
        yield f"<h3>{_text(heading)}</h3>"
    for text in texts:
        struck = f"<s>{text}</s>" if card.study.retracted else text
        yield f'<blockquote lang="en">{struck}</blockquote>'  # only English abstracts are quoted


def _citation(cited: Citation) -> str:
    """Give a citation with its italics."""
    written = ""
    for words, face in citation.to_runs(cited.markup):
        tags = ["i"] * face.italic + ["b"] * face.bold + [face.script] * (face.script in {"sup", "sub"})
        written += "".join(f"<{tag}>" for tag in tags) + _words(words) + "".join(f"</{tag}>" for tag in reversed(tags))
    return written or _text(cited.text)


def _words(words: str) -> str:
    """Escape a part of a line; the spaces at its ends are kept."""
    inner = words.strip()
    return words.replace(inner, _text(inner)) if inner else words


def _ways(card: Card, reply_url: str | None, say: Say) -> str:
    """Give the links of a card, and the button that copies its citation."""
    known = card.study.enrichment
    work = doi_url(known.doi) if known is not None and known.doi else None
    free = link_url(known.free_text_url) if known is not None else None
    ways = [
        (say("Record"), card.url),
        ("DOI", work),
        (say("Free text"), free if free != work else None),
        (say("Card in Discord"), reply_url),
    ]
    links = "".join(_link(label, url) for label, url in ways if url is not None)
    button = f'<button type="button" data-done="{_text(say("Copied"))}" hidden>{_text(say("Copy citation"))}</button>'
    return f'<div class="ways">{links}{button}</div>'
