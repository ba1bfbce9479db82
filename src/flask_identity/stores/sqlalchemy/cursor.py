"""One statement on a DBAPI cursor, without the transaction the ORM would open."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from ...base.errors import Unavailable
from ..drivers import code, is_away
from . import connections
from .connections import Connections, Own

_PLAN_IS_STALE = {"0A000", "26000"}
"""PostgreSQL refuses a statement it has prepared once a migration has changed the type of one of its columns, and one
that somebody has told it to forget."""


def fetch(
    engine: Any, kept: Connections | None, statement: str, arguments: Any, *, reads: bool = True
) -> Sequence[Any]:
    """Run a statement on one of the connections kept for an engine, or through its pool, and return its rows.

    Args:
        engine: The application's engine.
        kept: What `connections.of` says of it.
        statement: As its driver takes it.
        arguments: As its driver takes them.
        reads: Whether it is a SELECT; a change is committed.

    Raises:
        Unavailable: where the database is away, also on a fresh connection, or does not take the change.
    """
    own = None
    try:
        own = kept.take(engine) if kept is not None else None
        if kept is None or own is None:
            return _through_pool(engine, statement, arguments, reads)
        own.cursor.execute(statement, arguments)
        rows: Sequence[Any] = own.cursor.fetchall() if reads else ()
        kept.give(own)
        return rows
    except BaseException as error:
        _explain(engine, error, own)
    return _anew(engine, statement, arguments, reads)


class _Stale(Exception):
    """A connection turned out to be lost."""


def _explain(engine: Any, error: BaseException, own: Own | None) -> None:
    """Close the connection of a statement that failed, and raise what that means unless it may be tried once more."""
    reason: BaseException = error
    if not isinstance(error, _Stale):
        reason = _reason(engine, error, own.connection.dbapi_connection if own is not None else None)
    if own is not None:
        connections.close(own)
    if isinstance(reason, _Stale):
        return
    if reason is error:
        raise error
    raise reason from error


def _anew(engine: Any, statement: str, arguments: Any, reads: bool) -> Sequence[Any]:
    # The server was restarted since: every other connection is as dead as this one. Begin anew, once.
    connections.drop_lost(engine)
    try:
        return _through_pool(engine, statement, arguments, reads)
    except _Stale as error:
        raise Unavailable(retry_after=2) from error


def _through_pool(engine: Any, statement: str, arguments: Any, reads: bool) -> Sequence[Any]:
    connection = None
    try:
        connection = engine.raw_connection()
        with _autocommit(engine, connection):
            connection.rollback()  # a pool that is told to reset nothing hands out a snapshot of earlier
            cursor = connection.cursor()
            cursor.execute(statement, arguments)
            rows: Sequence[Any] = cursor.fetchall() if reads else ()
            cursor.close()
            if not reads:
                connection.commit()
            return rows
    except BaseException as error:
        reason = _reason(engine, error, connection.dbapi_connection if connection is not None else None)
        if connection is not None and isinstance(reason, _Stale):
            connection.invalidate(error)
        if reason is error:
            raise
        raise reason from error
    finally:
        if connection is not None:
            connection.close()


@contextmanager
def _autocommit(engine: Any, connection: Any) -> Iterator[None]:
    """Keep psycopg from sending BEGIN before the statement, which setting its autocommit does without a round trip."""
    driver = connection.driver_connection
    if engine.dialect.name != "postgresql" or driver.autocommit:
        yield
        return
    driver.autocommit = True
    try:
        yield
    finally:
        if connection.is_valid and not getattr(driver, "closed", False):
            driver.autocommit = False


def _reason(engine: Any, error: BaseException, connection: Any) -> BaseException:
    """Return what an error means; itself where it is a defect of ours or no error of the driver."""
    if not isinstance(error, engine.dialect.loaded_dbapi.Error):
        return error
    if engine.dialect.is_disconnect(error, connection, None) or code(error) in _PLAN_IS_STALE:
        return _Stale()
    # Where no connection can be made, a pool raises what the driver raised.
    return Unavailable(retry_after=2) if is_away(error) else error
