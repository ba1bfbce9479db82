"""Rows in and out: instances of the application's classes, and plain objects for the library's own tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

from pony.orm import core

from ...base.errors import Taken
from ...base.ports import Kind, Row, Where
from ...models.pony.columns import SQLITE
from ..made import instance
from . import loaded
from .session import Sessions
from .statements import Table, Values, condition


def read(sessions: Sessions, table: Table, where: Where, tail: str = "", lock: bool = False) -> list[Row]:
    """Return the rows that match, as the database has them now.

    Args:
        sessions: What is under way.
        table: The table.
        where: Conditions that all must hold.
        tail: What comes behind the conditions: order and limit.
        lock: Whether others are kept from changing them until the transaction ends.
    """
    values = Values()
    sql = f"SELECT {table.every()} FROM {table.sql}{condition(table, where, values)}{tail}"
    if lock:
        sessions.begin()  # on SQLite this takes the whole file
        sql += "" if sessions.db.provider.dialect == SQLITE else " FOR UPDATE"
    return select(sessions, table, sql, values)


def select(sessions: Sessions, table: Table, sql: str, values: Values) -> list[Row]:
    """Run a SELECT of all columns of a table and return its rows."""
    if not table.instances:
        found = sessions.read(sql, values.given)
        return [
            SimpleNamespace(**{n: c.read(value) for (n, c), value in zip(table.columns.items(), row, strict=True)})
            for row in found
        ]
    sessions.db.flush()
    loaded.unchecked(sessions.cache, table.entity)
    rows: list[Row] = table.entity.select_by_sql(sql, {}, values.given)
    loaded.forget_roles(rows)
    return rows


def made(sessions: Sessions, kind: Kind, table: Table, values: Mapping[str, Any]) -> Row:
    """Insert an instance of the application's class and return it.

    Raises:
        Taken: where a user has a profile already.
    """
    columns = table.columns
    given = {name: columns[name].fitting(value) if name in columns else value for name, value in values.items()}
    if kind is Kind.PROFILE:
        given["user"] = given.pop("user_id")
    with loaded.undecided(sessions.cache, table.entity, given):
        try:
            row = instance(table.entity, given, columns)
        except (core.ConstraintError, core.CacheIndexError):
            if kind is not Kind.PROFILE:
                raise
            raise Taken(kind, "user_id") from None  # Pony has looked for one that is there
        sessions.db.flush()
    return row


def removed(sessions: Sessions, rows: Sequence[Row]) -> int:
    """Delete instances through Pony, so that the application's own cascades run; return how many."""
    for row in rows:
        row.delete()
    sessions.db.flush()
    return len(rows)
