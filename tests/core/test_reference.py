import pytest

from bot.core.reference import Reference


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("6004", 6004),
        ("006004", 6004),
        ("1", 1),
        ("0", None),
        ("", None),
        ("-1", None),
        ("12345678", None),
        ("6 004", None),
        ("٣", None),
    ],
)
def test_parse(text: str, expected: int | None) -> None:
    """A reference is a positive number of at most seven digits, in ASCII."""
    assert Reference.parse(text) == (Reference(expected) if expected else None)


@pytest.mark.parametrize("number", [0, -1, 10_000_000])
def test_no_reference_beyond_the_bounds(number: int) -> None:
    """A number that no record has makes no reference."""
    with pytest.raises(ValueError, match="no record"):
        Reference(number)
