"""The store on SQLAlchemy: SQLite, PostgreSQL and MariaDB."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from types import SimpleNamespace
from typing import Any, TypeVar

from sqlalchemy import BigInteger, delete, func, insert, inspect, literal, select, update
from sqlalchemy.exc import UnboundExecutionError

from ...base.clock import give_way
from ...base.errors import Deadlock
from ...base.ids import identifier
from ...base.ports import Kind, Resumed, Row, Unit, Where
from ...models.sqlalchemy.tables import Tables, define
from ..made import instance
from . import check, survey, upsert
from .columns import Columns
from .faults import VANISHED, outages, translated
from .loaded import as_stored, forget
from .locks import by_key, locking
from .people import PeopleReads, active_holders
from .resume import Resumer
from .unit import is_idle, reading, unit
from .where import assignments, attributes, conditions

T = TypeVar("T")


class SQLAlchemyStore(survey.Surveyed, PeopleReads):
    """Storage on the application's own SQLAlchemy session.

    Making it defines the library's own tables on `User.metadata`, so make it before `create_all` or Alembic.

    Args:
        session: Called for the current session: a `scoped_session`, or `lambda: db.session` with Flask-SQLAlchemy
            and Flask-SQLAlchemy-Lite.
        user: The application's user class.
        role: The application's role class.
        profile: The application's profile class, from `UserProfileMixin`; None takes the library's own.

    Raises:
        ConfigurationError: where the classes cannot work, with one sentence that says what to change.
    """

    mixins = "flask_identity.models.sqlalchemy"
    vanished = VANISHED

    def __init__(self, session: Callable[[], Any], user: Any, role: Any, profile: Any | None = None) -> None:
        check.classes(user, role)
        self._session = session
        self._tables: Tables = define(user, role, profile)
        self._classes: Mapping[Kind, Any] = {Kind.USER: user, Kind.ROLE: role, Kind.PROFILE: self._tables.profile}
        self._columns = Columns(self._tables, self._classes)
        self._unique = {kind: check.unique_columns(self._columns[kind]) for kind in self._classes}
        self._resumer = Resumer(self._tables, session)

    def session(self) -> Any:
        """Return the session that is current."""
        found = self._session()
        # Flask-SQLAlchemy hands out the registry; both are called for what they stand for.
        return found() if callable(found) else found

    def check(self) -> None:
        """Check how addresses are compared; see `Store.check`."""
        try:
            bind = self.session().get_bind(mapper=inspect(self._tables.user))
        except (UnboundExecutionError, RuntimeError):
            bind = None  # the engine comes later; `_ci` in the model is refused all the same
        check.collation(self._tables.user, bind.dialect.name if bind is not None else "")

    def user_id(self, value: Any) -> Any:
        """Return an id from outside in the type of the user's key; see `Store.user_id`."""
        kind = self._columns[Kind.USER]["id"].type
        return identifier(kind.python_type, value, width=8 if isinstance(kind, BigInteger) else 4)

    def has(self, kind: Kind, column: str) -> bool:
        """Say whether the application's class has the column."""
        return column in self._columns[kind]

    def unit(self) -> AbstractContextManager[Unit]:
        """Open a unit; see `Store.unit`."""
        return unit(self.session())

    def idle(self) -> bool:
        """Say whether nothing is under way on the current session."""
        return is_idle(self.session())

    def add(self, kind: Kind, values: Mapping[str, Any], *, unless_there: bool = False) -> Row | None:
        """Insert a row; see `Store.add`."""
        columns = self._columns[kind]

        def act(session: Any) -> Row | None:
            if kind in self._classes and not unless_there:
                row = instance(self._classes[kind], attributes(columns, values), columns)
                session.add(row)
                session.flush()
                return row
            given = {columns[name]: value for name, value in values.items()}
            table = self._columns.table(kind)
            if not unless_there:
                session.execute(insert(table).values(given))
            elif not upsert.unless_there(session, table, given):
                return None
            self._forget(session, kind, ())
            return SimpleNamespace(**values)

        return self._write(kind, act)

    def first(self, kind: Kind, where: Where, *, lock: bool = False) -> Row | None:
        """Read one row; see `Store.first`."""
        rows = self._read(kind, self._select(kind).where(*conditions(self._columns[kind], where)).limit(1), lock)
        return rows[0] if rows else None

    def page(self, kind: Kind, where: Where, *, order: str, limit: int) -> Sequence[Row]:
        """Read some rows; see `Store.page`."""
        columns = self._columns[kind]
        column = columns[order.removeprefix("-")]
        ordered = column.desc() if order.startswith("-") else column.asc()
        return self._read(kind, self._select(kind).where(*conditions(columns, where)).order_by(ordered).limit(limit))

    def count(self, kind: Kind, where: Where, *, cap: int) -> int:
        """Count rows; see `Store.count`."""
        columns = self._columns[kind]
        rows = select(literal(1)).select_from(self._columns.table(kind)).where(*conditions(columns, where))
        some = rows.limit(cap).subquery()
        session = self.session()
        with reading(session), outages():
            return int(session.execute(select(func.count()).select_from(some)).scalar_one())

    def change(self, kind: Kind, where: Where, values: Mapping[str, Any]) -> int:
        """Change rows in one statement; see `Store.change`."""
        columns = self._columns[kind]
        matching = by_key(update(self._columns.table(kind)), columns, where).where(*conditions(columns, where))
        statement = matching.ordered_values(*assignments(columns, values))

        def act(session: Any) -> int:
            changed = int(session.execute(statement).rowcount)
            self._forget(session, kind, (*values, "updated_at"))
            return changed

        return self._write(kind, act)

    def bump(self, key: str, expires_at: int) -> int:
        """Count one more; see `Store.bump`."""
        table = self._tables.throttle

        def act(session: Any) -> int:
            session.execute(upsert.count_one(session, table, key, expires_at))
            # Our own write holds the row until the unit ends, so this reads our own count and nobody else's.
            return int(session.execute(select(table.c.count).where(table.c.key == key)).scalar_one())

        return self._write(Kind.THROTTLE, act)

    def take(self, kind: Kind, where: Where) -> Row | None:
        """Remove one row and return it; the DELETE's row count says who got it."""

        def act(_: Any) -> Row | None:
            row = self.first(kind, where)
            if row is None:
                return None
            key = "key" if kind is Kind.THROTTLE else "id"
            return row if self.remove(kind, {key: getattr(row, key)}) else None

        return self._write(kind, act)

    def remove(self, kind: Kind, where: Where) -> int:
        """Remove rows; see `Store.remove`."""
        columns = self._columns[kind]
        table = self._columns.table(kind)

        def act(session: Any) -> int:
            if kind is Kind.USER:  # through the ORM, so that the application's own cascades run
                wanted = locking(session, table, self._select(kind).where(*conditions(columns, where)))
                rows = session.scalars(wanted, execution_options=as_stored(session)).all()
                for row in rows:
                    session.delete(row)
                session.flush()
                return len(rows)
            removed = int(session.execute(delete(table).where(*conditions(columns, where))).rowcount)
            self._forget(session, kind, ())
            return removed

        return self._write(kind, act)

    def resume(self, session_id: str) -> Resumed | None:
        """Read who is calling in one statement; see `Store.resume`."""
        return self._resumer.resume(self.session, session_id)

    def touch(self, session_id: str, seen_at: int) -> None:
        """Note when a session was last seen; see `Store.touch`."""
        self._resumer.touch(self.session(), session_id, seen_at)

    def admins(self, role: str) -> Sequence[Any]:
        """Return the active holders of a role, one caller at a time; see `Store.admins`."""
        # Writing the role's row makes every other caller wait until this unit has ended, on each database.
        self.change(Kind.ROLE, {"name": role}, {"name": role})
        session = self.session()
        with outages():
            return active_holders(session, self._tables, role)

    def _select(self, kind: Kind) -> Any:
        if kind in self._classes:
            return select(self._classes[kind])
        return select(*(column.label(name) for name, column in self._columns[kind].items()))

    def _read(self, kind: Kind, statement: Any, lock: bool = False) -> Sequence[Any]:
        session = self.session()
        with reading(session), outages():
            if lock:
                statement = locking(session, self._columns.table(kind), statement)
            result = session.execute(statement, execution_options=as_stored(session))
            return list(result.scalars() if kind in self._classes else result)

    def _write(self, kind: Kind, act: Callable[[Any], T]) -> T:
        session = self.session()
        idle = is_idle(session)
        try:
            return self._once(session, kind, act)
        except Deadlock:
            if not idle:
                raise
        give_way()
        return self._once(session, kind, act)

    def _once(self, session: Any, kind: Kind, act: Callable[[Any], T]) -> T:
        with unit(session):
            with outages():
                session.flush()  # the application's rows first, so that a refusal below is one of ours
            with translated(kind, self._unique.get(kind, ())):
                return act(session)

    def _forget(self, session: Any, kind: Kind, names: Sequence[str]) -> None:
        """Expire what loaded instances know of columns that were changed below the ORM."""
        if kind is Kind.MEMBERSHIP:
            kind, names = Kind.USER, ("roles",)
        if kind in self._classes:
            forget(session, self._classes[kind], names)
