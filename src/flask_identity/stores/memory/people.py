"""The administrators' list, from plain objects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from ...base.ports import PeoplePage, PeopleQuery, Row

_STATUSES = ("active", "suspended", "pending", "locked")


def page(users: Sequence[Row], query: PeopleQuery, now: datetime, pending: bool) -> PeoplePage:
    """Return one page and the roles of the people on it."""

    def place(value: Any, key: Any) -> tuple[Any, ...]:
        return (value is not None, value, key) if value is not None else (False, key)  # NULL sorts lowest

    placed = [(place(getattr(user, query.sort), user.id), user) for user in _selected(users, query, now, pending)]
    placed.sort(key=lambda each: each[0], reverse=query.descending != query.backwards)
    if query.after is not None:
        after, downward = place(*query.after), query.descending != query.backwards
        placed = [each for each in placed if (each[0] < after if downward else each[0] > after)]
    rows = [user for _, user in placed[: query.limit]]
    more = len(placed) > query.limit
    if query.backwards:
        rows.reverse()
    before, behind = (more, True) if query.backwards else (query.after is not None, more)
    return PeoplePage(rows, before, behind, {user.id: names for user in rows if (names := _names(user))})


def tally(users: Sequence[Row], query: PeopleQuery, now: datetime, pending: bool, cap: int) -> Mapping[str, int]:
    """Count people by status, each up to `cap`."""
    asked = ((status, PeopleQuery(status, query.role, query.prefix)) for status in _STATUSES)
    return {status: min(cap, len(_selected(users, each, now, pending))) for status, each in asked}


def _selected(users: Sequence[Row], query: PeopleQuery, now: datetime, pending: bool) -> list[Row]:
    return [
        user
        for user in users
        if query.status in (None, _status(user, now, pending))
        and user.email.startswith(query.prefix or "")
        and (query.role is None or query.role in _names(user))
    ]


def _status(user: Row, now: datetime, pending: bool) -> str:
    if not user.active:
        return "suspended"
    if pending and getattr(user, "confirmed_at", now) is None:
        return "pending"
    until = getattr(user, "locked_until", None)
    return "locked" if until is not None and until > now else "active"


def _names(user: Row) -> list[str]:
    ranked = sorted(getattr(user, "roles", ()), key=lambda role: (-(getattr(role, "rank", 0) or 0), role.name))
    return [role.name for role in ranked]
