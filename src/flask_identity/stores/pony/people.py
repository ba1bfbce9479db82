"""The administrators' list: pages found by key, counts that give up in time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from ...base.ports import Kind, PeoplePage, PeopleQuery
from ...models.pony.columns import POSTGRES, SQLITE
from ..prefix import next_prefix
from .rows import select
from .session import Sessions
from .statements import Column, Table, Values

STATUSES = ("active", "suspended", "pending", "locked")

Every = Mapping[Kind, Table]


def page(sessions: Sessions, tables: Every, query: PeopleQuery, now: datetime, pending: bool) -> PeoplePage:
    """Read one page and the roles of the people on it, in two statements."""
    table, values = tables[Kind.USER], Values()
    downward = query.descending != query.backwards
    conditions = _filters(tables, query, now, pending, values)
    if query.after is not None:
        conditions.append(_beyond(table, query.sort, query.after, downward, values))
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    order = _order(table, query.sort, downward, sessions.db.provider.dialect)
    sql = f"SELECT {table.every()} FROM {table.sql}{where} ORDER BY {order} LIMIT {query.limit + 1}"
    rows = select(sessions, table, sql, values)
    more = len(rows) > query.limit
    rows = rows[: query.limit]
    if query.backwards:
        rows.reverse()
    before, after = (more, True) if query.backwards else (query.after is not None, more)
    return PeoplePage(rows, before, after, _roles(sessions, tables, [row.id for row in rows]))


def tally(
    sessions: Sessions, tables: Every, query: PeopleQuery, now: datetime, pending: bool, cap: int
) -> Mapping[str, int]:
    """Count people by status in one statement; each count gives up at `cap`."""
    values, counts = Values(), []
    for status in STATUSES:
        asked = PeopleQuery(status, query.role, query.prefix)
        where = " AND ".join(_filters(tables, asked, now, pending, values))
        some = f"SELECT 1 AS one FROM {tables[Kind.USER].sql} WHERE {where} LIMIT {cap}"
        counts.append(f"(SELECT count(*) FROM ({some}) AS {status}_ones)")
    found = sessions.read(f"SELECT {', '.join(counts)}", values.given)[0]
    return dict(zip(STATUSES, map(int, found), strict=True))


def active_holders(sessions: Sessions, tables: Every, role: str) -> Sequence[Any]:
    """Return the ids of active users who hold a role, as committed last, and keep them so until the unit ends."""
    if Kind.MEMBERSHIP not in tables:
        return []
    user, values = tables[Kind.USER], Values()
    key = user.columns["id"]
    held = _held(tables, role, values)
    active = f"{user.columns['active'].sql} = {values.put(user.columns['active'], True)}"
    lock = "" if sessions.db.provider.dialect == SQLITE else " FOR UPDATE"
    sessions.begin()
    wanted = f"SELECT {key.sql} FROM {user.sql} WHERE {key.sql} IN ({held}) AND {active}{lock}"
    found = sessions.read(wanted, values.given)
    return [key.read(value) for value in found]


def _filters(tables: Every, query: PeopleQuery, now: datetime, pending: bool, values: Values) -> list[str]:
    table = tables[Kind.USER]
    found = [*_status(table, query.status, now, pending, values)] if query.status is not None else []
    if query.prefix:
        column, behind = table.columns["email"], next_prefix(query.prefix)
        found.append(f"{column.sql} >= {values.put(column, query.prefix)}")
        if behind is not None:
            found.append(f"{column.sql} < {values.put(column, behind)}")
    if query.role is not None:
        key = table.columns["id"].sql
        found.append(f"{key} IN ({_held(tables, query.role, values)})" if Kind.MEMBERSHIP in tables else "1 = 0")
    return found


def _status(table: Table, status: str, now: datetime, pending: bool, values: Values) -> list[str]:
    columns = table.columns
    active = columns["active"]
    if status == "suspended":
        return [f"({active.sql} = {values.put(active, False)} OR {active.sql} IS NULL)"]
    found = [f"{active.sql} = {values.put(active, True)}"]
    asks = pending and "confirmed_at" in columns
    if status == "pending":
        return [*found, f"{columns['confirmed_at'].sql} IS NULL" if asks else "1 = 0"]
    if asks:
        found.append(f"{columns['confirmed_at'].sql} IS NOT NULL")
    until = columns.get("locked_until")
    if until is None:
        return found if status == "active" else [*found, "1 = 0"]
    if status == "locked":
        return [*found, f"{until.sql} > {values.put(until, now)}"]
    return [*found, f"({until.sql} IS NULL OR {until.sql} <= {values.put(until, now)})"]


def _held(tables: Every, role: str, values: Values) -> str:
    members, roles = tables[Kind.MEMBERSHIP], tables[Kind.ROLE]
    name = f"{roles.columns['name'].sql} = {values.put(roles.columns['name'], role)}"
    wanted = f"SELECT {roles.columns['id'].sql} FROM {roles.sql} WHERE {name}"
    columns = members.columns
    return f"SELECT {columns['user_id'].sql} FROM {members.sql} WHERE {columns['role_id'].sql} = ({wanted})"


def _order(table: Table, sort: str, downward: bool, dialect: str) -> str:
    # NULL sorts lowest everywhere: as SQLite and MariaDB do of themselves, and PostgreSQL when told.
    way = "DESC" if downward else "ASC"
    names = ("id",) if sort == "id" else (sort, "id")
    parts = [f"{table.columns[name].sql} {way}" for name in names]
    if dialect == POSTGRES and table.columns[sort].nullable:
        parts[0] += " NULLS LAST" if downward else " NULLS FIRST"
    return ", ".join(parts)


def _beyond(table: Table, sort: str, after: tuple[Any, Any], downward: bool, values: Values) -> str:
    column, key = table.columns[sort], table.columns["id"]
    value, key_value = after
    than = "<" if downward else ">"
    if sort == "id":
        return f"{key.sql} {than} {values.put(key, key_value)}"
    same_key = f"{key.sql} {than} {values.put(key, key_value)}"
    if value is None:
        tie = f"({column.sql} IS NULL AND {same_key})"
        return tie if downward else f"({tie} OR {column.sql} IS NOT NULL)"
    at = values.put(column, value)
    if not column.nullable:
        return f"({column.sql}, {key.sql}) {than} ({at}, {values.put(key, key_value)})"
    onward = f"{column.sql} {than} {at} OR ({column.sql} = {at} AND {same_key})"
    return f"({onward} OR {column.sql} IS NULL)" if downward else f"({onward})"


def _roles(sessions: Sessions, tables: Every, ids: Sequence[Any]) -> Mapping[Any, Sequence[str]]:
    if Kind.MEMBERSHIP not in tables or not ids:
        return {}
    members, roles, values = tables[Kind.MEMBERSHIP], tables[Kind.ROLE], Values()
    columns = members.columns
    owner: Column = columns["user_id"]
    name = f"r.{roles.columns['name'].sql}"
    order = f"r.{roles.columns['rank'].sql} DESC, {name}" if "rank" in roles.columns else name
    marks = ", ".join(values.put(owner, each) for each in ids)
    sql = (
        f"SELECT m.{owner.sql}, {name} FROM {members.sql} m JOIN {roles.sql} r "
        f"ON r.{roles.columns['id'].sql} = m.{columns['role_id'].sql} WHERE m.{owner.sql} IN ({marks}) ORDER BY {order}"
    )
    found: dict[Any, list[str]] = {}
    for user_id, role in sessions.read(sql, values.given):
        found.setdefault(owner.read(user_id), []).append(role)
    return found
