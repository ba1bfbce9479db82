"""What administrators see of many people at once, on PonyORM."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from ...base.ports import Hourly, Kind, PeoplePage, PeopleQuery, SessionSeen, SessionsQuery
from ...models.pony.columns import SQLITE
from .. import activity_sql, people_sql, sessions_sql
from ..found import counted, paged
from .rows import select
from .session import Sessions
from .statements import Table, Values

Every = Mapping[Kind, Table]


class _Words:
    """Names and values of one statement; see `people_sql.Words`."""

    def __init__(self, sessions: Sessions, tables: Every) -> None:
        self.dialect = sessions.db.provider.dialect.lower()
        self.values = Values()
        self._tables = tables

    def table(self, kind: Kind) -> str:
        return self._tables[kind].sql

    def columns(self, kind: Kind) -> Mapping[str, str]:
        table = self._tables.get(kind)
        return {name: column.sql for name, column in table.columns.items()} if table is not None else {}

    def nullable(self, column: str) -> bool:
        return self._tables[Kind.USER].columns[column].nullable

    def put(self, kind: Kind, column: str, value: Any) -> str:
        return self.values.put(self._tables[kind].columns[column], value)


def page(sessions: Sessions, tables: Every, query: PeopleQuery, now: datetime, pending: bool) -> PeoplePage:
    """Read one page and the roles and names of the people on it, in two statements."""
    words = _Words(sessions, tables)
    rows = select(sessions, tables[Kind.USER], people_sql.page(words, query, now, pending), words.values)
    return paged(query, rows, lambda ids: _details(sessions, tables, ids))


def tally(
    sessions: Sessions, tables: Every, query: PeopleQuery, now: datetime, pending: bool, cap: int
) -> Mapping[str, int]:
    """Count people by status in one statement; each count gives up at `cap`."""
    words = _Words(sessions, tables)
    return counted(sessions.read(people_sql.tally(words, query, now, pending, cap), words.values.given)[0], cap)


def live_sessions(sessions: Sessions, tables: Every, query: SessionsQuery) -> Sequence[SessionSeen]:
    """Read a page of everybody's sessions, and one more where there are more."""
    words = _Words(sessions, tables)
    rows = sessions.read(sessions_sql.page(words, query), words.values.given)
    return sessions_sql.seen(rows, tables[Kind.USER].columns["id"].read, query)


def by_hour(sessions: Sessions, tables: Every, whats: Sequence[str], since: str, until: str) -> Sequence[Hourly]:
    """Count activity by hour, kind and details."""
    words = _Words(sessions, tables)
    return [Hourly(*row) for row in sessions.read(activity_sql.by_hour(words, whats, since, until), words.values.given)]


def active_holders(sessions: Sessions, tables: Every, role: str) -> Sequence[Any]:
    """Return the ids of active users who hold a role, as committed last, and keep them so until the unit ends."""
    if Kind.MEMBERSHIP not in tables:
        return []
    user, members, roles, values = tables[Kind.USER], tables[Kind.MEMBERSHIP], tables[Kind.ROLE], Values()
    key = user.columns["id"]
    name = f"{roles.columns['name'].sql} = {values.put(roles.columns['name'], role)}"
    wanted = f"SELECT {roles.columns['id'].sql} FROM {roles.sql} WHERE {name}"
    of_role = f"{members.columns['role_id'].sql} = ({wanted})"
    held = f"SELECT {members.columns['user_id'].sql} FROM {members.sql} WHERE {of_role}"
    active = f"{user.columns['active'].sql} = {values.put(user.columns['active'], True)}"
    lock = "" if sessions.db.provider.dialect == SQLITE else " FOR UPDATE"
    sessions.begin()
    found = sessions.read(
        f"SELECT {key.sql} FROM {user.sql} WHERE {key.sql} IN ({held}) AND {active}{lock}", values.given
    )
    return [key.read(value) for value in found]


def _details(sessions: Sessions, tables: Every, ids: Sequence[Any]) -> Sequence[Sequence[Any]]:
    words = _Words(sessions, tables)
    key = tables[Kind.USER].columns["id"]
    rows = sessions.read(people_sql.details(words, ids), words.values.given)
    return [(key.read(row[0]), *row[1:]) for row in rows]
