"""Draws cards in a terminal with rich."""

from collections.abc import Iterator
from dataclasses import replace

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.style import Style
from rich.text import Text

from bot.core.card import Card
from bot.core.card_lines import (
    byline,
    issued,
    no_finding,
    notice_name,
    origin,
    other_notices,
    retraction_note,
    retraction_parts,
)
from bot.core.enrichment import Notice
from bot.core.study import Study
from bot.core.web_links import doi_url, link_url

WIDTH = 92
"""The most columns of a card."""


def panel(card: Card) -> Panel:
    """Draw a card as a panel. Rich reads no markup in the page's text."""
    record = card.record
    lines: list[RenderableType] = list(_retraction(card.study))
    link = Style(bold=True, link=card.url)
    lines += [Text(_seen(record.plain_title), link), Text(_seen(byline(record)))]
    if card.facts:
        lines.append(Text(_seen(" · ".join(fact.text for fact in card.facts)), "dim"))
    lines += [Text.assemble(*_notice(notice), style="dim") for notice in other_notices(card.study)]
    lines += [Text(), *_findings(card), Text()]
    lines.append(Text.assemble((f"{card.citation.label}  ", "bold"), _seen(card.citation.text)))
    lines += _ways(card.study)
    shown = replace(card, findings=()) if card.study.retracted else card  # as `_findings` has it
    return Panel(
        Group(*lines, Text(), Text(_seen(origin(shown)), "dim")),
        border_style="red" if card.study.retracted else "dim",
        width=WIDTH,
        padding=(0, 1),
    )


def _retraction(study: Study) -> Iterator[RenderableType]:
    """Draw the retraction: its date, source and notice, and the record's own note."""
    if not study.retracted:
        return
    date, told = retraction_parts(study)
    notice = study.retraction_notice
    url = doi_url(notice.doi) if notice is not None and notice.doi else None
    yield Text.assemble(("Retracted", "bold red"), *(f" · {_seen(part)}" for part in (date, told, url) if part))
    if note := retraction_note(study.record):
        yield Text(_seen(note), "red")
    yield Text()


def _notice(notice: Notice) -> Iterator[str]:
    yield notice_name(notice)
    if notice.date:
        yield f", {issued((notice.date,))}"
    if notice.doi and (url := doi_url(notice.doi)):
        yield f" · {url}"


def _ways(study: Study) -> Iterator[Text]:
    """Draw the links to the work and its free text."""
    found = study.enrichment
    if found is None:
        return
    for label, url in (("DOI", doi_url(found.doi) if found.doi else None), ("Free text", link_url(found.free_text_url))):
        if url is not None:
            yield Text.assemble((f"{label}  ", "bold"), (url, Style(link=url)))


def _findings(card: Card) -> list[RenderableType]:
    if not card.findings:
        aim = [Text("Aim", "bold"), Text.assemble(("▎ ", "dim"), _seen(card.aim.text))] if card.aim is not None else []
        return [Text(no_finding(card), "dim"), *aim]
    if card.study.retracted:  # piped output cannot strike them through
        return [Text("The findings of a retracted work are not shown.", "dim")]
    quotes = [Text.assemble(("▎ ", "dim"), _seen(finding.text)) for finding in card.findings]
    return [Text("Key findings", "bold"), *quotes]


def _seen(text: str) -> str:
    """Drop control characters, which a terminal would obey."""
    return "".join(character for character in text if character.isprintable())
