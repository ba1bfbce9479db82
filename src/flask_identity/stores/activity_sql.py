"""The statement that counts what happened, written once for both ORMs."""

from __future__ import annotations

from collections.abc import Sequence

from ..base.ports import Kind
from .people_where import Words

HOUR = 3_600_000_000
"""Microseconds of an hour."""


def by_hour(words: Words, whats: Sequence[str], since: str, until: str) -> str:
    """Return the SELECT of (what, details, beginning of the hour, count) over a range of ids."""
    column = words.columns(Kind.ACTIVITY)
    marks = ", ".join(words.put(Kind.ACTIVITY, "what", each) for each in whats)
    # In whole numbers on each database; a division is one on SQLite and PostgreSQL alone.
    begins = f"{column['at']} - {column['at']} % {HOUR}"
    conditions = (
        f"{column['what']} IN ({marks})",
        f"{column['id']} >= {words.put(Kind.ACTIVITY, 'id', since)}",
        f"{column['id']} < {words.put(Kind.ACTIVITY, 'id', until)}",
    )
    kept = f"{column['what']}, {column['details']}"
    return (
        f"SELECT {kept}, {begins}, count(*) FROM {words.table(Kind.ACTIVITY)} "
        f"WHERE {' AND '.join(conditions)} GROUP BY {kept}, {begins}"
    )
