"""`python -m bot cite`: citations of many records, from JSON Lines to JSON Lines in the same order."""

import json
from typing import TextIO

import click

from bot.citation import HOUSE_STYLES, resolve_style
from bot.citation import cite as format_citation
from bot.commands.exit_codes import foreseen, output
from bot.commands.json_lines import read_objects


@click.command()
@click.option("--all", "every", is_flag=True, help="In all eight house styles (the default).")
@click.option("--style", "styles", multiple=True, help="In this style; may be given again.")
@click.argument("file", type=click.File("r", encoding="utf-8"))
@foreseen
def cite(file: TextIO, every: bool, styles: tuple[str, ...]) -> None:
    """Cite the CSL-JSON items that stand under `csl` in FILE's JSON Lines."""
    wanted = dict.fromkeys([*(HOUSE_STYLES if every or not styles else ()), *map(resolve_style, styles)])
    with output():
        for row in read_objects(file):
            item = row.get("csl")
            citations = {style: format_citation(item if isinstance(item, dict) else {}, style).text for style in wanted}
            click.echo(json.dumps({"id": row.get("id"), "citations": citations}, ensure_ascii=False))
