"""The database's tables; `migrations/` holds how they came to be.

IDs are Discord's snowflakes, 64 bits wide. Times are UTC. No text of a message is in any of them. What the two databases
search words by has no class here, since they have nothing in common there: `bot.adapters.stores.full_text` knows both.
"""

from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnClause,
    DateTime,
    Dialect,
    Double,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.types import TypeDecorator

WORDS = "library_words"
"""The table that words are searched by, and what the names of SQLite's tables behind it begin with."""

Snowflake = BigInteger
Serial = BigInteger().with_variant(Integer, "sqlite")
"""A number that the database counts up: SQLite counts in its INTEGER only, which is as wide."""


class Utc(TypeDecorator[datetime]):
    """A time with its zone, which is UTC; SQLite keeps none."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Turn any zone's time into UTC's; a time without a zone is an error of the program."""
        if value is not None and value.tzinfo is None:
            raise TypeError("a time without a zone")
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Give the time in UTC."""
        return value and (value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC))


class Base:
    """All tables, of SQLAlchemy's Core: the ORM would cost each start and each statement time, and nothing uses it.

    A class stands for its table wherever SQLAlchemy takes one, and its attributes are the columns. Constraints are named, so
    that a migration can name them on every database.
    """

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    __tablename__: ClassVar[str]
    __table_args__: ClassVar[tuple[Any, ...]] = ()
    __table__: ClassVar[Table]

    def __init_subclass__(cls) -> None:
        """Make the table."""
        columns = {name: column for name, column in vars(cls).items() if isinstance(column, Column)}
        for name, column in columns.items():
            column.name = column.key = name
        cls.__table__ = Table(cls.__tablename__, cls.metadata, *columns.values(), *cls.__table_args__)

    @classmethod
    def __clause_element__(cls) -> Table:
        """Give what SQLAlchemy takes the class for."""
        return cls.__table__


class RecordRow(Base):
    """A page that was read, and the record that a parser read from it."""

    __tablename__ = "records"

    id: ColumnClause[int] = Column(Integer, primary_key=True, autoincrement=False)
    """The reference."""
    body: ColumnClause[bytes] = Column(LargeBinary, nullable=False)
    """The page's bytes, zlib-compressed."""
    charset: ColumnClause[str | None] = Column(String(64))
    etag: ColumnClause[str | None] = Column(String(512))
    last_modified: ColumnClause[str | None] = Column(String(128))
    parser: ColumnClause[int] = Column(Integer, nullable=False)
    """The version of the parser that made `record`."""
    record: ColumnClause[str] = Column(Text, nullable=False)
    """The record as JSON."""
    read_at: ColumnClause[datetime] = Column(Utc, nullable=False)
    """When the site last gave the page or said that it still holds."""


class LibraryRow(Base):
    """What a list shows of a record that was read; written whenever `records` is, with its words in WORDS."""

    __tablename__ = "library"

    record_id: ColumnClause[int] = Column(Integer, primary_key=True, autoincrement=False)
    title: ColumnClause[str] = Column(Text, nullable=False)
    authors: ColumnClause[str] = Column(Text, nullable=False)
    """As `bot.core.wording.short_authors` gives them."""
    year: ColumnClause[int | None] = Column(Integer)


class GuildRow(Base):
    """A guild that the bot is or was in."""

    __tablename__ = "guilds"

    guild_id: ColumnClause[int] = Column(Snowflake, primary_key=True, autoincrement=False)
    revision: ColumnClause[int] = Column(Integer, server_default="0", nullable=False)
    """Goes up by one with each change of settings, which locks the row: so changes follow each other, and a process can tell
    what it has not seen. 0: never any."""
    left_at: ColumnClause[datetime | None] = Column(Utc, index=True)
    """When the bot left; None while it is there."""
    changed_at: ColumnClause[float] = Column(Double, server_default="0", index=True, nullable=False)
    """When a setting last changed, in seconds since 1970 by the database's clock."""


class SettingRow(Base):
    """One value that moderators chose."""

    __tablename__ = "settings"

    guild_id: ColumnClause[int] = Column(Snowflake, primary_key=True, autoincrement=False)
    scope: ColumnClause[str] = Column(String(8), primary_key=True)
    target_id: ColumnClause[int] = Column(Snowflake, primary_key=True, autoincrement=False)
    key: ColumnClause[str] = Column(String(32), primary_key=True)
    value: ColumnClause[str] = Column(Text, nullable=False)
    """As JSON."""


class ChangeRow(Base):
    """One change of a setting: the history."""

    __tablename__ = "changes"
    __table_args__ = (Index("ix_changes_guild", "guild_id", "id"),)

    id: ColumnClause[int] = Column(Serial, primary_key=True)
    guild_id: ColumnClause[int] = Column(Snowflake, nullable=False)
    scope: ColumnClause[str] = Column(String(8), nullable=False)
    target_id: ColumnClause[int] = Column(Snowflake, nullable=False)
    key: ColumnClause[str] = Column(String(32), index=True, nullable=False)
    old: ColumnClause[str | None] = Column(Text)
    new: ColumnClause[str | None] = Column(Text)
    """As JSON; None: not chosen there."""
    user_id: ColumnClause[int | None] = Column(Snowflake, index=True)
    """Who; None once they had themselves erased."""
    at: ColumnClause[datetime] = Column(Utc, nullable=False)


class ReplyRow(Base):
    """A message that the bot sent, a card or a pointer, and the message that it answers."""

    __tablename__ = "replies"
    __table_args__ = (
        UniqueConstraint("message_id", "record_id"),
        Index("ix_replies_channel", "channel_id", "made_at"),
        Index("ix_replies_parent", "parent_id", "made_at"),
    )

    id: ColumnClause[int] = Column(Snowflake, primary_key=True, autoincrement=False)
    """The bot's own message."""
    message_id: ColumnClause[int | None] = Column(Snowflake)
    """NULL for a card that a command asked for."""
    record_id: ColumnClause[int] = Column(Integer, nullable=False)
    channel_id: ColumnClause[int] = Column(Snowflake, nullable=False)
    parent_id: ColumnClause[int | None] = Column(Snowflake)
    """The channel that a public thread belongs to."""
    guild_id: ColumnClause[int | None] = Column(Snowflake, index=True)
    poster_id: ColumnClause[int] = Column(Snowflake, index=True, nullable=False)
    made_at: ColumnClause[datetime] = Column(Utc, index=True, nullable=False)
    spoiler: ColumnClause[bool] = Column(Boolean, server_default=false(), nullable=False)
    target_id: ColumnClause[int | None] = Column(Snowflake, index=True)
    """The card that a pointer points to; NULL for a card."""


class ReplyJobRow(Base):
    """What is to be done about a message with links, and who does it; kept for a day. See `bot.core.reply.ReplyJob`."""

    __tablename__ = "reply_jobs"

    message_id: ColumnClause[int] = Column(Snowflake, primary_key=True, autoincrement=False)
    channel_id: ColumnClause[int] = Column(Snowflake, nullable=False)
    guild_id: ColumnClause[int | None] = Column(Snowflake, index=True)
    requested_at: ColumnClause[datetime] = Column(Utc, index=True, nullable=False)
    nonce_seed: ColumnClause[str] = Column(String(24), nullable=False)
    requests: ColumnClause[int] = Column(Integer, server_default="1", nullable=False)
    """Events about the message so far."""
    completed: ColumnClause[int] = Column(Integer, server_default="0", nullable=False)
    """How many of them are dealt with; the job is pending while there are more requests."""
    accepted: ColumnClause[bool] = Column(Boolean, server_default=false(), nullable=False)
    answered: ColumnClause[str] = Column(Text, server_default="", nullable=False)
    """IDs of records, separated by spaces."""
    mark: ColumnClause[str | None] = Column(String(16))
    """The name of a `Mark`."""
    lease: ColumnClause[str] = Column(String(16), server_default="", index=True, nullable=False)
    """Names the claim of whoever works on the message."""
    lease_until: ColumnClause[float] = Column(Double, server_default="0", nullable=False)
    """Seconds since 1970 by the database's clock; a pending job whose lease is over may be taken up."""

    # PostgreSQL's index is partial, too; to say so here would import its dialect.
    __table_args__ = (Index("ix_reply_jobs_pending", "message_id", sqlite_where=text("requests > completed")),)


class PersonRow(Base):
    """Somebody who wants no cards for their links."""

    __tablename__ = "people"

    user_id: ColumnClause[int] = Column(Snowflake, primary_key=True, autoincrement=False)
    opted_out_at: ColumnClause[datetime] = Column(Utc, nullable=False)


class TurnRow(Base):
    """Whose turn it is at something that all processes share: a site, a bucket of identifies.

    Times are seconds since 1970 by the database's clock, which may be set.
    """

    __tablename__ = "turns"

    name: ColumnClause[str] = Column(String(200), primary_key=True)
    next_at: ColumnClause[float] = Column(Double, server_default="0", nullable=False)
    """The first time that nobody reserved."""
    left_at: ColumnClause[float] = Column(Double, server_default="0", nullable=False)
    """When the last request left."""
    left_by: ColumnClause[str] = Column(String(32), server_default="", nullable=False)
    """Which one that was."""
    held_until: ColumnClause[float] = Column(Double, server_default="0", nullable=False)
    delay: ColumnClause[float] = Column(Double, server_default="0", nullable=False)
    """Seconds between two requests that the site's robots.txt asks for."""
    rest_until: ColumnClause[float | None] = Column(Double)
    """Until when it is left in peace, or the request that tries has time; None: it is not."""
    rest_seconds: ColumnClause[float] = Column(Double, server_default="0", nullable=False)
    rest_why: ColumnClause[str] = Column(String(32), server_default="", nullable=False)
    """The name of an error of `bot.core.errors`."""
    rest_reason: ColumnClause[str] = Column(Text, server_default="", nullable=False)


class MissRow(Base):
    """A record that the site has not, and until when that is believed."""

    __tablename__ = "misses"

    record_id: ColumnClause[int] = Column(Integer, primary_key=True, autoincrement=False)
    until: ColumnClause[datetime] = Column(Utc, index=True, nullable=False)


def is_described(name: str | None, kind: str, _parents: object) -> bool:
    """Whether a class here describes a thing of the database: Alembic's `include_name`."""
    return kind != "table" or name is None or not name.startswith(WORDS)
