"""Full-text search on SQLite (FTS5) and PostgreSQL (tsvector).

Both index the words that `bot.core.search` gives, so neither parses, folds or stems text itself. A query's words consist of
letters and digits and are quoted, so users cannot write query syntax.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from itertools import islice

from sqlalchemy import TextualSelect, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.database.columns import Written
from bot.core.record import Record
from bot.core.search import STOP_WORDS, singular, to_index, words

MOST_WORDS = 20_000
"""The most words of a text that are indexed: the size of a tsvector is limited."""
MOST_ASKED = 12
"""The most words of a query that are searched for; the rest are ignored."""


@dataclass(frozen=True, slots=True)
class Texts:
    """The searchable texts of a record; a word in the title counts most, one in the abstract least."""

    title: str
    authors: str
    journal: str
    abstract: str


def texts(record: Record) -> Texts:
    """Collect the searchable texts of a record."""
    authors = (part for name in record.authors for part in (name.family, name.given, name.literal) if part)
    abstract = (part for paragraph in record.abstract for part in (paragraph.label, paragraph.text) if part)
    return Texts(record.plain_title, " ".join(authors), record.container_title or "", " ".join(abstract))


async def write_words(connection: AsyncConnection, library_id: int, found_by: Texts) -> None:
    """Index a record's words, in place of its older ones."""
    listed = [list(islice(to_index(one), MOST_WORDS)) for one in astuple(found_by)]
    if connection.dialect.name == "sqlite":
        row = dict(zip(("title", "authors", "journal", "abstract"), map(" ".join, listed), strict=True))
        await connection.execute(_WRITE_FTS5, row | {"id": library_id})
    else:
        await connection.execute(_WRITE_TSVECTOR, {"id": library_id, "words": tsvector(listed)})


def search_statement(dialect: str, *, in_year: bool = False) -> TextualSelect:
    """Give the statement that finds rows of `library`, the best first; its parameters are `query` and `most`.

    With `in_year` it finds those of one year, the parameter `year`. The column `retracted_since` tells whether a
    bibliographic service says that the work is retracted.
    """
    return _SEARCHES[dialect, in_year]


def query(asked: str, dialect: str, *, unfinished: bool = False, any_word: bool = False) -> str | None:
    """Write a user's query in the database's syntax; None if it has no words.

    A record must have all words, or with `any_word` one. With `unfinished`, the last word may be the beginning of a word.
    """
    known = list(islice(words(asked), MOST_ASKED))
    unfinished = unfinished and bool(known) and not asked[-1:].isspace()
    last = known.pop() if unfinished else None
    telling = [word for word in known if word not in STOP_WORDS] or ([] if last else known)
    quote, both, either, begins = _LANGUAGES[dialect]
    terms = [quote.format(singular(word) or word) for word in telling]
    if last:
        begun = [quote.format(last) + begins]
        # A word that stands twice makes ts_rank ignore the prefix mark and rank all records alike.
        begun += [quote.format(one)] if (one := singular(last)) not in {last, ""} else []
        terms.append(f"({f' {either} '.join(begun)})")
    return f" {either if any_word else both} ".join(terms) or None


def tsvector(listed: Sequence[Sequence[str]]) -> str:
    """Write a tsvector: each word with its position and the weight of its text (A for the first, D for the fourth)."""
    return " ".join(_lexemes(listed))


def _lexemes(listed: Sequence[Sequence[str]]) -> Iterator[str]:
    position = 0
    for weight, one in zip("ABCD", listed, strict=True):
        for word in one:
            position += 1
            yield f"'{word}':{min(position, _LAST_POSITION)}{weight}"


_LAST_POSITION = 16_383
"""The highest position in a tsvector (postgresql.org, "Text Search Limitations")."""
_LANGUAGES: Mapping[str, tuple[str, str, str, str]] = {
    "sqlite": ('"{}"', "AND", "OR", "*"),
    "postgresql": ("'{}'", "&", "|", ":*"),
}
"""By dialect, how a query is written: a quoted word, AND, OR, and the mark for the beginning of a word."""
_WRITE_FTS5 = text(
    "INSERT OR REPLACE INTO library_words (rowid, title, authors, journal, abstract) "
    "VALUES (:id, :title, :authors, :journal, :abstract)"
)
_WRITE_TSVECTOR = text(
    "INSERT INTO library_words (library_id, words) VALUES (:id, CAST(CAST(:words AS text) AS tsvector)) "
    "ON CONFLICT (library_id) DO UPDATE SET words = excluded.words"
)
# BM25 grows ever more slowly with the number of words, so only weights far apart let a title outweigh a long abstract.
_SEARCH_FTS5 = (
    "SELECT library.*, enrichments.retracted AS retracted_since "
    "FROM library_words JOIN library ON library.id = library_words.rowid "
    "LEFT JOIN enrichments USING (reference) "
    "WHERE library_words MATCH :query{year} ORDER BY bm25(library_words, 1000, 100, 10, 1), library.id LIMIT :most"
)
_SEARCH_TSVECTOR = (
    "SELECT library.*, enrichments.retracted AS retracted_since "
    "FROM library_words JOIN library ON library.id = library_words.library_id LEFT JOIN enrichments USING (reference), "
    "CAST(CAST(:query AS text) AS tsquery) AS asked "
    "WHERE library_words.words @@ asked{year} "
    "ORDER BY ts_rank('{{0.1, 0.3, 0.5, 1.0}}', library_words.words, asked, 1) DESC, library.id LIMIT :most"
)
_SEARCHES: Mapping[tuple[str, bool], TextualSelect] = {
    (dialect, in_year): text(statement.format(year=" AND library.year = :year" if in_year else "")).columns(
        reference=Written()
    )
    for dialect, statement in (("sqlite", _SEARCH_FTS5), ("postgresql", _SEARCH_TSVECTOR))
    for in_year in (False, True)
}
