import pytest

from bot.sources.language_codes import language_code, title_language
from bot.sources.pubmed import dates, journals
from bot.sources.pubmed.dates import read_issue_date
from bot.sources.pubmed.journals import journal_name
from tests.tables import table_of, values_of


@pytest.mark.parametrize("row", table_of(dates.__doc__), ids=lambda row: row[0])
def test_the_table_of_dates_holds(row: list[str]) -> None:
    """What the module's docstring promises is so."""
    for printed in values_of(row[0]):
        issued, season = read_issue_date(printed)
        assert " ".join("-".join(map(str, parts)) for parts in issued) == row[1]
        assert (season or "") == row[2].strip("`")


@pytest.mark.parametrize("row", table_of(journals.__doc__), ids=lambda row: row[0])
def test_the_table_of_journals_holds(row: list[str]) -> None:
    """One printed name for all of a row, or one for each."""
    given, printed = values_of(row[0]), values_of(row[1])
    assert [journal_name(name) for name in given] == (printed if len(printed) > 1 else printed * len(given))


def test_names_of_journals_that_say_nothing() -> None:
    """No name, and one that is an addition alone."""
    assert (journal_name(None), journal_name("")) == (None, None)
    assert journal_name("(Nowhere, Utopia)") == "(Nowhere, Utopia)"


@pytest.mark.parametrize(
    ("code", "known"),
    [
        ("eng", "en"),
        ("ENG", "en"),
        ("pol", "pl"),
        ("geo", "ka"),
        ("und", None),
        ("", None),
        (None, None),
        ("gsw", "gsw"),
        ("x1", None),
    ],
)
def test_codes_of_languages(code: str | None, known: str | None) -> None:
    """Two letters where there are two."""
    assert language_code(code) == known


@pytest.mark.parametrize(
    ("title", "languages", "language"),
    [
        ("Sleep", ("en",), "en"),
        ("[Sleep]", ("pl",), "en"),
        ("Schlaf", ("de",), "de"),
        ("Sleep", ("en", "de"), None),
        ("x", (), None),
    ],
)
def test_the_language_of_a_title(title: str, languages: tuple[str, ...], language: str | None) -> None:
    """A title in brackets is PubMed's translation; of two languages nobody knows which is the title's."""
    assert title_language(title, languages) == language
