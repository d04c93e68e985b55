"""What Retry-After asks for (RFC 9110, 10.2.3)."""

from datetime import UTC
from email.utils import parsedate_to_datetime

LONGEST_WAIT = 24 * 3600.0
"""Seconds of it believed."""


def retry_after(value: str | None, now: float) -> float | None:
    """Read it, in seconds or as a date, as seconds up to LONGEST_WAIT; None if there is none."""
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:10]), LONGEST_WAIT)
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    date = date if date.tzinfo else date.replace(tzinfo=UTC)
    return min(max(date.timestamp() - now, 0.0), LONGEST_WAIT)
