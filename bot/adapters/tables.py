"""The database's tables; `migrations/` holds how they came to be. Times are UTC."""

from datetime import datetime

from sqlalchemy import DateTime, Integer, LargeBinary, MetaData, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


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
    read_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    """When the site last gave the page or said that it still holds."""
