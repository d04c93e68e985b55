"""The database's tables; `migrations/` holds their history.

IDs are Discord's snowflakes, 64 bits wide. Times are UTC. No table holds the text of a message. The full-text index has no
class here, since SQLite and PostgreSQL each have their own form of it: see `bot.adapters.stores.search_index`.
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
"""The name of the full-text table; the names of the tables that SQLite keeps for it begin with this."""

Snowflake = Annotated[int, mapped_column(BigInteger)]
Serial = Annotated[int, mapped_column(BigInteger().with_variant(Integer, "sqlite"))]
"""An automatic number; on SQLite its type is INTEGER (64 bits), since SQLite numbers no other type."""


class Base(DeclarativeBase):
    """The base of all tables. Constraints have names, so that a migration can refer to them on every database."""

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
    """The name of the site that sent the page: "Erowid"."""
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
    """A record's entry for lists; written together with `records` and the full-text table."""

    __tablename__ = "library"

    id: Mapped[Serial] = mapped_column(primary_key=True)
    """The key of the record's row in the full-text table."""
    reference: Mapped[Reference] = mapped_column(unique=True)
    title: Mapped[str]
    authors: Mapped[str]
    """The authors as `bot.core.card_lines.short_authors` gives them."""
    year: Mapped[int | None]
    retracted: Mapped[bool] = mapped_column(server_default=false())
    """Whether the record itself says that the work was retracted."""


class EnrichmentRow(Base):
    """The enrichment of a record: what bibliographic services know of its work."""

    __tablename__ = "enrichments"

    reference: Mapped[Reference] = mapped_column(primary_key=True)
    doi: Mapped[str | None] = mapped_column(index=True)
    """The work's DOI in lower case."""
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
    """Whether it was found by matching; else the record's own source states it."""


class DailyTaskRow(Base):
    """A task that only one of the processes does, once a day. See `bot.services.enrichment_ports.DailyTask`."""

    __tablename__ = "daily_tasks"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    began_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    lease: Mapped[str] = mapped_column(String(16), server_default="")
    """The name of the claim of the process that does the task; empty without one."""
    lease_until: Mapped[float] = mapped_column(server_default="0")
    """Seconds since 1970 by the database's clock; a task whose lease is over may be taken up."""


class GuildRow(Base):
    """A guild that the bot is or was in."""

    __tablename__ = "guilds"

    guild_id: Mapped[Snowflake] = mapped_column(primary_key=True, autoincrement=False)
    revision: Mapped[int] = mapped_column(server_default="0")
    """The number of changes of settings. Increasing it locks the row, so that changes come one after the other."""
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
    """The value as JSON."""


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
    """The new value as JSON; None if it was unset."""
    user_id: Mapped[Snowflake | None] = mapped_column(index=True)
    """The user who made the change; None after that user's data was erased."""
    at: Mapped[datetime]


class ReplyRow(Base):
    """A reply, which is a card or a pointer in a message of the bot. See `bot.core.reply.Reply`."""

    __tablename__ = "replies"
    __table_args__ = (
        UniqueConstraint("message_id", "reference"),
        Index("ix_replies_channel", "channel_id", "made_at"),
        Index("ix_replies_parent", "parent_id", "made_at"),
        Index("ix_replies_reference", "reference", "made_at"),
    )

    id: Mapped[Snowflake] = mapped_column(primary_key=True, autoincrement=False)
    """The ID of the bot's message, which may show several studies."""
    message_id: Mapped[Snowflake | None]
    """The message that it replies to; None for a card that a command asked for."""
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
    """The index of the study in the bot's message."""
    failed: Mapped[tuple[Reference, ...]] = mapped_column(WrittenAll, server_default="")
    """References whose links failed; the same in all rows of the bot's message, as is `more`."""
    more: Mapped[int] = mapped_column(server_default="0")
    """The number of further links that the bot's message does not show."""


_PENDING = text("requests > completed")


class ReplyJobRow(Base):
    """The job of a message with links, kept for a day. See `bot.core.reply.ReplyJob`."""

    __tablename__ = "reply_jobs"
    __table_args__ = (Index("ix_reply_jobs_pending", "message_id", sqlite_where=_PENDING, postgresql_where=_PENDING),)

    message_id: Mapped[Snowflake] = mapped_column(primary_key=True, autoincrement=False)
    channel_id: Mapped[Snowflake]
    guild_id: Mapped[Snowflake | None] = mapped_column(index=True)
    requested_at: Mapped[datetime] = mapped_column(index=True)
    nonce_seed: Mapped[str] = mapped_column(String(24))
    requests: Mapped[int] = mapped_column(server_default="1")
    """The number of events about the message so far."""
    completed: Mapped[int] = mapped_column(server_default="0")
    """The number of events that are done; the job is pending while `requests` is greater."""
    accepted: Mapped[bool] = mapped_column(server_default=false())
    answered: Mapped[tuple[Reference, ...]] = mapped_column(WrittenAll, server_default="")
    mark: Mapped[str | None] = mapped_column(String(16))
    """The name of a `Mark`."""
    lease: Mapped[str] = mapped_column(String(16), server_default="", index=True)
    """The name of the claim of the task that works on the message; empty without one."""
    lease_until: Mapped[float] = mapped_column(server_default="0")
    """Seconds since 1970 by the database's clock; a pending job whose lease is over may be taken up."""


class PersonRow(Base):
    """A user who opted out of cards."""

    __tablename__ = "people"

    user_id: Mapped[Snowflake] = mapped_column(primary_key=True, autoincrement=False)
    opted_out_at: Mapped[datetime]


class ServiceRow(Base):
    """The state of the rate limit and the circuit of one service, such as a site or Discord's identify limit.

    Times are seconds since 1970 by the database's clock, which may be set back.
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
    """A record that the site does not have, and until when it is not asked for again."""

    __tablename__ = "misses"

    reference: Mapped[Reference] = mapped_column(primary_key=True)
    until: Mapped[datetime] = mapped_column(index=True)


class UnreadablePageRow(Base):
    """A page that should have shown a record but could not be read; the latest of each record. See `UnreadablePage`."""

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
    """The page's bytes, zlib-compressed. It is the last column, so that SQLite can read the others without it."""


def is_described(name: str | None, kind: str, _parents: object) -> bool:
    """Whether a class here describes an object of the database; for Alembic's `include_name`."""
    return kind != "table" or name is None or not name.startswith(WORDS)
