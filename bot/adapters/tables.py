"""The database's tables; `migrations/` holds how they came to be.

IDs are Discord's snowflakes, 64 bits wide. Times are UTC. No text of a message is in any of them. What the two databases
search words by has no class here, since they have nothing in common there: `bot.adapters.words` knows both.
"""

from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    DateTime,
    Dialect,
    Double,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Text,
    false,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
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


class Base(DeclarativeBase):
    """All tables; constraints are named, so that a migration can name them on every database."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class RecordRow(Base):
    """A page that was read, and the record that a parser read from it."""

    __tablename__ = "records"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    """The reference."""
    body: Mapped[bytes] = mapped_column(LargeBinary)
    """The page's bytes, zlib-compressed."""
    charset: Mapped[str | None] = mapped_column(String(64))
    etag: Mapped[str | None] = mapped_column(String(512))
    last_modified: Mapped[str | None] = mapped_column(String(128))
    parser: Mapped[int] = mapped_column(Integer)
    """The version of the parser that made `record`."""
    record: Mapped[str] = mapped_column(Text)
    """The record as JSON."""
    read_at: Mapped[datetime] = mapped_column(Utc)
    """When the site last gave the page or said that it still holds."""


class LibraryRow(Base):
    """What a list shows of a record that was read; written whenever `records` is, with its words in WORDS."""

    __tablename__ = "library"

    record_id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    title: Mapped[str] = mapped_column(Text)
    authors: Mapped[str] = mapped_column(Text)
    """As `bot.core.wording.short_authors` gives them."""
    year: Mapped[int | None] = mapped_column(Integer)


class GuildRow(Base):
    """A guild that the bot is or was in."""

    __tablename__ = "guilds"

    guild_id: Mapped[int] = mapped_column(Snowflake, primary_key=True, autoincrement=False)
    revision: Mapped[int] = mapped_column(Integer, server_default="0")
    """Goes up by one with each change of settings, which locks the row: so changes follow each other, and a process can tell
    what it has not seen. 0: never any."""
    left_at: Mapped[datetime | None] = mapped_column(Utc, index=True)
    """When the bot left; None while it is there."""
    changed_at: Mapped[float] = mapped_column(Double, server_default="0", index=True)
    """When a setting last changed, in seconds since 1970 by the database's clock."""


class SettingRow(Base):
    """One value that moderators chose."""

    __tablename__ = "settings"

    guild_id: Mapped[int] = mapped_column(Snowflake, primary_key=True, autoincrement=False)
    scope: Mapped[str] = mapped_column(String(8), primary_key=True)
    target_id: Mapped[int] = mapped_column(Snowflake, primary_key=True, autoincrement=False)
    key: Mapped[str] = mapped_column(String(32), primary_key=True)
    value: Mapped[str] = mapped_column(Text)
    """As JSON."""


class ChangeRow(Base):
    """One change of a setting: the history."""

    __tablename__ = "changes"
    __table_args__ = (Index("ix_changes_guild", "guild_id", "id"),)

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    guild_id: Mapped[int] = mapped_column(Snowflake)
    scope: Mapped[str] = mapped_column(String(8))
    target_id: Mapped[int] = mapped_column(Snowflake)
    key: Mapped[str] = mapped_column(String(32), index=True)
    old: Mapped[str | None] = mapped_column(Text)
    new: Mapped[str | None] = mapped_column(Text)
    """As JSON; None: not chosen there."""
    user_id: Mapped[int | None] = mapped_column(Snowflake, index=True)
    """Who; None once they had themselves erased."""
    at: Mapped[datetime] = mapped_column(Utc)


class CardRow(Base):
    """A card that the bot sent, and the message that it answers."""

    __tablename__ = "cards"
    __table_args__ = (
        Index("ix_cards_channel", "channel_id", "made_at"),
        Index("ix_cards_parent", "parent_id", "made_at"),
    )

    card_id: Mapped[int] = mapped_column(Snowflake, primary_key=True, autoincrement=False)
    """The bot's own message."""
    message_id: Mapped[int | None] = mapped_column(Snowflake, index=True)
    """None for a card that a command asked for."""
    record_id: Mapped[int] = mapped_column(Integer)
    channel_id: Mapped[int] = mapped_column(Snowflake)
    parent_id: Mapped[int | None] = mapped_column(Snowflake)
    """The channel that a thread belongs to."""
    guild_id: Mapped[int | None] = mapped_column(Snowflake, index=True)
    poster_id: Mapped[int] = mapped_column(Snowflake, index=True)
    made_at: Mapped[datetime] = mapped_column(Utc, index=True)
    spoiler: Mapped[bool] = mapped_column(server_default=false())
    pointer: Mapped[bool] = mapped_column(server_default=false())
    """A line that links to an earlier card, in place of a card."""
    target_id: Mapped[int | None] = mapped_column(Snowflake, index=True)
    """The card that a pointer points to."""


class PromiseRow(Base):
    """A message with links that the bot took up; for a day, so that it is answered once."""

    __tablename__ = "promises"

    message_id: Mapped[int] = mapped_column(Snowflake, primary_key=True, autoincrement=False)
    channel_id: Mapped[int] = mapped_column(Snowflake)
    guild_id: Mapped[int | None] = mapped_column(Snowflake, index=True)
    made_at: Mapped[datetime] = mapped_column(Utc, index=True)
    kept_at: Mapped[datetime | None] = mapped_column(Utc)
    """None while there is something to do."""
    salt: Mapped[str] = mapped_column(String(24))
    version: Mapped[int] = mapped_column(BigInteger)
    links: Mapped[str] = mapped_column(String(16))
    """A digest."""

    # Of these alone on PostgreSQL, too: to say so here would import its dialect at every start.
    __table_args__ = (Index("ix_promises_unkept", "message_id", sqlite_where=text("kept_at IS NULL")),)


class PersonRow(Base):
    """Somebody who wants no cards for their links."""

    __tablename__ = "people"

    user_id: Mapped[int] = mapped_column(Snowflake, primary_key=True, autoincrement=False)
    opted_out_at: Mapped[datetime] = mapped_column(Utc)


class TurnRow(Base):
    """Whose turn it is at something that all processes share: a site, a bucket of identifies.

    Times are seconds since 1970 by the database's clock, which may be set.
    """

    __tablename__ = "turns"

    name: Mapped[str] = mapped_column(String(200), primary_key=True)
    next_at: Mapped[float] = mapped_column(Double, server_default="0")
    """The first time that nobody reserved."""
    left_at: Mapped[float] = mapped_column(Double, server_default="0")
    """When the last request left."""
    left_by: Mapped[str] = mapped_column(String(32), server_default="")
    """Which one that was."""
    held_until: Mapped[float] = mapped_column(Double, server_default="0")
    delay: Mapped[float] = mapped_column(Double, server_default="0")
    """Seconds between two requests that the site's robots.txt asks for."""
    rest_until: Mapped[float | None] = mapped_column(Double)
    """Until when it is left in peace, or the request that tries has time; None: it is not."""
    rest_seconds: Mapped[float] = mapped_column(Double, server_default="0")
    rest_why: Mapped[str] = mapped_column(String(32), server_default="")
    """The name of an error of `bot.core.errors`."""
    rest_reason: Mapped[str] = mapped_column(Text, server_default="")


class MissRow(Base):
    """A record that the site has not, and until when that is believed."""

    __tablename__ = "misses"

    record_id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    until: Mapped[datetime] = mapped_column(Utc, index=True)


def is_described(name: str | None, kind: str, _parents: object) -> bool:
    """Whether a class here describes a thing of the database: Alembic's `include_name`."""
    return kind != "table" or name is None or not name.startswith(WORDS)
