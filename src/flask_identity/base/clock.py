"""The one place that asks the machine what time it is."""

from __future__ import annotations

import random
import time
from datetime import UTC, datetime, timedelta


def now() -> datetime:
    """Return the current time, aware, in UTC."""
    return datetime.now(UTC)


def epoch() -> int:
    """Return the current time in whole seconds since 1970-01-01 UTC.

    The library's own tables keep times in this form: reading them converts nothing.
    """
    return int(time.time())


def micros() -> int:
    """Return the current time in whole microseconds since 1970-01-01 UTC."""
    return time.time_ns() // 1000


def from_epoch(seconds: int) -> datetime:
    """Return the aware UTC time of `seconds` since 1970-01-01 UTC."""
    return datetime.fromtimestamp(seconds, UTC)


def from_micros(micros: int) -> datetime:
    """Return the aware UTC time of `micros` microseconds since 1970-01-01 UTC."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros)


def to_micros(time: datetime) -> int:
    """Return an aware time as whole microseconds since 1970-01-01 UTC."""
    return (time - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def give_way() -> None:
    """Wait for 10 to 50 ms, so that whoever won a deadlock goes through before the loser tries again.

    Trying at once would often take the lock a second time that the winner is just waking up for.
    """
    time.sleep(random.uniform(0.01, 0.05))  # noqa: S311 - a pause, not a secret
