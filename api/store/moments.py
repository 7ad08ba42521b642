"""The time, in UTC."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    """The moment that it is, in UTC."""
    return datetime.now(UTC)
