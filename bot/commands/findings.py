"""`python -m bot findings`: key findings of many abstracts, from JSON Lines to JSON Lines in the same order."""

import json
from typing import TextIO

import click

from bot.commands.exit_codes import foreseen, output
from bot.commands.json_lines import read_objects
from bot.findings import findings_of


@click.command()
@click.option("--limit", type=click.IntRange(1), default=4, show_default=True, help="Findings of each abstract at most.")
@click.argument("file", type=click.File("r", encoding="utf-8"))
@foreseen
def findings(file: TextIO, limit: int) -> None:
    """Label and choose sentences of the abstracts in FILE's JSON Lines."""
    with output():
        for row in read_objects(file):
            click.echo(json.dumps(findings_of(row, limit), ensure_ascii=False))
