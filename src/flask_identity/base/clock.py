"""The one place that asks the machine what time it is."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """Return the current time, aware, in UTC."""
    return datetime.now(UTC)


def epoch() -> int:
    """Return the current time in whole seconds since 1970-01-01 UTC.

    The library's own tables keep times in this form: reading them converts nothing.
    """
    return int(now().timestamp())


def from_epoch(seconds: int) -> datetime:
    """Return the aware UTC time of `seconds` since 1970-01-01 UTC."""
    return datetime.fromtimestamp(seconds, UTC)
