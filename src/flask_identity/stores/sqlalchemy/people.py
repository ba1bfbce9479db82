"""What administrators see of many people at once, on SQLAlchemy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, inspect, select, text

from ...base.ports import Hourly, Kind, PeoplePage, PeopleQuery, SessionSeen, SessionsQuery
from ...models.sqlalchemy.tables import Tables, mapped_columns
from .. import activity_sql, people_sql, sessions_sql
from ..found import counted, paged
from .faults import outages
from .loaded import as_stored
from .unit import reading
from .where import fitting


class _Words:
    """Names and values of one statement; see `people_sql.Words`."""

    def __init__(self, session: Any, tables: Tables) -> None:
        dialect = session.get_bind(mapper=inspect(tables.user)).dialect
        self.dialect = {"mariadb": "mysql"}.get(dialect.name, dialect.name)
        self.user = mapped_columns(tables.user)
        self._preparer = dialect.identifier_preparer
        self._columns: Mapping[Kind, Mapping[str, Any]] = {
            Kind.USER: self.user,
            Kind.ROLE: mapped_columns(tables.role),
            Kind.PROFILE: mapped_columns(tables.profile),
            Kind.MEMBERSHIP: tables.membership_columns(),
            Kind.SESSION: dict(tables.session.c.items()),
            Kind.ACTIVITY: dict(tables.activity.c.items()),
        }
        self._read_key = self.user["id"].type.dialect_impl(dialect).result_processor(dialect, None)
        self._values: list[Any] = []

    def table(self, kind: Kind) -> str:
        return str(self._preparer.format_table(next(iter(self._columns[kind].values())).table))

    def columns(self, kind: Kind) -> Mapping[str, str]:
        return {name: self._preparer.quote(column.name) for name, column in self._columns[kind].items()}

    def nullable(self, column: str) -> bool:
        return bool(self.user[column].nullable)

    def put(self, kind: Kind, column: str, value: Any) -> str:
        found, name = self._columns[kind][column], f"p{len(self._values)}"
        self._values.append(bindparam(name, fitting(found, value), type_=found.type))
        return f":{name}"

    def key(self, value: Any) -> Any:
        """Return a user's id as Python has it, from what the driver gave."""
        return value if self._read_key is None else self._read_key(value)

    def statement(self, sql: str) -> Any:
        """Return a statement with the values that were put into it."""
        return text(sql).bindparams(*self._values)


class PeopleReads:
    """The lists of people and of everybody's sessions, and what happened; part of the store."""

    _tables: Tables

    if TYPE_CHECKING:

        def session(self) -> Any: ...

    def people(self, query: PeopleQuery, now: Any, pending: bool) -> PeoplePage:
        """Read a page of users; see `Store.people`."""
        session, words = self.session(), self._words()
        found = words.statement(people_sql.page(words, query, now, pending)).columns(*words.user.values())
        with reading(session), outages():
            options = as_stored(session)
            rows = list(session.scalars(select(self._tables.user).from_statement(found), execution_options=options))
            return paged(query, rows, self._details)

    def tally(self, query: PeopleQuery, now: Any, pending: bool, cap: int) -> Mapping[str, int]:
        """Count users by status; see `Store.tally`."""
        session, words = self.session(), self._words()
        statement = words.statement(people_sql.tally(words, query, now, pending, cap))
        with reading(session), outages():
            return counted(session.execute(statement).one(), cap)

    def live_sessions(self, query: SessionsQuery) -> Sequence[SessionSeen]:
        """Read a page of everybody's sessions; see `Store.live_sessions`."""
        session, words = self.session(), self._words()
        statement = words.statement(sessions_sql.page(words, query))
        with reading(session), outages():
            return sessions_sql.seen(session.execute(statement).all(), words.key, query)

    def by_hour(self, whats: Sequence[str], since: str, until: str) -> Sequence[Hourly]:
        """Count activity by hour; see `Store.by_hour`."""
        session, words = self.session(), self._words()
        statement = words.statement(activity_sql.by_hour(words, whats, since, until))
        with reading(session), outages():
            return [Hourly(*row) for row in session.execute(statement)]

    def forget_read(self) -> None:
        """A session holds what it has read only as long as somebody else does; see `Store.forget_read`."""

    def _details(self, ids: Sequence[Any]) -> Sequence[Sequence[Any]]:
        words = self._words()
        rows = self.session().execute(words.statement(people_sql.details(words, ids)))
        return [(words.key(row[0]), *row[1:]) for row in rows]

    def _words(self) -> _Words:
        return _Words(self.session(), self._tables)


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
