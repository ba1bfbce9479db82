"""The derived status of a user, in SQL."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import case, literal
from sqlalchemy.sql import ColumnElement


def status_case(user: Any, now: datetime, pending: bool) -> ColumnElement[str]:
    """Return the expression that says what `user.status` says.

    Args:
        user: The mapped class; `confirmed_at` and `locked_until` are used where it has them.
        now: The time against which locks are judged.
        pending: Whether an account without confirmation counts as pending.
    """
    whens: list[tuple[ColumnElement[bool], Any]] = [(user.active.isnot(True), literal("suspended"))]
    if pending and hasattr(user, "confirmed_at"):
        whens.append((user.confirmed_at.is_(None), literal("pending")))
    if hasattr(user, "locked_until"):
        whens.append((user.locked_until > now, literal("locked")))
    return case(*whens, else_=literal("active"))
