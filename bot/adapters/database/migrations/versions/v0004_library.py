"""Add the library: what lists show of each record, and the index of words that the search uses.

Records that are already stored are added to it. Their JSON is read here as it was when this migration was written, so that
later changes of the classes do not matter; only `to_index`, which cuts a text into words, is today's code.
"""

import json
from collections.abc import Iterable, Iterator

import sqlalchemy as sa
from alembic import op

from bot.core.search import to_index

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BATCH = 200
_MOST_WORDS = 20_000
_LAST_POSITION = 16_383
"""The greatest position that a tsvector can hold (PostgreSQL, "Limitations" of full text search)."""


def upgrade() -> None:
    """Create the tables, and fill them."""
    op.create_table(
        "library",
        sa.Column("record_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("authors", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer()),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_library")),
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE library_words USING fts5 "
            "(title, authors, journal, abstract, tokenize = 'unicode61 remove_diacritics 0', prefix = '2 3')"
        )
    else:
        op.execute(
            "CREATE TABLE library_words "
            "(record_id integer NOT NULL CONSTRAINT pk_library_words PRIMARY KEY, words tsvector NOT NULL)"
        )
        op.execute("CREATE INDEX ix_library_words_words ON library_words USING gin (words)")
    fill(op.get_bind())


def downgrade() -> None:
    """Drop them."""
    op.drop_table("library_words")
    op.drop_table("library")


def fill(connection: sa.Connection) -> None:
    """Add all records in the order of their IDs, `BATCH` at a time; a damaged one is left out."""
    insert_words = _INSERT_FTS5 if connection.dialect.name == "sqlite" else _INSERT_TSVECTOR
    last = 0
    while rows := connection.execute(_SOME, {"last": last, "most": BATCH}).all():
        last = rows[-1].id
        for number, stored in rows:
            try:
                shown, words = _read(stored)
            except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
                continue
            connection.execute(_INSERT, shown | {"id": number})
            connection.execute(insert_words, words | {"id": number})


def _read(stored: str) -> tuple[dict[str, object], dict[str, str]]:
    """Give what lists show of a record, and its words: as texts for FTS5, and under `words` as lexemes for a tsvector."""
    record = json.loads(stored)
    names = [name.get("family") or name.get("literal") or "" for name in record["authors"]]
    authors = f"{names[0]} et al." if len(names) > 2 else " & ".join(names)  # noqa: PLR2004 - as lists have it
    shown = {
        "title": record["title"].replace("\0", ""),
        "authors": authors.replace("\0", ""),
        "year": record["issued"][0][0] if record["issued"] else None,
    }
    texts = {
        "title": [record["title"]],
        "authors": [name.get(part) for name in record["authors"] for part in ("family", "given", "literal")],
        "journal": [record["container_title"]],
        "abstract": [paragraph.get(part) for paragraph in record["abstract"] for part in ("label", "text")],
    }
    listed = {key: list(to_index(" ".join(filter(None, parts))))[:_MOST_WORDS] for key, parts in texts.items()}
    return shown, {key: " ".join(one) for key, one in listed.items()} | {"words": " ".join(_lexemes(listed.values()))}


def _lexemes(listed: Iterable[list[str]]) -> Iterator[str]:
    """Write words as PostgreSQL's tsvector does, with positions, and A to D as weights of the texts that they stand in."""
    position = 0
    for weight, one in zip("ABCD", listed, strict=True):
        for word in one:
            position += 1
            yield f"'{word}':{min(position, _LAST_POSITION)}{weight}"


_SOME = sa.text("SELECT id, record FROM records WHERE id > :last ORDER BY id LIMIT :most")
_INSERT = sa.text("INSERT INTO library (record_id, title, authors, year) VALUES (:id, :title, :authors, :year)")
_INSERT_FTS5 = sa.text(
    "INSERT INTO library_words (rowid, title, authors, journal, abstract) "
    "VALUES (:id, :title, :authors, :journal, :abstract)"
)
_INSERT_TSVECTOR = sa.text(
    "INSERT INTO library_words (record_id, words) VALUES (:id, CAST(CAST(:words AS text) AS tsvector))"
)
