"""The tables of what is cited otherwise than by citeproc-js hold."""

import json
import pkgutil
import re
from types import ModuleType
from typing import Any

import pytest

from bot import citation
from bot.citation import cite, csl, item
from tests.citation.works import ARTICLE, DOE
from tests.tables import table_of

BASE = ARTICLE | {"author": [DOE], "title": "Newts", "issued": "1988"}


def read_field(written: str) -> tuple[str, Any]:
    """Read `title: Newts`, `issue: null` or `author: Doe, Jane & Roe, John`."""
    name, _, value = written.partition(": ")
    if name == "author":
        return name, [dict(zip(("family", "given"), one.split(", "), strict=True)) for one in value.split(" & ")]
    return name, json.loads(value) if value[0] in "[{" or value == "null" else value


@pytest.mark.parametrize(("style", "of", "theirs", "ours"), [*table_of(citation.__doc__), *table_of(item.__doc__)])
def test_every_row_holds(style: str, of: str, theirs: str, ours: str) -> None:
    cited = cite(BASE | dict(map(read_field, of.strip("`").split("; "))), style.strip("`")).text
    assert ours.strip("`") in cited
    if theirs.startswith("`"):
        assert theirs.strip("`") not in cited


@pytest.mark.parametrize("package", [citation, csl], ids=lambda package: package.__name__)
def test_every_module_is_named(package: ModuleType) -> None:
    assert package.__doc__ is not None
    modules = {module.name for module in pkgutil.iter_modules(package.__path__)}
    assert modules <= set(re.findall(r"\w+", package.__doc__))
    listed = re.findall(r"^ *((?:\w+, )*\w+) {2,}\w", package.__doc__, re.MULTILINE)
    assert modules >= {name for names in listed for name in names.split(", ")}
