import pytest

from bot.app import known_sources
from bot.core.typed_reference import read_target
from bot.settings import Settings
from tests.references import SOURCES, erowid

ALL = known_sources(Settings(_env_file=None))
VIEW = "https://www.erowid.org/references/refs_view.php?ID=6004"


@pytest.mark.parametrize("target", ["", "0", "-5", "abc", "60 04", "1" * 12, "https://erowid.org/", "６００４", "see 6004"])  # noqa: RUF001
def test_what_is_no_target(target: str) -> None:
    """Only a number, an address, or a text with one of them names a record."""
    assert read_target(target, SOURCES) is None


@pytest.mark.parametrize("target", ["6004", " #6004 ", "006004", f"<{VIEW}>", VIEW])
def test_what_is_a_target(target: str) -> None:
    """A number as people write it, or any address of the record."""
    assert read_target(target, SOURCES) == erowid(6004)


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        (f"({VIEW}).", "erowid:6004"),
        (f"[paper]({VIEW})", "erowid:6004"),
        ("Doe J. Naps. 2031;1:2. doi: 10.5555/a.1. PMC: none", "doi:10.5555/a.1"),
        ("DOI: https://doi.org/10.5555/a.1", "doi:10.5555/a.1"),
        ("PubMed PMID: 7", "pubmed:7"),
        (f"{VIEW} or {VIEW}", "erowid:6004"),
        ("Naps. doi:10.5555/a.1, PMID: 7", None),
        ("PMIDs: 7; 8", None),
        ("https://evil.example/?u=https://doi.org/10.5555/a.1", None),
    ],
)
def test_a_text_that_names_one_work(target: str, expected: str | None) -> None:
    """As it was copied from a page or a list of references; of two works, nobody knows which is meant."""
    found = read_target(target, ALL)
    assert (str(found) if found else None) == expected
