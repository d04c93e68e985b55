"""Pages that a browser saved: the page itself, or else the name of the file, tells which record it shows."""

import re
from dataclasses import replace
from pathlib import PurePath

from bot.core.reference import Reference
from bot.core.source_work import SourceWork
from bot.sources.erowid.address import read_number
from bot.sources.erowid.page import read_record

YEARS = range(1900, 2101)
"""Numbers in a file's name that may be a year instead of a record."""
_ADDRESSED = re.compile(r"(?:^|[\W_])ID=([1-9][0-9]*)(?![^\W_])", re.IGNORECASE)
_CALLED = re.compile(
    r"""
    (?:^|[\W_])
    (?:
        (?:records?|refs?|references?|erowid|id)[ ._-]?  # `ref6004`, `record 6004`
        | p(?:age)?[ ._-]?(?=[0-9]{3})                   # `p281`
    )
    ([1-9][0-9]*)(?![^\W_])
    """,
    re.IGNORECASE | re.VERBOSE,
)
_FIRST = re.compile(r"[1-9][0-9]*$|[1-9][0-9]{2,}(?=[ ._-])")
_NUMBERS = re.compile(r"(?<![^\W_])[0-9]")
_COPY = re.compile(r" ?\([0-9]+\)$")
"""The number that browsers append to the name of a file if the name is taken."""


def read_saved(body: bytes, name: str) -> SourceWork:
    """Read a saved page with the name of its file. Raises as `read_record` does."""
    record = read_record(body)
    return SourceWork(record=record if record.reference is not None else replace(record, reference=read_file_name(name)))


def read_file_name(name: str) -> Reference | None:
    """Read the reference from a file's name; None if its number may be something else.

    | name                                                            | record | why                          |
    |-----------------------------------------------------------------|--------|------------------------------|
    | `refs_view.php?ID=6004&S=1998.html`                             | 6004   | the address itself           |
    | `ref6004.html`, `page 6004.html`, `p6004.html`                  | 6004   | a word that says so          |
    | `6004.html`, `6004-table.html`, `6004_m1.html`, `6004 (1).html` | 6004   | its beginning                |
    | `p28.html`, `5-MeO-DMT.html`                                    | none   | below 100                    |
    | `1998.html`                                                     | none   | a year                       |
    | `06004.html`, `6004 and 6005.html`                              | none   | a zero in front; two numbers |
    """
    if said := set(_ADDRESSED.findall(name)):
        return read_number(said.pop()) if len(said) == 1 else None
    stem = _COPY.sub("", PurePath(name).stem)
    if len(_NUMBERS.findall(stem)) > 1:
        return None
    if called := _CALLED.search(stem):
        return read_number(called[1])
    first = _FIRST.match(stem)
    return read_number(first[0]) if first and int(first[0][:5]) not in YEARS else None
