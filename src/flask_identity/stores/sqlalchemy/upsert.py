"""Inserts that say what happens where a row is there already, in each database's words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import mysql, postgresql, sqlite


def unless_there(session: Any, table: Any, values: Mapping[Any, Any]) -> Any:
    """Return an INSERT that touches nothing, and counts no row, where a unique rule has the row already."""
    dialect = _dialect(session, table)
    if dialect in ("mysql", "mariadb"):
        same = next(iter(table.primary_key.columns), next(iter(values)))
        return mysql.insert(table).values(values).on_duplicate_key_update({same.name: same})
    insert: Any = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return insert(table).values(values).on_conflict_do_nothing()


def count_one(session: Any, table: Table, key: str, expires_at: int) -> Any:
    """Return the statement that counts one more under a throttle key, or makes its row with 1."""
    values = {"key": key, "count": 1, "expires_at": expires_at}
    more = {"count": table.c.count + 1}
    dialect = _dialect(session, table)
    if dialect in ("mysql", "mariadb"):
        return mysql.insert(table).values(values).on_duplicate_key_update(more)
    insert: Any = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return insert(table).values(values).on_conflict_do_update(index_elements=[table.c.key], set_=more)


def _dialect(session: Any, table: Any) -> str:
    return str(session.get_bind(clause=table).dialect.name)
