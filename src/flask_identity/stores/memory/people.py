"""The administrators' list, from plain objects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from ...base.matching import name_key
from ...base.ports import PeoplePage, PeopleQuery, Row, SessionSeen, SessionsQuery

_STATUSES = ("active", "suspended", "pending", "locked")

Profiles = Mapping[Any, Row]
"""Profiles by user id."""


def page(users: Sequence[Row], profiles: Profiles, query: PeopleQuery, now: datetime, pending: bool) -> PeoplePage:
    """Return one page and the roles and names of the people on it."""

    def ordered(place: tuple[Any, Any]) -> tuple[Any, ...]:
        value, key = place
        return (value is not None, value, key) if value is not None else (False, key)  # NULL sorts lowest

    def place(user: Row) -> tuple[Any, Any]:
        return (getattr(user, query.sort) if query.prefix is None else _match(user, profiles, query)), user.id

    placed = [(place(user), user) for user in _selected(users, profiles, query, now, pending)]
    downward = query.descending != query.backwards
    placed.sort(key=lambda each: ordered(each[0]), reverse=downward)
    if query.after is not None:
        after = ordered(query.after)
        placed = [each for each in placed if (ordered(each[0]) < after if downward else ordered(each[0]) > after)]
    more = len(placed) > query.limit
    placed = placed[: query.limit]
    if query.backwards:
        placed.reverse()
    rows = [user for _, user in placed]
    before, behind = (more, True) if query.backwards else (query.after is not None, more)
    roles = {user.id: names for user in rows if (names := _roles(user))}
    named, images = _told(rows, profiles, "full_name"), _told(rows, profiles, "image")
    first, last = (placed[0][0], placed[-1][0]) if placed else (None, None)
    return PeoplePage(rows, before, behind, roles, named, images, first, last)


def tally(
    users: Sequence[Row], profiles: Profiles, query: PeopleQuery, now: datetime, pending: bool, cap: int
) -> Mapping[str, int]:
    """Count people by status, each up to `cap`."""
    asked = ((status, PeopleQuery(status, query.role, query.prefix)) for status in _STATUSES)
    return {status: min(cap, len(_selected(users, profiles, each, now, pending))) for status, each in asked}


def live_sessions(
    rows: Sequence[Row], users: Sequence[Row], profiles: Profiles, query: SessionsQuery
) -> list[SessionSeen]:
    """Return a page of everybody's sessions, and one more where there are more."""
    by_id = {user.id: user for user in users if user.active}
    found = [
        SessionSeen(
            row.id,
            row.user_id,
            user.email,
            row.kind,
            row.created_at,
            row.last_seen_at,
            row.ip,
            row.agent,
            getattr(profile, "image", None),
            getattr(profile, "full_name", None),
        )
        for row in rows
        for profile in (profiles.get(row.user_id),)
        if (user := by_id.get(row.user_id)) is not None
        and user.uniquifier == row.uniquifier
        and (query.users is None or row.user_id in query.users)
        and any(
            (row.kind, row.remember) == (kind, remember) and row.created_at > began and row.last_seen_at > seen
            for kind, remember, began, seen in query.alive
        )
    ]
    found.sort(key=lambda row: (row.created_at, row.id), reverse=not query.backwards)
    if query.after is not None:
        found = [
            row
            for row in found
            if ((row.created_at, row.id) > query.after if query.backwards else (row.created_at, row.id) < query.after)
        ]
    found = found[: query.limit + 1]
    return found[::-1] if query.backwards else found


def _selected(users: Sequence[Row], profiles: Profiles, query: PeopleQuery, now: datetime, pending: bool) -> list[Row]:
    return [
        user
        for user in users
        if query.status in (None, _status(user, now, pending))
        and (query.ids is None or user.id in query.ids)
        and (query.prefix is None or _match(user, profiles, query) is not None)
        and (query.role is None or query.role in _roles(user))
        and _changes(user, query, now)
    ]


def _changes(user: Row, query: PeopleQuery, now: datetime) -> bool:
    until = getattr(user, "locked_until", None)
    if query.changed_by_status == "suspended" and not user.active:
        return False
    if query.changed_by_status == "active" and user.active and (until is None or until <= now):
        return False
    return query.changed_by_role is None or _roles(user) != [query.changed_by_role]


def _told(users: Sequence[Row], profiles: Profiles, column: str) -> dict[Any, str]:
    return {user.id: told for user in users if (told := getattr(profiles.get(user.id), column, None))}


def _match(user: Row, profiles: Profiles, query: PeopleQuery) -> str | None:
    full_name = getattr(profiles.get(user.id), "full_name", None)
    names = (user.email, getattr(user, "username", None), name_key(full_name))
    pairs = zip(names, query.prefix or (), strict=True)
    return next((name for name, prefix in pairs if name is not None and name.startswith(prefix)), None)


def _status(user: Row, now: datetime, pending: bool) -> str:
    if not user.active:
        return "suspended"
    if pending and getattr(user, "confirmed_at", now) is None:
        return "pending"
    until = getattr(user, "locked_until", None)
    return "locked" if until is not None and until > now else "active"


def _roles(user: Row) -> list[str]:
    ranked = sorted(getattr(user, "roles", ()), key=lambda role: (-(getattr(role, "rank", 0) or 0), role.name))
    return [role.name for role in ranked]
