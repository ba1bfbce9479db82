"""The administrators' list: pages found by key, counts that give up in time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, inspect, literal, or_, select, tuple_

from ...base.ports import PeoplePage, PeopleQuery
from ...models.sqlalchemy.status import status_case
from ...models.sqlalchemy.tables import Tables, mapped_columns
from ..prefix import next_prefix
from .loaded import as_stored
from .where import fitting

STATUSES = ("active", "suspended", "pending", "locked")


def page(session: Any, tables: Tables, query: PeopleQuery, now: datetime, pending: bool) -> PeoplePage:
    """Read one page and the roles of the people on it, in two statements."""
    user = tables.user
    columns = mapped_columns(user)
    downward = query.descending != query.backwards
    column, key = columns[query.sort], columns["id"]
    statement = select(user).where(*_filters(tables, query, now, pending))
    if query.after is not None:
        statement = statement.where(_beyond(column, key, query.after, downward))
    dialect = session.get_bind(mapper=inspect(user)).dialect.name
    ordered = statement.order_by(*_order(column, key, downward, dialect)).limit(query.limit + 1)
    rows = list(session.scalars(ordered, execution_options=as_stored(session)))
    more = len(rows) > query.limit
    rows = rows[: query.limit]
    if query.backwards:
        rows.reverse()
    before, after = (more, True) if query.backwards else (query.after is not None, more)
    return PeoplePage(rows, before, after, _roles(session, tables, [row.id for row in rows]))


def tally(
    session: Any, tables: Tables, query: PeopleQuery, now: datetime, pending: bool, cap: int
) -> Mapping[str, int]:
    """Count people by status in one statement; each count gives up at `cap`."""
    counts = []
    for status in STATUSES:
        asked = PeopleQuery(status, query.role, query.prefix)
        some = select(literal(1)).select_from(tables.user).where(*_filters(tables, asked, now, pending)).limit(cap)
        counts.append(select(func.count()).select_from(some.subquery()).scalar_subquery().label(status))
    return {name: int(count) for name, count in session.execute(select(*counts)).one()._mapping.items()}


def active_holders(session: Any, tables: Tables, role: str) -> Sequence[Any]:
    """Return the ids of active users who hold a role, as committed last, and keep them so until the unit ends."""
    members = tables.membership_columns()
    if not members:
        return []
    user, roles = mapped_columns(tables.user), mapped_columns(tables.role)
    joined = user["id"].table.join(members["user_id"].table, members["user_id"] == user["id"])
    joined = joined.join(roles["id"].table, members["role_id"] == roles["id"])
    wanted = select(user["id"]).select_from(joined).where(roles["name"] == role, user["active"].is_(True))
    return list(session.scalars(wanted.with_for_update()))


def _filters(tables: Tables, query: PeopleQuery, now: datetime, pending: bool) -> list[Any]:
    columns = mapped_columns(tables.user)
    found: list[Any] = []
    if query.status == "suspended":
        found.append(or_(columns["active"].is_(False), columns["active"].is_(None)))
    elif query.status is not None:
        found.append(columns["active"].is_(True))
        stamp = fitting(columns["locked_until"], now) if "locked_until" in columns else now
        found.append(status_case(tables.user, stamp, pending) == query.status)
    if query.prefix:
        column, behind = columns["email"], next_prefix(query.prefix)
        found.append(column >= query.prefix if behind is None else and_(column >= query.prefix, column < behind))
    if query.role is not None:
        found.append(_holds(tables, columns["id"], query.role))
    return found


def _holds(tables: Tables, user_id: Any, role: str) -> Any:
    members, roles = tables.membership_columns(), mapped_columns(tables.role)
    if not members:
        return literal(False)
    wanted = select(roles["id"]).where(roles["name"] == role).scalar_subquery()
    return user_id.in_(select(members["user_id"]).where(members["role_id"] == wanted))


def _order(column: Any, key: Any, downward: bool, dialect: str) -> list[Any]:
    # NULL sorts lowest everywhere: as SQLite and MariaDB do of themselves, and PostgreSQL when told.
    parts = [column] if column is key else [column, key]
    ordered = [part.desc() if downward else part.asc() for part in parts]
    if column.nullable and dialect == "postgresql":
        ordered[0] = ordered[0].nulls_last() if downward else ordered[0].nulls_first()
    return ordered


def _beyond(column: Any, key: Any, after: tuple[Any, Any], downward: bool) -> Any:
    value, key_value = after
    if column is key:
        return key < key_value if downward else key > key_value
    same_key = key < key_value if downward else key > key_value
    if value is None:
        tie = and_(column.is_(None), same_key)
        return tie if downward else or_(tie, column.isnot(None))
    value = fitting(column, value)
    if not column.nullable:
        pair, at = tuple_(column, key), tuple_(literal(value, column.type), literal(key_value, key.type))
        return pair < at if downward else pair > at
    onward = column < value if downward else column > value
    found = or_(onward, and_(column == value, same_key))
    return or_(found, column.is_(None)) if downward else found


def _roles(session: Any, tables: Tables, ids: Sequence[Any]) -> Mapping[Any, Sequence[str]]:
    members, roles = tables.membership_columns(), mapped_columns(tables.role)
    if not members or not ids:
        return {}
    order = [roles["name"]] if "rank" not in roles else [roles["rank"].desc(), roles["name"]]
    joined = members["role_id"].table.join(roles["id"].table, members["role_id"] == roles["id"])
    held = select(members["user_id"], roles["name"]).select_from(joined).where(members["user_id"].in_(ids))
    found: dict[Any, list[str]] = {}
    for user_id, name in session.execute(held.order_by(*order)):
        found.setdefault(user_id, []).append(name)
    return found
