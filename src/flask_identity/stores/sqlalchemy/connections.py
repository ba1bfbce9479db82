"""A few connections of an engine outside its pool, in autocommit, for statements that stand alone (decision 5).

Taking a connection from the pool and giving it back costs as much as the statement that tells who is calling, and on
PostgreSQL and MariaDB a round trip more. A copy of the engine's pool makes these, so that what the application does
to a new connection is done to them, and then detached from it. Never by the pool itself: a thread that has one of
its connections and waits for another, while all are with threads that do the same, waits until somebody gives up.
"""

from __future__ import annotations

import os
import threading
import time
import weakref
from collections import deque
from collections.abc import Callable
from contextlib import closing, suppress
from typing import Any, NamedTuple

from sqlalchemy import Engine, Pool, QueuePool, event

from . import prepared

AT_MOST = 8
"""Per engine and process; whoever asks while all are out waits for one, which is out for one statement only."""

_WAIT = 5.0  # seconds; then through the pool after all

_SECONDS = 300.0
"""How old one gets: many a firewall forgets a connection that says nothing for longer, without telling anybody."""


class Own(NamedTuple):
    """A connection with the one cursor it is used through."""

    connection: Any
    cursor: Any
    made_at: float
    gone: Callable[[], None]
    """Makes room for another where this one was kept."""


class Connections:
    """The connections kept for one engine."""

    def __init__(self) -> None:
        self._idle: deque[Own] = deque()
        self._room = threading.BoundedSemaphore(AT_MOST)
        self._maker: Pool | None = None
        self.closed: bool = False

    def take(self, engine: Engine) -> Own | None:
        """Return a connection that nobody else has until it is given back or closed; None where all stay out.

        Raises:
            SQLAlchemyError: where none can be made.
        """
        began = time.monotonic()
        while True:
            try:
                own = self._idle.pop()
            except IndexError:
                made = self._another(engine)
                if made is not None or time.monotonic() > began + _WAIT:
                    return made
                time.sleep(0.0005)
                continue
            if own.made_at > began - _SECONDS:
                return own
            close(own)

    def _another(self, engine: Engine) -> Own | None:
        # Without a bound, a crowd of threads would take what the server has left for everybody else.
        room = self._room
        if not room.acquire(blocking=False):
            return None
        try:
            if self._maker is None:
                self._maker = engine.pool.recreate()
            return _made(engine, self._maker, room.release)
        except BaseException:
            room.release()
            raise

    def give(self, own: Own) -> None:
        """Take a connection back."""
        if self.closed:
            close(own)
        else:
            self._idle.append(own)

    def close(self) -> None:
        """Close all of them, those that are out when they come back."""
        self.closed = True
        while self._idle:
            close(self._idle.pop())

    def forget(self) -> None:
        """Let go of all of them without closing any: after a fork they are the parent's."""
        _the_parents.extend(self._idle)
        self._idle.clear()
        self._room = threading.BoundedSemaphore(AT_MOST)


_kept: weakref.WeakKeyDictionary[Engine, Connections] = weakref.WeakKeyDictionary()
_the_parents: list[Own] = []


def of(engine: Any) -> Connections | None:
    """Return the connections kept for an engine; None where each statement has to go through its pool.

    That is where a pool keeps nothing, or one connection for each thread, and where the application listens to what
    comes and goes, since it may change a connection for whoever has it.
    """
    found = _kept.get(engine)
    if found is not None:
        return found
    if type(engine) is not Engine or type(engine.pool) is not QueuePool:
        return None
    events: Any = engine.pool.dispatch
    if events.checkout or events.checkin or events.reset:
        return None
    made = Connections()
    found = _kept.setdefault(engine, made)
    if found is made:  # and not that of another thread, whose first request this was too
        weakref.finalize(engine, made.close).atexit = False
        event.listen(engine, "engine_disposed", _disposed)
    return found


def close(own: Own) -> None:
    """Close a connection, which may be lost already."""
    with suppress(ValueError):  # closed before
        own.gone()
    with suppress(Exception):
        # Not through the pool's proxy: it would roll back first, and where that fails it closes nothing.
        own.connection.dbapi_connection.close()


def drop_lost(engine: Any) -> None:
    """Close the connections kept for an engine, and those in its pool that are lost.

    Disposing of the pool would be one step, but one that is out would come back to a pool nobody has, and stay open.
    """
    _disposed(engine)
    for _ in range(getattr(engine.pool, "checkedin", int)()):
        with suppress(Exception), closing(engine.raw_connection()) as connection:
            try:
                engine.dialect.do_ping(connection.dbapi_connection)
            except engine.dialect.loaded_dbapi.Error as error:
                connection.invalidate(error)


def _made(engine: Engine, maker: Pool, gone: Callable[[], None]) -> Own:
    connection: Any = maker.connect()
    try:
        engine.dialect.set_isolation_level(connection.dbapi_connection, "AUTOCOMMIT")
        cursor = prepared.cursor(engine.dialect.driver, connection.dbapi_connection)
    except BaseException:
        connection.invalidate()  # back in the copy of the pool nobody would ever close it
        raise
    connection.detach()
    return Own(connection, cursor, time.monotonic(), gone)


def _disposed(engine: Engine) -> None:
    kept = _kept.pop(engine, None)
    if kept is not None:
        # The listener stays: it is registered once however often, and may not be removed while it runs.
        kept.close()


def _forked() -> None:
    for kept in list(_kept.values()):
        kept.forget()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forked)
