import pytest

from bot.sources import labels
from bot.sources.labels import split_at_labels
from tests.tables import table_of, values_of


@pytest.mark.parametrize(("printed", "read", "_why"), table_of(labels.__doc__))
def test_the_table_of_labels_holds(printed: str, read: str, _why: str) -> None:
    """Each text is cut at its labels as the row says."""
    for text in values_of(printed):
        parts = [part for label, part in split_at_labels(text) for part in (label and f"[{label}]", part) if part]
        assert " ".join(parts) == (text if read == "as printed" else read)
