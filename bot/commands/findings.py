"""Commands over JSON Lines: many records at once, one object in, one object out, in order."""

import json
from collections.abc import Iterator
from typing import Any, TextIO

import click

from bot.citation import HOUSE_STYLES, resolve_style
from bot.citation import cite as format_citation
from bot.commands.exit_codes import foreseen, output
from bot.core.errors import BadTarget


@click.command()
@click.option("--all", "every", is_flag=True, help="In all eight house styles (the default).")
@click.option("--style", "styles", multiple=True, help="In this style; may be given again.")
@click.argument("file", type=click.File("r", encoding="utf-8"))
@foreseen
def cite(file: TextIO, every: bool, styles: tuple[str, ...]) -> None:
    """Cite the CSL-JSON items that stand under `csl` in FILE's JSON Lines."""
    wanted = dict.fromkeys([*(HOUSE_STYLES if every or not styles else ()), *map(resolve_style, styles)])
    with output():
        for row in _rows(file):
            item = row.get("csl")
            citations = {style: format_citation(item if isinstance(item, dict) else {}, style).text for style in wanted}
            click.echo(json.dumps({"id": row.get("id"), "citations": citations}, ensure_ascii=False))


@click.command()
@click.option("--limit", type=click.IntRange(1), default=4, show_default=True, help="Findings of each abstract at most.")
@click.argument("file", type=click.File("r", encoding="utf-8"))
@foreseen
def findings(file: TextIO, limit: int) -> None:
    """Label and choose sentences of the abstracts in FILE's JSON Lines."""
    from bot.findings import findings_of  # noqa: PLC0415 - brings numpy, which other commands need not wait for

    with output():
        for row in _rows(file):
            click.echo(json.dumps(findings_of(row, limit), ensure_ascii=False))


def _rows(file: TextIO) -> Iterator[dict[str, Any]]:
    """Read JSON Lines. Raises BadTarget for a line that is no JSON object."""
    for number, line in enumerate(file, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError:
            row = None
        if not isinstance(row, dict):
            raise BadTarget(f"{file.name}, line {number}")
        yield row
