"""Reads JSON Lines, which have one object per line."""

import json
from collections.abc import Iterator
from typing import Any, TextIO

import click


def read_objects(file: TextIO) -> Iterator[dict[str, Any]]:
    """Read the objects of a file, one at a time. Raises ClickException for a line that is no JSON object."""
    for number, line in enumerate(file, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError:
            row = None
        if not isinstance(row, dict):
            raise click.ClickException(f"{file.name}, line {number}, is no JSON object.")
        yield row
