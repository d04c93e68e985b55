"""The database's tables; `migrations/` holds their history.

IDs are Discord's snowflakes, 64 bits wide. Times are UTC. No table holds the text of a message. The full-text index has no
class here, since SQLite and PostgreSQL have nothing in common there: see `bot.adapters.stores.search_index`.
"""

from datetime import datetime
from typing import Annotated, ClassVar

from sqlalchemy import (
    BigInteger,
    Double,
    Index,
    Integer,
    MetaData,
    String,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from bot.adapters.database.columns import Utc, Written, WrittenAll
from bot.core.reference import Reference

WORDS = "library_words"
"""The full-text table; the names of SQLite's own tables behind it begin with this."""

Snowflake = Annotated[int, mapped_column(BigInteger)]
Serial = Annotated[int, mapped_column(BigInteger().with_variant(Integer, "sqlite"))]
"""A number that the database counts up: SQLite does so for INTEGER only, which is as wide there."""


class Base(DeclarativeBase):
    """All tables. Constraints are named, so that a migration can name them on every database."""

    type_annotation_map: ClassVar = {datetime: Utc, float: Double, str: Text, Reference: Written}
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
    """A page of a site, or a service's answer, and the record that a parser read from it."""

    __tablename__ = "records"

    reference: Mapped[Reference] = mapped_column(primary_key=True)
    site: Mapped[str] = mapped_column(String(32))
    """The name of the site that gave it: "Erowid"."""
    body: Mapped[bytes]
    """The page's bytes, zlib-compressed."""
    charset: Mapped[str | None] = mapped_column(String(64))
    etag: Mapped[str | None] = mapped_column(String(512))
    last_modified: Mapped[str | None] = mapped_column(String(128))
    parser: Mapped[int]
    """The version of the parser that made `record`."""
    record: Mapped[str]
    """The record as JSON."""
    read_at: Mapped[datetime]
    """When the site last sent the page or said that it has not changed."""


class LibraryRow(Base):
    """What lists show of a record; written together with `records` and the full-text table."""

    __tablename__ = "library"

    id: Mapped[Serial] = mapped_column(primary_key=True)
    """The full-text table's key."""
    reference: Mapped[Reference] = mapped_column(unique=True)
    title: Mapped[str]
    authors: Mapped[str]
    """From `bot.core.card_lines.short_authors`."""
    year: Mapped[int | None]
    retracted: Mapped[bool] = mapped_column(server_default=false())
    """Whether the record itself says that the work was retracted."""


class EnrichmentRow(Base):
    """What bibliographic services know of a record's work."""

    __tablename__ = "enrichments"

    reference: Mapped[Reference] = mapped_column(primary_key=True)
    doi: Mapped[str | None] = mapped_column(index=True)
    """In lower case."""
    retracted: Mapped[bool] = mapped_column(server_default=false())
    """Whether a service says that the work was retracted."""
    enrichment: Mapped[str]
    """The enrichment as JSON."""


class IdentifierRow(Base):
    """A name of a record's work: the record's own reference, or one at another source that leads to the same work."""

    __tablename__ = "identifiers"

    reference: Mapped[Reference] = mapped_column(primary_key=True)
    identifier: Mapped[Reference] = mapped_column(primary_key=True, index=True)
    matched: Mapped[bool] = mapped_column(server_default=false())
    """Found by matching; else the record's own source says so."""


class DailyTaskRow(Base):
    """A task that only one of the processes does, once a day. See `bot.services.enrichment_ports.DailyTask`."""

    __tablename__ = "daily_tasks"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    began_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    lease: Mapped[str] = mapped_column(String(16), server_default="")
    """Names the claim of the process that does it."""
    lease_until: Mapped[float] = mapped_column(server_default="0")
    """Seconds since 1970 by the database's clock; a task whose lease is over may be taken up."""


class GuildRow(Base):
    """A guild that the bot is or was in."""

    __tablename__ = "guilds"

    guild_id: Mapped[Snowflake] = mapped_column(primary_key=True, autoincrement=False)
    revision: Mapped[int] = mapped_column(server_default="0")
    """Counts the changes of settings. Counting locks the row, so that changes follow one another."""
    left_at: Mapped[datetime | None] = mapped_column(index=True)
    """When the bot left; None while it is a member."""
    changed_at: Mapped[float] = mapped_column(server_default="0", index=True)
    """When a setting last changed, in seconds since 1970 by the database's clock."""


class SettingRow(Base):
    """One value that moderators set."""

    __tablename__ = "settings"

    guild_id: Mapped[Snowflake] = mapped_column(primary_key=True, autoincrement=False)
    scope: Mapped[str] = mapped_column(String(8), primary_key=True)
    target_id: Mapped[Snowflake] = mapped_column(primary_key=True, autoincrement=False)
    key: Mapped[str] = mapped_column(String(32), primary_key=True)
    value: Mapped[str]
    """As JSON."""


class ChangeRow(Base):
    """One change of a setting: the history."""

    __tablename__ = "changes"
    __table_args__ = (Index("ix_changes_guild", "guild_id", "id"),)

    id: Mapped[Serial] = mapped_column(primary_key=True)
    guild_id: Mapped[Snowflake]
    scope: Mapped[str] = mapped_column(String(8))
    target_id: Mapped[Snowflake]
    key: Mapped[str] = mapped_column(String(32), index=True)
    old: Mapped[str | None]
    new: Mapped[str | None]
    """As JSON; None: not set."""
    user_id: Mapped[Snowflake | None] = mapped_column(index=True)
    """Who made the change; None after that user's data was erased."""
    at: Mapped[datetime]


class ReplyRow(Base):
    """What a message of the bot's shows of one study, a card or a pointer, and the message that it answers."""

    __tablename__ = "replies"
    __table_args__ = (
        UniqueConstraint("message_id", "reference"),
        Index("ix_replies_channel", "channel_id", "made_at"),
        Index("ix_replies_parent", "parent_id", "made_at"),
        Index("ix_replies_reference", "reference", "made_at"),
    )

    id: Mapped[Snowflake] = mapped_column(primary_key=True, autoincrement=False)
    """The bot's own message, which may show several studies."""
    message_id: Mapped[Snowflake | None]
    """None for a card that a command asked for."""
    reference: Mapped[Reference] = mapped_column(primary_key=True)
    channel_id: Mapped[Snowflake]
    parent_id: Mapped[Snowflake | None]
    """The channel that a public thread belongs to."""
    guild_id: Mapped[Snowflake | None] = mapped_column(index=True)
    poster_id: Mapped[Snowflake] = mapped_column(index=True)
    made_at: Mapped[datetime] = mapped_column(index=True)
    spoiler: Mapped[bool] = mapped_column(server_default=false())
    target_id: Mapped[Snowflake | None] = mapped_column(index=True)
    """The card that a pointer points to; None for a card."""
    position: Mapped[int] = mapped_column(server_default="0")
    """Its place among the studies of the bot's message."""
    failed: Mapped[tuple[Reference, ...]] = mapped_column(WrittenAll, server_default="")
    """References whose links failed; the same in all rows of the bot's message, as is `more`."""
    more: Mapped[int] = mapped_column(server_default="0")
    """How many other links the bot's message does not show."""


_PENDING = text("requests > completed")


class ReplyJobRow(Base):
    """What is to be done about a message with links, and who does it; kept for a day. See `bot.core.reply.ReplyJob`."""

    __tablename__ = "reply_jobs"
    __table_args__ = (Index("ix_reply_jobs_pending", "message_id", sqlite_where=_PENDING, postgresql_where=_PENDING),)

    message_id: Mapped[Snowflake] = mapped_column(primary_key=True, autoincrement=False)
    channel_id: Mapped[Snowflake]
    guild_id: Mapped[Snowflake | None] = mapped_column(index=True)
    requested_at: Mapped[datetime] = mapped_column(index=True)
    nonce_seed: Mapped[str] = mapped_column(String(24))
    requests: Mapped[int] = mapped_column(server_default="1")
    """Events about the message so far."""
    completed: Mapped[int] = mapped_column(server_default="0")
    """How many of them are dealt with; the job is pending while there are more requests."""
    accepted: Mapped[bool] = mapped_column(server_default=false())
    answered: Mapped[tuple[Reference, ...]] = mapped_column(WrittenAll, server_default="")
    mark: Mapped[str | None] = mapped_column(String(16))
    """The name of a `Mark`."""
    lease: Mapped[str] = mapped_column(String(16), server_default="", index=True)
    """Names the claim of whoever works on the message."""
    lease_until: Mapped[float] = mapped_column(server_default="0")
    """Seconds since 1970 by the database's clock; a pending job whose lease is over may be taken up."""


class PersonRow(Base):
    """A user who opted out of cards."""

    __tablename__ = "people"

    user_id: Mapped[Snowflake] = mapped_column(primary_key=True, autoincrement=False)
    opted_out_at: Mapped[datetime]


class ServiceRow(Base):
    """The state of the rate limit and the circuit of one service, such as a site or Discord's identify limit.

    Times are seconds since 1970 by the database's clock, which may be set.
    """

    __tablename__ = "turns"

    name: Mapped[str] = mapped_column(String(200), primary_key=True)
    next_free: Mapped[float] = mapped_column("next_at", server_default="0")
    last_sent: Mapped[float] = mapped_column("left_at", server_default="0")
    last_sender: Mapped[str] = mapped_column("left_by", String(32), server_default="")
    held_until: Mapped[float] = mapped_column(server_default="0")
    crawl_delay: Mapped[float] = mapped_column("delay", server_default="0")
    open_until: Mapped[float | None] = mapped_column("rest_until")
    open_seconds: Mapped[float] = mapped_column("rest_seconds", server_default="0")
    open_error: Mapped[str] = mapped_column("rest_why", String(32), server_default="")
    open_reason: Mapped[str] = mapped_column("rest_reason", server_default="")


class MissRow(Base):
    """A record that the site does not have, and how long we rely on that."""

    __tablename__ = "misses"

    reference: Mapped[Reference] = mapped_column(primary_key=True)
    until: Mapped[datetime] = mapped_column(index=True)


class UnreadablePageRow(Base):
    """A page that should have shown a record and could not be read: the last of each record. See `UnreadablePage`."""

    __tablename__ = "unreadable_pages"

    site: Mapped[str] = mapped_column(String(32), primary_key=True)
    reference: Mapped[Reference] = mapped_column(primary_key=True)
    url: Mapped[str]
    reason: Mapped[str]
    parser: Mapped[int]
    at: Mapped[datetime]
    charset: Mapped[str | None] = mapped_column(String(64))
    read_since: Mapped[bool] = mapped_column(server_default=false())
    """Whether a later page of the site could be read."""
    told: Mapped[bool] = mapped_column(server_default=false())
    """Whether the host knows that pages of the site cannot be read."""
    body: Mapped[bytes]
    """The page's bytes, zlib-compressed. It is the last column, so that SQLite need not read it to find another one."""


def is_described(name: str | None, kind: str, _parents: object) -> bool:
    """Whether a class here describes an object of the database: Alembic's `include_name`."""
    return kind != "table" or name is None or not name.startswith(WORDS)
