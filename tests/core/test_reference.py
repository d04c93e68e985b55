import pytest

from bot.core.reference import LONGEST, Reference

WRITTEN = ["erowid:6004", "pubmed:12351788", "pmc:PMC123", "doi:10.5555/a:b(c)<1::aid-x>3.0.co;2-2"]


@pytest.mark.parametrize("written", WRITTEN)
def test_what_was_written_is_read(written: str) -> None:
    """The source ends at the first colon; an ID may hold more of them."""
    reference = Reference.read(written)
    assert str(reference) == written
    assert (reference.source, reference.id) == tuple(written.split(":", 1))


def test_digits_alone_are_the_default_source_s() -> None:
    """Buttons and databases of the time when there was no other source hold numbers alone."""
    reference = Reference("erowid", "6004")
    assert Reference.read("6004") == reference
    assert reference.short == "6004"
    assert Reference("pubmed", "6004").short == "pubmed:6004"


@pytest.mark.parametrize("written", ["", "erowid", "erowid:", ":6004", "Erowid:1", "a b:1", "doi:10.1/a b", "x1:2", "-5"])
def test_what_is_no_reference(written: str) -> None:
    """Whatever else stands where a reference should."""
    with pytest.raises(ValueError, match="not a reference"):
        Reference.read(written)


def test_the_longest() -> None:
    """A reference fits into a custom ID with the rest of it."""
    assert len(str(Reference("doi", "x" * (LONGEST - 4)))) == LONGEST
    with pytest.raises(ValueError, match="not a reference"):
        Reference("doi", "x" * (LONGEST - 3))
