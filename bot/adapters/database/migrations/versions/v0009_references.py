"""Replace the numbers of records by references (6004 by `erowid:6004`), and add all references of each record's work.

All rows up to now are Erowid's. The JSON of records and enrichments is read here as it was when this migration was written;
damaged JSON stays as it is. The downgrade keeps only Erowid's rows.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op

from bot.adapters.database.migrations.versions import v0004_library, v0008_enrichments

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

BATCH = 200
WIDTH = 80
"""The most characters of a reference."""
_NUMBER = "CAST(substr(reference, 8) AS INTEGER)"
_EROWID = "WHERE reference LIKE 'erowid:%'"
_RECORD = "body, charset, etag, last_modified, parser, record, read_at"
_ENRICHMENT = "doi, retracted, enrichment"
_REPLY = "id, message_id, channel_id, parent_id, guild_id, poster_id, made_at, spoiler, target_id"


def upgrade() -> None:
    """Recreate the tables with references, rewrite the JSON of records, and create and fill the table `identifiers`."""
    connection = op.get_bind()
    named = "'erowid:' || record_id"
    _move(
        "records",
        _records(_text("reference"), _text("site", 32)),
        _RECORD,
        {"reference": "'erowid:' || id", "site": "'Erowid'"},
    )
    _move("library", _library_of_references, "title, authors, year, retracted", {"id": "record_id", "reference": named})
    _move("enrichments", _enrichments(_text("reference")), _ENRICHMENT, {"reference": named})
    _move("replies", _replies(_text("reference")), _REPLY, {"reference": named})
    _move("misses", _misses(_text("reference")), "until", {"reference": named})
    op.execute("UPDATE reply_jobs SET answered = 'erowid:' || replace(answered, ' ', ' erowid:') WHERE answered <> ''")
    if connection.dialect.name == "postgresql":
        op.execute("ALTER TABLE library_words RENAME COLUMN record_id TO library_id")
        op.execute("SELECT setval(pg_get_serial_sequence('library', 'id'), max(id)) FROM library HAVING max(id) > 0")
    op.create_table(
        "identifiers",
        _text("reference"),
        _text("identifier"),
        sa.Column("matched", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("reference", "identifier", name=op.f("pk_identifiers")),
    )
    op.create_index(op.f("ix_identifiers_identifier"), "identifiers", ["identifier"])
    _rewrite(connection, lambda number: {"source": "erowid", "id": str(number["id"])})
    _fill(connection)


def downgrade() -> None:
    """Recreate the tables as they were, with Erowid's rows."""
    connection = op.get_bind()
    op.drop_table("identifiers")
    op.execute("DELETE FROM records WHERE reference NOT LIKE 'erowid:%'")
    _rewrite(connection, lambda reference: {"id": int(reference["id"])})
    _move("records", _records(_number("id")), _RECORD, {"id": _NUMBER})
    _move("enrichments", _enrichments(_number("record_id")), _ENRICHMENT, {"record_id": _NUMBER}, _EROWID)
    _move("replies", _replies(_number("record_id")), _REPLY, {"record_id": _NUMBER}, _EROWID)
    _move("misses", _misses(_number("record_id")), "until", {"record_id": _NUMBER}, _EROWID)
    for message_id, answered in connection.execute(_ANSWERED_OTHERS).all():
        kept = " ".join(one for one in answered.split() if one.startswith("erowid:"))
        connection.execute(_KEEP_ANSWERED, {"message_id": message_id, "answered": kept})
    op.execute("UPDATE reply_jobs SET answered = replace(answered, 'erowid:', '')")
    op.drop_table("library")
    op.create_table(
        "library",
        _number("record_id"),
        *_listed(),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_library")),
    )
    op.execute("DELETE FROM library_words")
    if connection.dialect.name == "postgresql":
        op.execute("ALTER TABLE library_words RENAME COLUMN library_id TO record_id")
    v0004_library.fill(connection)
    v0008_enrichments.fill(connection)


def _move(name: str, create: Callable[[], None], same: str, changed: Mapping[str, str], where: str = "") -> None:
    """Recreate a table with its rows: `same` lists the unchanged columns, `changed` the others with their expressions."""
    copy = ["CREATE TABLE moved AS SELECT * FROM", name, where]
    op.execute(" ".join(copy))
    op.drop_table(name)
    create()
    columns, values = ", ".join([same, *changed]), ", ".join([same, *changed.values()])
    fill_it = ["INSERT INTO", name, "(", columns, ") SELECT", values, "FROM moved"]
    op.execute(" ".join(fill_it))
    op.drop_table("moved")


def _text(name: str, length: int = WIDTH) -> sa.Column[str]:
    return sa.Column(name, sa.String(length), nullable=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), autoincrement=False, nullable=False)


def _time(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def _records(*first: sa.Column[Any]) -> Callable[[], None]:
    def create() -> None:
        op.create_table(
            "records",
            *first,
            sa.Column("body", sa.LargeBinary(), nullable=False),
            sa.Column("charset", sa.String(64)),
            sa.Column("etag", sa.String(512)),
            sa.Column("last_modified", sa.String(128)),
            sa.Column("parser", sa.Integer(), nullable=False),
            sa.Column("record", sa.Text(), nullable=False),
            _time("read_at"),
            sa.PrimaryKeyConstraint(first[0].name, name=op.f("pk_records")),
        )

    return create


def _library_of_references() -> None:
    op.create_table(
        "library",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        _text("reference"),
        *_listed(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_library")),
        sa.UniqueConstraint("reference", name=op.f("uq_library_reference")),
    )


def _listed() -> list[sa.Column[Any]]:
    return [
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("authors", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer()),
        sa.Column("retracted", sa.Boolean(), server_default=sa.false(), nullable=False),
    ]


def _enrichments(key: sa.Column[Any]) -> Callable[[], None]:
    def create() -> None:
        op.create_table(
            "enrichments",
            key,
            sa.Column("doi", sa.Text()),
            sa.Column("retracted", sa.Boolean(), server_default=sa.false(), nullable=False),
            sa.Column("enrichment", sa.Text(), nullable=False),
            sa.PrimaryKeyConstraint(key.name, name=op.f("pk_enrichments")),
        )
        op.create_index(op.f("ix_enrichments_doi"), "enrichments", ["doi"])

    return create


def _replies(key: sa.Column[Any]) -> Callable[[], None]:
    def create() -> None:
        op.create_table(
            "replies",
            sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
            sa.Column("message_id", sa.BigInteger()),
            key,
            sa.Column("channel_id", sa.BigInteger(), nullable=False),
            sa.Column("parent_id", sa.BigInteger()),
            sa.Column("guild_id", sa.BigInteger()),
            sa.Column("poster_id", sa.BigInteger(), nullable=False),
            _time("made_at"),
            sa.Column("spoiler", sa.Boolean(), server_default=sa.false(), nullable=False),
            sa.Column("target_id", sa.BigInteger()),
            sa.PrimaryKeyConstraint("id", name=op.f("pk_replies")),
            sa.UniqueConstraint("message_id", key.name, name=op.f("uq_replies_message_id")),
        )
        for column in ("guild_id", "poster_id", "made_at", "target_id"):
            op.create_index(op.f(f"ix_replies_{column}"), "replies", [column])
        op.create_index("ix_replies_channel", "replies", ["channel_id", "made_at"])
        op.create_index("ix_replies_parent", "replies", ["parent_id", "made_at"])
        op.create_index(f"ix_replies_{key.name.removesuffix('_id')}", "replies", [key.name, "made_at"])

    return create


def _misses(key: sa.Column[Any]) -> Callable[[], None]:
    def create() -> None:
        op.create_table("misses", key, _time("until"), sa.PrimaryKeyConstraint(key.name, name=op.f("pk_misses")))
        op.create_index(op.f("ix_misses_until"), "misses", ["until"])

    return create


def _rewrite(connection: sa.Connection, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Rewrite the reference in each record's JSON."""
    for reference, stored in _each(connection, _RECORDS):
        try:
            record = json.loads(stored)
            record["reference"] = change(record["reference"])
        except (ValueError, TypeError, KeyError, RecursionError):
            continue
        connection.execute(_REWRITE, {"reference": reference, "record": json.dumps(record, ensure_ascii=False)})


def _fill(connection: sa.Connection) -> None:
    """Store the references of each record's work: the record's own, and those that were found by matching."""
    connection.execute(sa.text("INSERT INTO identifiers (reference, identifier) SELECT reference, reference FROM records"))
    for reference, stored in _each(connection, _MATCHES):
        try:
            found = json.loads(stored)
            keys = [(kind, found[key]) for kind, key in _NAMES if found["outcome"] == "match"]
        except (ValueError, TypeError, KeyError, RecursionError):
            continue
        known = [(kind, key) for kind, key in keys if isinstance(key, str) and key]
        for name in (f"{kind}:{key.lower() if kind == 'doi' else key}" for kind, key in known):
            if len(name) <= WIDTH:
                connection.execute(_NAME, {"reference": reference, "identifier": name, "matched": True})


def _each(connection: sa.Connection, query: sa.TextClause) -> Iterator[tuple[str, str]]:
    """Yield the reference and the JSON of each row of a query, reading `BATCH` rows at a time."""
    last = ""
    while rows := connection.execute(query, {"last": last, "most": BATCH}).all():
        last = rows[-1].reference
        yield from map(tuple, rows)


_NAMES = (("doi", "doi"), ("pubmed", "pmid"), ("pmc", "pmcid"))
_RECORDS = sa.text("SELECT reference, record FROM records WHERE reference > :last ORDER BY reference LIMIT :most")
_REWRITE = sa.text("UPDATE records SET record = :record WHERE reference = :reference")
_ANSWERED_OTHERS = sa.text("SELECT message_id, answered FROM reply_jobs WHERE replace(answered, 'erowid:', '') LIKE '%:%'")
_KEEP_ANSWERED = sa.text("UPDATE reply_jobs SET answered = :answered WHERE message_id = :message_id")
_MATCHES = sa.text("SELECT reference, enrichment FROM enrichments WHERE reference > :last ORDER BY reference LIMIT :most")
_NAME = sa.text("INSERT INTO identifiers (reference, identifier, matched) VALUES (:reference, :identifier, :matched)")
