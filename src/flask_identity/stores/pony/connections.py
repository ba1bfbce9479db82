"""A few connections of our own beside Pony's, in autocommit, for statements that stand alone (decision 5).

Pony's own connection begins a transaction with the first statement, and on SQLite locks out everybody else's writes.
These are opened with the arguments the Database was bound with, and what the application does to a new connection is
done to them.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
import weakref
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, NamedTuple

from ...base.errors import Unavailable
from ...models.pony.columns import POSTGRES, SQLITE
from ..drivers import is_away

AT_MOST = 8
"""Per Database and process; whoever asks while all are out waits for one, which is out for one statement only."""

_WAIT = 5.0  # seconds; then through one more, closed afterwards

_SECONDS = 300.0
"""How old one gets: many a firewall forgets a connection that says nothing for longer, without telling anybody."""


class Own(NamedTuple):
    """A connection and when it was made."""

    connection: Any
    made_at: float


class Connections:
    """The connections kept for one Database."""

    def __init__(self, db: Any) -> None:
        self._db = db
        self._idle: deque[Own] = deque()
        self._room = threading.BoundedSemaphore(AT_MOST)
        weakref.finalize(self, _close_all, self._idle)
        _kept.add(self)

    def run(self, statement: str, arguments: tuple[Any, ...]) -> Sequence[Any]:
        """Run one statement and return the rows of a SELECT.

        Raises:
            Unavailable: where the database is away, also on a fresh connection, or does not take a change.
        """
        room = self._room
        # Without a bound, a crowd of threads would take what the server has left for everybody else.
        has_room = room.acquire(timeout=_WAIT)
        try:
            return self._run(statement, arguments)
        finally:
            if has_room:
                room.release()

    def close(self) -> None:
        """Close all that nobody uses."""
        _close_all(self._idle)

    def forget(self) -> None:
        """Let go of all of them without closing any: after a fork they are the parent's."""
        _the_parents.extend(self._idle)
        self._idle.clear()
        self._room = threading.BoundedSemaphore(AT_MOST)

    def _run(self, statement: str, arguments: tuple[Any, ...]) -> Sequence[Any]:
        own = self._take()
        if own is not None:
            try:
                return self._once(own, statement, arguments)
            except self._db.provider.dbapi_module.Error as error:
                if not is_away(error):
                    raise
                if self._db.provider.dialect == SQLITE:  # busy, not lost
                    raise Unavailable(retry_after=2) from error
            # The server was restarted since: every other connection is as dead as this one. Begin anew, once.
            _close_all(self._idle)
        try:
            return self._once(self._made(), statement, arguments)
        except self._db.provider.dbapi_module.Error as error:
            if is_away(error):
                raise Unavailable(retry_after=2) from error
            raise

    def _take(self) -> Own | None:
        youngest = time.monotonic() - _SECONDS
        while self._idle:
            with suppress(IndexError):
                own = self._idle.pop()
                if own.made_at > youngest:
                    return own
                _close(own)
        return None

    def _once(self, own: Own, statement: str, arguments: tuple[Any, ...]) -> Sequence[Any]:
        try:
            cursor = own.connection.cursor()
            cursor.execute(statement, arguments)
            rows: Sequence[Any] = cursor.fetchall() if cursor.description is not None else ()
            cursor.close()
        except BaseException:
            _close(own)
            raise
        if len(self._idle) < AT_MOST:
            self._idle.append(own)
        else:
            _close(own)
        return rows

    def _made(self) -> Own:
        provider = self._db.provider
        pool: Any = provider.pool
        if provider.dialect == SQLITE:
            options = {**pool.kwargs, "isolation_level": None, "check_same_thread": False}
            connection: Any = sqlite3.connect(pool.filename, **options)
        else:
            connection = pool.dbapi_module.connect(*pool.args, **pool.kwargs)
        try:
            self._db.call_on_connect(connection)
            if provider.dialect == POSTGRES:
                connection.autocommit = True
            elif provider.dialect != SQLITE:
                connection.autocommit(True)
        except BaseException:
            connection.close()
            raise
        return Own(connection, time.monotonic())


def _close_all(idle: deque[Own]) -> None:
    while idle:
        with suppress(IndexError):
            _close(idle.pop())


def _close(own: Own) -> None:
    # It may be lost already.
    with suppress(Exception):
        own.connection.close()


def _forked() -> None:
    for kept in list(_kept):
        kept.forget()


_kept: weakref.WeakSet[Connections] = weakref.WeakSet()
_the_parents: list[Own] = []

if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forked)
