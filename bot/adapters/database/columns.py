"""Column types that SQLAlchemy lacks: times in UTC, a reference, several references."""

from collections.abc import Iterable
from datetime import UTC, datetime

from sqlalchemy import DateTime, Dialect, String, Text
from sqlalchemy.types import TypeDecorator

from bot.core.reference import LONGEST, Reference


class Utc(TypeDecorator[datetime]):
    """A time in UTC, with its zone; SQLite itself stores no zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Convert to UTC. Raises TypeError for a time without a zone."""
        if value is not None and value.tzinfo is None:
            raise TypeError("a time without a zone")
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Restore the zone."""
        return value and (value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC))


class Written(TypeDecorator[Reference]):
    """A reference, stored as the text that `str` gives."""

    impl = String(LONGEST)
    cache_ok = True

    def process_bind_param(self, value: Reference | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Convert to text."""
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Reference | None:  # noqa: ARG002
        """Convert back. Raises ValueError for a text that is no reference."""
        return None if value is None else Reference.read(value)


class WrittenAll(TypeDecorator[tuple[Reference, ...]]):
    """A sequence of references, stored as text separated by spaces."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Iterable[Reference] | None, dialect: Dialect) -> str:  # noqa: ARG002
        """Convert to text."""
        return " ".join(map(str, value or ()))

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[Reference, ...]:  # noqa: ARG002
        """Convert back. Raises ValueError for a text that is no reference."""
        return tuple(map(Reference.read, (value or "").split()))
