"""What the administrators' list filters by, in SQL for both ORMs. The users' table is `u` in it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from ..base.ports import Kind, PeopleQuery


class Words(Protocol):
    """How a store writes names and values. One for each statement: it collects the values."""

    dialect: str
    """`sqlite`, `postgresql` or `mysql`."""

    def table(self, kind: Kind) -> str:
        """Return the quoted name of a table."""

    def columns(self, kind: Kind) -> Mapping[str, str]:
        """Return the quoted names of a table's columns by attribute; empty where there is no such table."""

    def nullable(self, column: str) -> bool:
        """Say whether a column of users may be NULL."""

    def put(self, kind: Kind, column: str, value: Any) -> str:
        """Take in a value of a column; return what stands for it."""


def filters(words: Words, query: PeopleQuery, now: datetime, pending: bool) -> list[str]:
    """Return the conditions of a query but its prefix."""
    found = _status(words, query.status, now, pending) if query.status is not None else []
    found += _changed(words, query, now)
    if query.ids is not None:
        marks = ", ".join(words.put(Kind.USER, "id", each) for each in query.ids)
        found.append(f"u.{words.columns(Kind.USER)['id']} IN ({marks})" if marks else "1 = 0")
    members = words.columns(Kind.MEMBERSHIP)
    if query.role is not None and not members:
        found.append("1 = 0")
    elif query.role is not None:
        # Looked up for each person: as `IN` it would be where a search begins, and be out of order.
        pair = f"m.{members['user_id']} = u.{words.columns(Kind.USER)['id']}"
        of_role = f"m.{members['role_id']} = {role_id(words, query.role)}"
        found.append(f"EXISTS (SELECT 1 FROM {words.table(Kind.MEMBERSHIP)} m WHERE {pair} AND {of_role})")
    return found


def _status(words: Words, status: str, now: datetime, pending: bool) -> list[str]:
    columns = {name: f"u.{column}" for name, column in words.columns(Kind.USER).items()}
    active, asks = columns["active"], pending and "confirmed_at" in columns
    if status == "suspended":
        return [f"({active} = {words.put(Kind.USER, 'active', False)} OR {active} IS NULL)"]
    if status == "pending" and not asks:
        return ["1 = 0"]
    yes = words.put(Kind.USER, "active", True)
    found = [f"{active} = {yes}"]
    # Not by an index of `active`, which nearly everybody is, but by one of what few are.
    rare = [f"({active} = {yes}) = {yes}"]
    if status == "pending":
        return [*rare, f"{columns['confirmed_at']} IS NULL"]
    found = rare if status == "locked" else found
    if asks:
        found.append(f"{columns['confirmed_at']} IS NOT NULL")
    until = columns.get("locked_until")
    if until is None:
        return found if status == "active" else [*found, "1 = 0"]
    at = words.put(Kind.USER, "locked_until", now)
    return [*found, f"{until} > {at}" if status == "locked" else f"({until} IS NULL OR {until} <= {at})"]


def _changed(words: Words, query: PeopleQuery, now: datetime) -> list[str]:
    found = []
    columns = {name: f"u.{column}" for name, column in words.columns(Kind.USER).items()}
    if query.changed_by_status is not None:
        active = f"{columns['active']} = {words.put(Kind.USER, 'active', True)}"
        found.append(active)
        if query.changed_by_status == "active":
            until = columns.get("locked_until")
            locked = f" OR {until} > {words.put(Kind.USER, 'locked_until', now)}" if until else ""
            found = [f"({columns['active']} IS NULL OR NOT {active}{locked})"]
    if query.changed_by_role is not None:
        found.append(f"NOT {_unchanged_role(words, query.changed_by_role)}")
    return found


def _unchanged_role(words: Words, name: str) -> str:
    members, user = words.columns(Kind.MEMBERSHIP), f"u.{words.columns(Kind.USER)['id']}"
    if not members:
        return "1 = 1"
    table, of = words.table(Kind.MEMBERSHIP), f"m.{members['user_id']} = {user}"
    this = f"m.{members['role_id']} = {role_id(words, name)}"
    return (
        f"(EXISTS (SELECT 1 FROM {table} m WHERE {of} AND {this})"
        f" AND NOT EXISTS (SELECT 1 FROM {table} m WHERE {of} AND NOT {this}))"
    )


def role_id(words: Words, name: str) -> str:
    """Return the id of a role as a subquery."""
    roles = words.columns(Kind.ROLE)
    wanted = f"r.{roles['name']} = {words.put(Kind.ROLE, 'name', name)}"
    return f"(SELECT r.{roles['id']} FROM {words.table(Kind.ROLE)} r WHERE {wanted})"
