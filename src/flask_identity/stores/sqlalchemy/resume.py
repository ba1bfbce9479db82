"""Who is calling, in one SELECT on a DBAPI cursor of the application's own engine.

The ORM would cost more than the rest of the request together. The statement is compiled once per dialect; its columns
are integers, booleans and texts, so nothing has to be converted but a key of another type.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
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
from .cursor import fetch_one, run
from .faults import translated
from .unit import is_idle, reading

_FIELD = "\x1f"
_ROW = "\x1e"
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


class Resumer:
    """Resumes sessions of one User/Role pair."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._mapper = inspect(tables.user)
        self._compiled: dict[tuple[str, str], _Statements] = {}

    def resume(self, source: Any, session: Callable[[], Any], session_id: str) -> Resumed | None:
        """Read one session and its user; None where there is no such session.

        Args:
            source: What the application gave to be called for the current session.
            session: Returns the current session.
            session_id: The id that was presented.
        """
        try:
            return self._resume(_engine_of_next(source), session, session_id)
        except SQLAlchemyError:
            with translated(Kind.SESSION):
                raise

    def _resume(self, bind: Any, session: Callable[[], Any], session_id: str) -> Resumed | None:
        if bind is None:
            current = session()
            bind = current.get_bind(mapper=self._mapper)
            if _needs_session(bind):
                with reading(current):
                    row = current.execute(self._select(), {"session_id": session_id}).one_or_none()
                return None if row is None else _resumed(row, row[8])
        statements = self._statements(bind.dialect)
        found = fetch_one(bind, statements.read.text, statements.read.arguments(session_id=session_id))
        if found is None:
            return None
        convert = statements.convert_key
        return _resumed(found, convert(found[8]) if convert else found[8])

    def touch(self, session: Any, session_id: str, seen_at: int) -> None:
        """Move `last_seen_at` forward, committed at once."""
        with translated(Kind.SESSION):
            bind = session.get_bind(mapper=self._mapper)
            if not _needs_session(bind):
                touch = self._statements(bind.dialect).touch
                run(bind, touch.text, touch.arguments(session_id=session_id, seen_at=seen_at))
            elif is_idle(session):
                session.execute(self._touch(), {"session_id": session_id, "seen_at": seen_at})
                session.commit()

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
        read = select(
            *(row.id, row.digest, row.kind, row.remember, row.uniquifier, row.created_at, row.last_seen_at),
            *(row.proved_at, user["id"], user["email"], user["active"], confirmed, user["uniquifier"]),
            self._roles(user["id"]),
        )
        joined = self._tables.session.join(user["id"].table, row.user_id == user["id"])
        return read.select_from(joined).where(row.id == bindparam("session_id", ""))

    def _roles(self, user_id: Any) -> Any:
        members = self._tables.membership_columns()
        if not members:
            return null()
        role = mapped_columns(self._tables.role)
        text: Any = type_coerce(role["name"], String)
        for extra in ("rank", "permissions"):
            text = text + _constant(_FIELD)
            if extra in role:
                text = text + func.coalesce(cast(role[extra], Text), _constant(""))
        joined = members["role_id"].table.join(role["id"].table, members["role_id"] == role["id"])
        held = select(func.aggregate_strings(text, _ROW)).select_from(joined).where(members["user_id"] == user_id)
        return held.correlate(user_id.table).scalar_subquery()


def _engine_of_next(source: Any) -> Any:
    """Return the engine of the session that would be made next; None where one is there, or where one cannot tell.

    A session made and removed for this alone would cost more than the statement.
    """
    if not isinstance(source, scoped_session) or source.registry.has():
        return None
    make = source.session_factory
    if not isinstance(make, sessionmaker) or make.class_.__bases__ != (Session,) or make.kw.get("binds"):
        return None
    bind = make.kw["bind"]
    return bind if isinstance(bind, Engine) and not _needs_session(bind) else None


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


def _resumed(row: Sequence[Any], key: Any) -> Resumed:
    return Resumed(
        *(row[0], row[1], row[2], bool(row[3]), row[4], row[5], row[6], row[7]),
        *(key, row[9], bool(row[10]), bool(row[11]), row[12] or "", row[13] or ""),
    )
