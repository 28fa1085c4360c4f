"""The wall clock of the store; tests pass another."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    """The moment, aware, in UTC."""
    return datetime.now(UTC)
