"""Inserts that say what happens where a row is there already, in each database's words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...models.pony.columns import MARIADB
from .session import Sessions
from .statements import Table, Values, insert

_WAS_THERE = 2**63 - 1


def unless_there(sessions: Sessions, table: Table, row: Mapping[str, Any]) -> bool:
    """Insert a row; False, and nothing is touched, where a unique rule has it already."""
    values = Values()
    statement = insert(table, row, values)
    if sessions.db.provider.dialect != MARIADB:
        return bool(sessions.write(f"{statement} ON CONFLICT DO NOTHING", values.given).rowcount)
    # The row count is 1 either way; the number it reports as inserted tells. INSERT IGNORE would tell too, but take a
    # missing user for a row that is there, and leave two callers with locks that neither can raise.
    same = table.columns[table.key].sql
    kept = f"{same} = IF(last_insert_id({_WAS_THERE}) > 0, {same}, {same})"
    cursor = sessions.write(f"{statement} ON DUPLICATE KEY UPDATE {kept}", values.given)
    return bool(cursor.lastrowid != _WAS_THERE)


def count_one(sessions: Sessions, table: Table, key: str, expires_at: int) -> int:
    """Count one more under a throttle key, or make its row with 1; return the count."""
    values = Values()
    row = {"key": key, "count": 1, "expires_at": expires_at}
    statement = insert(table, row, values)
    column = table.columns["key"]
    count = table.columns["count"].sql
    if sessions.db.provider.dialect == MARIADB:
        sessions.write(f"{statement} ON DUPLICATE KEY UPDATE {count} = {count} + 1", values.given)
    else:
        more = f"ON CONFLICT ({column.sql}) DO UPDATE SET {count} = {table.sql}.{count} + 1"
        sessions.write(f"{statement} {more}", values.given)
    # Our own write holds the row until the unit ends, so this reads our own count and nobody else's.
    read = Values()
    found = f"SELECT {count} FROM {table.sql} WHERE {column.sql} = {read.put(column, key)}"
    return int(sessions.read(found, read.given)[0])
