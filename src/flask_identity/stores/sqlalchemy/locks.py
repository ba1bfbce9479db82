"""Reads that keep others from changing what was read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import false, update

from ...base.ports import Where


def locking(session: Any, table: Any, statement: Any) -> Any:
    """Return a SELECT on a table such that nobody else changes its rows until the transaction ends."""
    if session.get_bind(clause=table).dialect.name == "sqlite":
        # SQLite has no locks of rows. A write takes the lock of the whole file, also where it finds no row.
        column = next(iter(table.columns))
        session.execute(update(table).where(false()).values({column: column}))
    return statement.with_for_update()


def by_key(statement: Any, columns: Mapping[str, Any], where: Where) -> Any:
    """Return an UPDATE such that MariaDB finds a row whose id is given by its primary key.

    It might take the index of another column in the condition, and lock that before the row. Whoever holds the row
    and is about to change that column would then wait for it, and both for ever.
    """
    if "id" not in where or not columns["id"].primary_key:
        return statement
    for dialect in ("mysql", "mariadb"):
        statement = statement.with_hint("FORCE INDEX (PRIMARY)", dialect_name=dialect)
    return statement
