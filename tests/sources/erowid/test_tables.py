"""The tables in the docstrings hold, row by row."""

import pytest

from bot.sources.erowid import (
    abstract,
    authors,
    container,
    dates,
    locator,
    names,
    printf,
    repairs,
    retraction,
    source,
    title,
)
from bot.sources.erowid.abstract import read_body
from bot.sources.erowid.html_lines import Line
from tests.tables import table_of


def read_names(line):
    found = authors.read_authors(line)
    if found is None:
        return ["no authors line"]
    shown = [", ".join(filter(None, (one.family, one.given, one.suffix))) or f"literal {one.literal}" for one in found]
    return ["; ".join(shown) or "nobody"]


def shown(issued):
    return ", ".join("-".join(map(str, parts)) for parts in issued)


def read_date(text):
    first = dates.DATE.match(text)
    last = dates.DATE_YEAR_LAST.match(text)
    issued = dates.read_date(first) if first else dates.read_date_year_last(last)
    return [shown(issued), dates.season_of(first or last) or ""]


def read_locator(text):
    found = locator.read_locator(text)
    return [found.volume or "", found.issue or "", found.page or ""]


def read_container(line):
    found = source.read_source(line)
    return [found.type, found.container_title or ""]


def read_source(line):
    found = source.read_source(line)
    parts = (found.container_title, shown(found.issued), found.volume, found.issue, found.page)
    return [part or "" for part in parts]


def read_title(line):
    cut = title.cut_at_title(line)
    return [f"`{title.read_title(cut.quoted)}`" if cut else "none"]


def is_retracted(text):
    return ["yes" if read_body([Line(text), Line("Goats slept.")], []).retraction else "no"]


def kept_as(text):
    """Name the field that a paragraph went to, behind one that is the abstract."""
    found = read_body([Line("Goats slept."), Line(text)], [])
    fields = {
        "retraction": found.retraction,
        "excerpt": found.excerpt,
        "truncated": found.truncated,
        "keywords": found.keywords,
        "note": found.notes,
    }
    return [next((name for name, value in fields.items() if value), "paragraph")]


def read_damage(text):
    texts, _ = printf.undo_printf([text])
    return ["as printed" if texts == [text] else f"`{texts[0]}`"]


def repair(text):
    if ":" not in text:
        return [f"`{repairs.read_artefacts(text)[0]}`"]
    found = source.read_source(f"J. {text}.")
    issue = f"({found.issue})" if found.issue else ""
    return [f"`{shown(found.issued)};{found.volume}{issue}:{found.page}`"]


READERS = {
    abstract: kept_as,
    authors: read_names,
    names: read_names,
    dates: read_date,
    locator: read_locator,
    container: read_container,
    source: read_source,
    title: read_title,
    retraction: is_retracted,
    printf: read_damage,
    repairs: repair,
}


@pytest.mark.parametrize("module", READERS, ids=lambda module: module.__name__.rpartition(".")[2])
def test_every_row_holds(module):
    expected = [(printed.strip("`"), cells) for printed, *cells, _ in table_of(module.__doc__)]
    assert [(printed, READERS[module](printed)) for printed, _ in expected] == expected
