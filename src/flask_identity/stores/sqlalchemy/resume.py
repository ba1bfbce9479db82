"""Who is calling, in one SELECT on a DBAPI cursor of the application's own engine.

The ORM would cost more than the rest of the request together. The statement is compiled once per dialect; its columns
are integers, booleans and texts, so nothing has to be converted but a key of another type.
"""

from __future__ import annotations

import re
import weakref
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Connection,
    SingletonThreadPool,
    StaticPool,
    String,
    Text,
    bindparam,
    cast,
    func,
    inspect,
    literal,
    null,
    select,
    type_coerce,
    update,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, scoped_session, sessionmaker

from ...base.ports import Kind, Resumed
from ...models.sqlalchemy.tables import Tables, mapped_columns
from ..resumed import FIELD, resumed
from . import connections
from .connections import Connections
from .cursor import fetch
from .faults import translated
from .unit import is_idle, reading

_NAME = re.compile(r"%\((\w+)\)s")


@dataclass(frozen=True)
class _Compiled:
    """A statement as a driver takes it."""

    text: str
    names: Sequence[str] | None
    """The parameters in their order, None where the driver takes them by name."""

    def arguments(self, **values: Any) -> Any:
        return values if self.names is None else tuple([values[name] for name in self.names])


@dataclass(frozen=True)
class _Statements:
    read: _Compiled
    touch: _Compiled
    convert_key: Callable[[Any], Any] | None


@dataclass(frozen=True)
class _Way:
    """How an engine is asked. What it depends on is compared at each use, which costs less than finding it again."""

    engine: Callable[[], Any]
    """A weak reference."""
    options: Any
    kept: Connections | None
    statements: _Statements

    def holds(self, bind: Any) -> bool:
        """Say whether this is the way to an engine, as it is now."""
        kept = self.kept
        same = self.engine() is bind and self.options is bind.get_execution_options()
        return same and not (kept is not None and kept.closed)


class Resumer:
    """Resumes sessions of one User/Role pair.

    Args:
        tables: Their tables.
        source: What the application gave to be called for the current session.
    """

    def __init__(self, tables: Tables, source: Any) -> None:
        self._tables = tables
        self._mapper = inspect(tables.user)
        self._compiled: dict[tuple[str, str], _Statements] = {}
        self._way: _Way | None = None
        self._registry, self._make = _plain(source)

    def resume(self, session: Callable[[], Any], session_id: str) -> Resumed | None:
        """Read one session and its user; None where there is no such session.

        Args:
            session: Returns the current session.
            session_id: The id that was presented.
        """
        try:
            bind = None
            if self._make is not None and not self._registry.has() and not self._make.kw.get("binds"):
                # A session made and removed for this alone would cost more than the statement.
                bind = self._make.kw["bind"]
            if bind is None:
                bind = session().get_bind(mapper=self._mapper)
            way = self._way
            if way is None or not way.holds(bind):
                way = self._find(bind)
            if way is None:
                return self._through(session(), session_id)
            read = way.statements.read
            arguments = {"session_id": session_id} if read.names is None else (session_id,)
            rows = fetch(bind, way.kept, read.text, arguments)
        except SQLAlchemyError:
            with translated(Kind.SESSION):
                raise
        return resumed(rows, way.statements.convert_key)

    def touch(self, session: Any, session_id: str, seen_at: int) -> None:
        """Move `last_seen_at` forward, committed at once."""
        with translated(Kind.SESSION):
            bind = session.get_bind(mapper=self._mapper)
            way = self._find(bind)
            if way is not None:
                touch = way.statements.touch
                arguments = touch.arguments(session_id=session_id, seen_at=seen_at)
                fetch(bind, way.kept, touch.text, arguments, reads=False)
            elif is_idle(session):
                session.execute(self._touch(), {"session_id": session_id, "seen_at": seen_at})
                session.commit()

    def _find(self, bind: Any) -> _Way | None:
        if _needs_session(bind):
            return None
        statements = self._statements(bind.dialect)
        way = _Way(weakref.ref(bind), bind.get_execution_options(), connections.of(bind), statements)
        self._way = way
        return way

    def _through(self, session: Any, session_id: str) -> Resumed | None:
        with reading(session):
            rows = session.execute(self._select(), {"session_id": session_id}).all()
        return resumed(rows, None)

    def _statements(self, dialect: Dialect) -> _Statements:
        known = self._compiled.get((dialect.name, dialect.driver))
        if known is None:
            key = mapped_columns(self._tables.user)["id"].type.dialect_impl(dialect)
            convert = key.result_processor(dialect, None)
            known = _Statements(_compiled(self._select(), dialect), _compiled(self._touch(), dialect), convert)
            self._compiled[dialect.name, dialect.driver] = known
        return known

    def _touch(self) -> Any:
        table = self._tables.session
        return (
            update(table).where(table.c.id == bindparam("session_id", "")).values(last_seen_at=bindparam("seen_at", 0))
        )

    def _select(self) -> Any:
        user = mapped_columns(self._tables.user)
        row = self._tables.session.c
        confirmed: Any = user["confirmed_at"].isnot(None) if "confirmed_at" in user else _constant(1)
        joined: Any = self._tables.session.join(user["id"].table, row.user_id == user["id"])
        members, held = self._tables.membership_columns(), null()
        if members:
            role = mapped_columns(self._tables.role)
            joined = joined.outerjoin(members["user_id"].table, members["user_id"] == user["id"])
            joined = joined.outerjoin(role["id"].table, members["role_id"] == role["id"])
            held = _one_text(role)
        read = select(
            *(row.id, row.digest, row.kind, row.remember, row.uniquifier, row.created_at, row.last_seen_at),
            *(row.proved_at, user["id"], user["email"], user["active"], confirmed, user["uniquifier"]),
            *(held, row.expires_at, row.scopes),
        )
        return read.select_from(joined).where(row.id == bindparam("session_id", ""))


def _one_text(role: Mapping[str, Any]) -> Any:
    text: Any = type_coerce(role["name"], String)
    for extra in ("rank", "permissions"):
        text = text + _constant(FIELD)
        if extra in role:
            text = text + func.coalesce(cast(role[extra], Text), _constant(""))
    return text


def _plain(source: Any) -> tuple[Any, Any]:
    """Return the registry and the maker of sessions that choose their engine as SQLAlchemy does; None for others."""
    make = source.session_factory if isinstance(source, scoped_session) else None
    if isinstance(make, sessionmaker) and make.class_.__bases__ == (Session,):
        return source.registry, make
    return None, None


def _needs_session(bind: Any) -> bool:
    # A raw connection given back to one of these would roll back what the application has flushed, or would not know
    # in which schema the tables are.
    return (
        isinstance(bind, Connection)
        or isinstance(bind.pool, StaticPool | SingletonThreadPool)
        or "schema_translate_map" in bind.get_execution_options()
    )


def _compiled(statement: Any, dialect: Dialect) -> _Compiled:
    compiled = statement.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
    if dialect.paramstyle == "pyformat":  # drivers that take names put them in order themselves, and slower
        names = _NAME.findall(str(compiled))
        return _Compiled(_NAME.sub("%s", str(compiled)), names)
    return _Compiled(str(compiled), compiled.positiontup if compiled.positional else None)


def _constant(value: Any) -> Any:
    # Written into the text, so that the one parameter is all there is to hand over.
    return literal(value, literal_execute=True)
