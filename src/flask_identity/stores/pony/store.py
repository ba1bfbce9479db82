"""The store on PonyORM: SQLite, PostgreSQL and MariaDB."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from types import SimpleNamespace
from typing import Any, TypeVar

from flask import Flask

from ...base.clock import give_way
from ...base.errors import ConfigurationError, Deadlock
from ...base.ids import identifier
from ...base.ports import Hourly, Kind, PeoplePage, PeopleQuery, Resumed, Row, SessionSeen, SessionsQuery, Unit, Where
from ...models.pony.tables import define
from . import check, loaded, people, rows, survey, upsert
from .faults import VANISHED, outages, translated
from .provider import prepare
from .requests import Requests
from .resume import Resumer
from .session import Sessions
from .statements import Table, Values, condition, insert, tables, update

T = TypeVar("T")

_PARTS = "_flask_identity_parts_"


class PonyStore(survey.Surveyed):
    """Storage on the application's own Pony Database.

    Making it defines the library's own entities, so make it between `db.bind` and `db.generate_mapping`.

    Args:
        db: The Database.
        user: The application's user entity.
        role: The application's role entity.
        profile: The application's profile entity, from `UserProfileMixin`; None takes the library's own.

    Raises:
        ConfigurationError: where the classes cannot work, with one sentence that says what to change.
    """

    mixins = "flask_identity.models.pony"
    vanished = VANISHED

    def __init__(self, db: Any, user: Any, role: Any, profile: Any | None = None) -> None:
        check.classes(db, user, role)
        self._defined = define(db, user, role, profile)
        self._classes: Mapping[Kind, Any] = {Kind.USER: user, Kind.ROLE: role, Kind.PROFILE: self._defined.profile}
        parts = vars(db).get(_PARTS)
        if parts is None:
            prepare(db)
            sessions = Sessions(db, list(self._classes.values()))
            parts = vars(db)[_PARTS] = (sessions, Resumer(sessions))
        self._sessions: Sessions = parts[0]
        self._resumer: Resumer = parts[1]
        self._mapped: Mapping[Kind, Table] | None = None

    def connect(self, app: Flask) -> None:
        """Open one `db_session` for each request of an application, unless one is active."""
        Requests(self._sessions).join(app)

    def close(self) -> None:
        """Close the connections kept beside Pony's own; they are made anew when they are needed."""
        self._resumer.connections.close()

    def check(self) -> None:
        """Check how addresses are compared; see `Store.check`."""
        check.collation(self._defined.user, self._sessions.db.provider.dialect)

    def user_id(self, value: Any) -> Any:
        """Return an id from outside in the type of the user's key; see `Store.user_id`."""
        key = self._defined.user._adict_["id"]
        return identifier(key.py_type, value, width=8 if key.kwargs.get("size") == 64 else 4)

    def has(self, kind: Kind, column: str) -> bool:
        """Say whether the application's class has the column."""
        if kind is Kind.MEMBERSHIP:
            return self._defined.has_roles() and column in ("user_id", "role_id")
        if kind in self._classes:
            return column in self._classes[kind]._adict_ or (kind is Kind.PROFILE and column == "user_id")
        return column in self._tables[kind].columns

    def unit(self) -> AbstractContextManager[Unit]:
        """Open a unit; see `Store.unit`."""
        return self._sessions.unit()

    def idle(self) -> bool:
        """Say whether nothing is under way in this thread."""
        return self._sessions.idle()

    def add(self, kind: Kind, values: Mapping[str, Any], *, unless_there: bool = False) -> Row | None:
        """Insert a row; see `Store.add`."""
        table = self._tables[kind]

        def act() -> Row | None:
            if kind in self._classes and not unless_there:
                return rows.made(self._sessions, kind, table, values)
            if unless_there:
                if not upsert.unless_there(self._sessions, table, values):
                    return None
            else:
                given = Values()
                self._sessions.write(insert(table, values, given), given.given)
            self._forget(kind, ())
            return SimpleNamespace(**values)

        return self._write(kind, act)

    def first(self, kind: Kind, where: Where, *, lock: bool = False) -> Row | None:
        """Read one row; see `Store.first`."""
        found = self._read(kind, where, " LIMIT 1", lock)
        return found[0] if found else None

    def page(self, kind: Kind, where: Where, *, order: str, limit: int) -> Sequence[Row]:
        """Read some rows; see `Store.page`."""
        column = self._tables[kind].columns[order.removeprefix("-")].sql
        way = "DESC" if order.startswith("-") else "ASC"
        return self._read(kind, where, f" ORDER BY {column} {way} LIMIT {limit}")

    def count(self, kind: Kind, where: Where, *, cap: int) -> int:
        """Count rows; see `Store.count`."""
        table, values = self._tables[kind], Values()
        some = f"SELECT 1 AS one FROM {table.sql}{condition(table, where, values)} LIMIT {cap}"
        with outages(), self._sessions.reading():
            return int(self._sessions.read(f"SELECT count(*) FROM ({some}) AS ones", values.given)[0])

    def change(self, kind: Kind, where: Where, values: Mapping[str, Any]) -> int:
        """Change rows in one statement; see `Store.change`."""
        table, given = self._tables[kind], Values()
        statement = update(table, where, values, given)

        def act() -> int:
            changed = int(self._sessions.write(statement, given.given).rowcount)
            self._forget(kind, (*values, "updated_at"))
            return changed

        return self._write(kind, act)

    def bump(self, key: str, expires_at: int) -> int:
        """Count one more; see `Store.bump`."""
        table = self._tables[Kind.THROTTLE]
        return self._write(Kind.THROTTLE, lambda: upsert.count_one(self._sessions, table, key, expires_at))

    def take(self, kind: Kind, where: Where) -> Row | None:
        """Remove one row and return it; the DELETE's row count says who got it."""
        with self.unit():
            row = self.first(kind, where)
            if row is None:
                return None
            key = self._tables[kind].key
            return row if self.remove(kind, {key: getattr(row, key)}) else None

    def remove(self, kind: Kind, where: Where) -> int:
        """Remove rows; see `Store.remove`."""
        table, values = self._tables[kind], Values()

        def act() -> int:
            if kind in self._classes:
                return rows.removed(self._sessions, rows.read(self._sessions, table, where, lock=True))
            statement = f"DELETE FROM {table.sql}{condition(table, where, values)}"
            removed = int(self._sessions.write(statement, values.given).rowcount)
            self._forget(kind, ())
            return removed

        return self._write(kind, act)

    def resume(self, session_id: str) -> Resumed | None:
        """Read who is calling in one statement; see `Store.resume`."""
        with outages():
            return self._resumer.resume(self._tables, session_id)

    def touch(self, session_id: str, seen_at: int) -> None:
        """Note when a session was last seen; see `Store.touch`."""
        with outages():
            self._resumer.touch(self._tables, session_id, seen_at)

    def people(self, query: PeopleQuery, now: Any, pending: bool) -> PeoplePage:
        """Read a page of users; see `Store.people`."""
        with outages(), self._sessions.reading():
            return people.page(self._sessions, self._tables, query, now, pending)

    def tally(self, query: PeopleQuery, now: Any, pending: bool, cap: int) -> Mapping[str, int]:
        """Count users by status; see `Store.tally`."""
        with outages(), self._sessions.reading():
            return people.tally(self._sessions, self._tables, query, now, pending, cap)

    def live_sessions(self, query: SessionsQuery) -> Sequence[SessionSeen]:
        """Read a page of everybody's sessions; see `Store.live_sessions`."""
        with outages(), self._sessions.reading():
            return people.live_sessions(self._sessions, self._tables, query)

    def by_hour(self, whats: Sequence[str], since: str, until: str) -> Sequence[Hourly]:
        """Count activity by hour; see `Store.by_hour`."""
        with outages(), self._sessions.reading():
            return people.by_hour(self._sessions, self._tables, whats, since, until)

    def forget_read(self) -> None:
        """Let Pony forget the rows it holds; see `Store.forget_read`."""
        if self._sessions.idle():
            self._sessions.roll_back()

    def admins(self, role: str) -> Sequence[Any]:
        """Return the active holders of a role, one caller at a time; see `Store.admins`."""
        # Writing the role's row makes every other caller wait until this unit has ended, on each database.
        with self.unit():
            self.change(Kind.ROLE, {"name": role}, {"name": role})
            return people.active_holders(self._sessions, self._tables, role)

    @property
    def _tables(self) -> Mapping[Kind, Table]:
        if self._mapped is None:
            if self._sessions.db.schema is None:
                raise ConfigurationError("Call db.generate_mapping before the store is used.")
            self._mapped = tables(self._defined)
        return self._mapped

    def _read(self, kind: Kind, where: Where, tail: str, lock: bool = False) -> Sequence[Row]:
        with outages(), self._sessions.reading():
            return rows.read(self._sessions, self._tables[kind], where, tail, lock)

    def _write(self, kind: Kind, act: Callable[[], T]) -> T:
        idle = self._sessions.idle()
        try:
            return self._once(kind, act)
        except Deadlock:
            if not idle:
                raise
        give_way()
        return self._once(kind, act)

    def _once(self, kind: Kind, act: Callable[[], T]) -> T:
        unique = [name for name, column in self._tables[kind].columns.items() if column.unique]
        with self._sessions.unit():
            with outages():
                self._sessions.db.flush()  # what is refused here is the application's own
            with translated(kind, unique):
                return act()

    def _forget(self, kind: Kind, names: Sequence[str]) -> None:
        """Forget what loaded rows know of columns that were changed below Pony."""
        if kind is Kind.MEMBERSHIP:
            roles = self._defined.user._adict_["roles"]
            loaded.forget(self._sessions.cache, self._defined.user, [roles.name])
            loaded.forget(self._sessions.cache, self._defined.role, [roles.reverse.name])
        elif kind in self._classes:
            loaded.forget(self._sessions.cache, self._classes[kind], names)
