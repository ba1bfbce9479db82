"""One statement on a raw connection of the application's pool, without the transaction the ORM would open."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from ...base.errors import Unavailable
from .faults import is_away

T = TypeVar("T")


def fetch_one(engine: Any, statement: str, arguments: Any) -> Any:
    """Run a SELECT and return its first row, or None.

    Raises:
        Unavailable: where the database is away, also on a fresh connection.
    """

    def act(connection: Any) -> Any:
        cursor = connection.cursor()
        cursor.execute(statement, arguments)
        row = cursor.fetchone()
        cursor.close()
        return row

    return _again_when_stale(engine, act)


def run(engine: Any, statement: str, arguments: Any) -> None:
    """Run one change and commit it.

    Raises:
        Unavailable: where the database is away or does not take the change.
    """

    def act(connection: Any) -> None:
        cursor = connection.cursor()
        cursor.execute(statement, arguments)
        cursor.close()
        connection.commit()

    _again_when_stale(engine, act)


def _again_when_stale(engine: Any, act: Callable[[Any], T]) -> T:
    try:
        return _once(engine, act)
    except _Stale:
        # The server was restarted since: every pooled connection is as dead as this one. Begin anew, once.
        engine.dispose()
    try:
        return _once(engine, act)
    except _Stale as error:
        raise Unavailable(retry_after=2) from error


class _Stale(Exception):
    """A connection turned out to be lost."""


def _once(engine: Any, act: Callable[[Any], T]) -> T:
    connection = engine.raw_connection()
    # psycopg would send BEGIN before the statement; with autocommit, which costs no round trip, it does not.
    plain = engine.dialect.name == "postgresql" and not connection.driver_connection.autocommit
    try:
        if plain:
            connection.driver_connection.autocommit = True
        return act(connection)
    except engine.dialect.loaded_dbapi.Error as error:
        if engine.dialect.is_disconnect(error, connection.dbapi_connection, None):
            connection.invalidate(error)
            raise _Stale from error
        if is_away(error):
            raise Unavailable(retry_after=2) from error
        raise
    finally:
        if plain and connection.is_valid:
            connection.driver_connection.autocommit = False
        connection.close()
