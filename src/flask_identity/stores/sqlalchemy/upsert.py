"""Inserts that say what happens where a row is there already, in each database's words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Table, func
from sqlalchemy.dialects import mysql, postgresql, sqlite

_WAS_THERE = 2**63 - 1


def unless_there(session: Any, table: Any, values: Mapping[Any, Any]) -> bool:
    """Insert a row and return True; where a unique rule has the row already, change nothing and return False."""
    dialect = _dialect(session, table)
    if dialect in ("mysql", "mariadb"):
        same = next(iter(table.primary_key.columns), next(iter(values)))
        # The row count is 1 either way; the number it reports as inserted tells. INSERT IGNORE would tell too, but
        # take a missing user for a row that is there, and leave two callers with locks that neither can raise.
        kept = func.IF(func.last_insert_id(_WAS_THERE) > 0, same, same)
        statement = mysql.insert(table).values(values).inline().on_duplicate_key_update({same.name: kept})
        return bool(session.execute(statement).lastrowid != _WAS_THERE)
    insert: Any = postgresql.insert if dialect == "postgresql" else sqlite.insert
    statement = insert(table).values(values).on_conflict_do_nothing()
    return bool(session.execute(statement, execution_options={"preserve_rowcount": True}).rowcount)


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
