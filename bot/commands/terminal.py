"""Cards in a terminal, drawn with rich: the same card, no Discord."""

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.style import Style
from rich.text import Text

from bot.core.card import Card
from bot.core.wording import byline, no_finding, origin

WIDTH = 92
"""Columns of a card at most."""


def panel(card: Card) -> Panel:
    """Draw a card as a panel. Text from the page is plain text to rich: it can style nothing."""
    record = card.record
    lines: list[RenderableType] = []
    if record.retraction is not None:
        lines += [Text("Retracted", "bold red"), Text(_seen(record.retraction), "red"), Text()]
    link = Style(bold=True, link=card.url)
    lines += [Text(_seen(record.title), link), Text(_seen(byline(record)))]
    if card.facts:
        lines.append(Text(_seen(" · ".join(fact.text for fact in card.facts)), "dim"))
    lines += [Text(), *_findings(card), Text()]
    lines.append(Text.assemble((f"{card.citation.label}  ", "bold"), _seen(card.citation.text)))
    return Panel(
        Group(*lines),
        subtitle=Text(origin(card), "dim"),
        subtitle_align="left",
        border_style="red" if card.study.retracted else "dim",
        width=WIDTH,
        padding=(0, 1),
    )


def _findings(card: Card) -> list[RenderableType]:
    if not card.findings:
        aim = [Text("Aim", "bold"), Text.assemble(("▎ ", "dim"), _seen(card.aim.text))] if card.aim is not None else []
        return [Text(no_finding(card), "dim"), *aim]
    if card.study.retracted:  # a terminal that is piped has no way to strike them through
        return [Text("The findings of a retracted work are not shown.", "dim")]
    quotes = [Text.assemble(("▎ ", "dim"), _seen(finding.text)) for finding in card.findings]
    return [Text("Key findings", "bold"), *quotes]


def _seen(text: str) -> str:
    """Drop control characters, which a terminal would obey."""
    return "".join(character for character in text if character.isprintable())
