"""What the instances that a session has loaded know of the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import inspect

from .unit import is_open


def as_stored(session: Any) -> Mapping[str, Any]:
    """Return the options with which a SELECT refreshes rows that are loaded already; what the application has changed
    on some of them is not overwritten."""
    if is_open(session):
        session.flush()
    return {"populate_existing": not session.dirty}


def forget(session: Any, cls: Any, names: Sequence[str]) -> None:
    """Expire attributes that were changed below the ORM, on every loaded instance of a class; no names means all."""
    for row in list(session.identity_map.values()):
        if isinstance(row, cls):
            mapped = inspect(type(row)).attrs
            session.expire(row, [name for name in names if name in mapped] or None)
