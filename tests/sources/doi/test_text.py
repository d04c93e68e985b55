import gzip
import html
import json
from itertools import islice
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sources.doi import find_bare, read_doi, text
from tests.counting import count_steps
from tests.shared import SHARED, needs_shared
from tests.tables import table_of, values_of


def found(message: str) -> list[str]:
    return [doi.id for _, doi in find_bare(message)]


@pytest.mark.parametrize("row", table_of(text.__doc__), ids=lambda row: row[0])
def test_the_table_holds(row: list[str]) -> None:
    """What the module's docstring promises is so."""
    for given_text in values_of(row[0]):
        doi = read_doi(given_text)
        assert doi is None if row[1] == "none" else doi is not None and doi.id == row[1].strip("`")


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("doi:10.1126/science.1074501", ["10.1126/science.1074501"]),
        ("DOI:10.1126/science.1074501.", ["10.1126/science.1074501"]),
        ("Doi: 10.1126/science.1074501, and", ["10.1126/science.1074501"]),
        ("see doi:10.1126/science.1074501; also doi:10.1002/hup.2742", ["10.1126/science.1074501", "10.1002/hup.2742"]),
        ("doi:10.1126/science.1074501;doi:10.1002/hup.2742", ["10.1126/science.1074501", "10.1002/hup.2742"]),
        ("(doi:10.1126/science.1074501)", ["10.1126/science.1074501"]),
        ("[doi:10.1002/hup.2742](https://doi.org/10.1126/science.1074501)", ["10.1002/hup.2742"]),
        ("**doi:10.1002/hup.2742**", ["10.1002/hup.2742"]),
        ("||doi:10.1002/hup.2742||", ["10.1002/hup.2742"]),
        ("<i>doi:10.1002/hup.2742</i>", ["10.1002/hup.2742"]),
        ("“doi:10.1002/hup.2742”", ["10.1002/hup.2742"]),
        ("doi:10.1002/hup.2742’s abstract", ["10.1002/hup.2742"]),
        ("doi:10.1016/S0140-6736(05)17951-3", ["10.1016/s0140-6736(05)17951-3"]),
        ("見doi:10.1002/hup.2742。また", ["10.1002/hup.2742"]),
        ("見 doi:10.1002/hup.2742。また", ["10.1002/hup.2742"]),
        ("doi:10.1002", []),
        ("doi:10.1002/", []),
        ("doi: see 10.1002/hup.2742", []),
        ("10.1002/hup.2742", []),
        ("xdoi:10.1002/hup.2742", []),
        ("https://evil.example/doi:10.1002/hup.2742", []),
        ("evil.example/doi:10.1002/hup.2742", []),
        ("evil.example?doi:10.1002/hup.2742", []),
        ("evil.example?x=doi:10.1002/hup.2742", []),
        ("https://doi.org/10.1002/hup.2742", []),
        ("urn:doi:10.1002/hup.2742", []),
        ("doi:10.1002/hup.\u200b2742", []),
        ("doi:10.1002/1098-2337(1979)5:2¡105::aid-ab1¿3.0.co;2-u", []),
    ],
)
def test_bare_dois(message: str, expected: list[str]) -> None:
    """A DOI counts where a person wrote `doi:` before it, and not inside some other address."""
    assert found(message) == expected


def decoded(doi: str) -> str:
    """Give a DOI of the shared works as it should be; some are encoded there."""
    return html.unescape(unquote(doi)).lower()


@needs_shared
@pytest.mark.parametrize("lines", [10_000, pytest.param(None, marks=pytest.mark.storm)])
def test_real_dois_come_back(lines: int | None) -> None:
    """In any surroundings: whole, or not at all where the list itself has them cut or damaged."""
    with gzip.open(SHARED / "matching/works.jsonl.gz", "rt", encoding="utf-8") as works:
        dois = [doi for line in islice(works, 0, lines, 7) if (doi := json.loads(line).get("doi"))]
    for place in ("doi:{}", "(doi:{}).", "[x](doi:{})", "**DOI: {}**,", "<i>doi:{}</i>", "“doi:{}”"):
        read = [next(iter(found(place.format(doi))), None) for doi in dois]
        assert [(doi, one) for doi, one in zip(dois, read, strict=True) if one not in {decoded(doi), None}] == []
        assert read.count(None) <= len(dois) / 1000


PARTS = st.sampled_from(
    ["doi:", "10.1000/", "abc", ".", ",", " ", "(", ")", "[1]", "://", "</i>", "%2F", "\\_", "x", "é", "-", "…"]
)


@given(st.text(max_size=100) | st.lists(PARTS, max_size=30).map("".join))
def test_any_text_is_read(message: str) -> None:
    """What is found stands in the text, after `doi:`, where no encoding has to be taken away."""
    for start, doi in find_bare(message):
        assert message[start : start + 4].lower() == "doi:"
        if "%" not in message and "\\" not in message and "&" not in message:
            assert doi.id in message.lower()


@given(
    st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=10),
    st.sampled_from(["", ".", "),", "**", "…", "</i>"]),
)
def test_a_plain_doi_is_read_whatever_ends_it(suffix: str, after: str) -> None:
    """The suffix comes out whole."""
    assert found(f"see doi:10.5555/{suffix}{after} there") == [f"10.5555/{suffix}"]


@pytest.mark.parametrize("unit", ["doi:10.", "doi:10.1000/a", "doi:", "://", "doi: ", "(", "10.1000/", "doi:10.1000/a,"])
def test_time_is_linear(unit: str) -> None:
    """Twice the text makes at most little more than twice the work; counted, not timed."""
    steps = [count_steps(lambda size=size: list(find_bare((unit * size)[:size]))) for size in (2_000, 4_000)]
    assert steps[1] <= 2.6 * steps[0] + 200
