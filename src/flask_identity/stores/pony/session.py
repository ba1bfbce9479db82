"""Units of work on Pony's `db_session`: the one that is active, else one of our own."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from pony.orm import core, db_session

from ..opened import OpenUnit
from . import loaded
from .faults import is_outage, outages


class Sessions:
    """What is under way on one Pony Database, in each thread.

    Args:
        db: The Database.
        classes: The entities whose rows are handed out; rows of a `db_session` of our own stay readable after it.
    """

    def __init__(self, db: Any, classes: Sequence[Any]) -> None:
        self.db = db
        self._classes = tuple(classes)
        self._local = threading.local()

    @property
    def cache(self) -> Any:
        """What Pony keeps of this Database for this thread, None while it keeps nothing."""
        return core.local.db2cache.get(self.db)

    def is_open(self) -> bool:
        """Say whether a unit is open."""
        return self._unit() is not None

    def idle(self) -> bool:
        """Say whether neither a unit nor a transaction nor changed rows of the application are under way."""
        cache = self.cache
        return not self.is_open() and (cache is None or not (cache.in_transaction or cache.modified))

    @contextmanager
    def unit(self) -> Iterator[OpenUnit]:
        """Open a unit. Inside another it joins that one.

        Raises:
            RuntimeError: where something was raised and caught inside: what was done before it is undone all the same.
        """
        joined = self._unit()
        if joined is not None:
            with _noted(joined):
                yield joined
            return
        opened = self._local.unit = OpenUnit()
        try:
            with outages(), self._active():
                try:
                    yield opened
                    opened.check()
                    self.commit()
                except BaseException:
                    self.roll_back()
                    raise
        finally:
            self._local.unit = None
        opened.committed()

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Read; where nothing else was under way, leave no transaction behind and keep what was read.

        None may stay open while a password is hashed or waits for its turn.
        """
        opened = self._unit()
        if opened is not None:
            with _noted(opened):
                yield
            return
        with self._active():
            idle = self.idle()
            try:
                yield
            except Exception as error:
                if idle and is_outage(error):
                    self.roll_back()
                raise
            if idle and self.cache is not None:
                self.commit()

    def commit(self) -> None:
        """Commit what is under way and let the session go on as it began."""
        cache = self.cache
        if cache is None:
            return
        cache.flush_and_commit()
        # Pony would take every later read into a transaction, which on SQLite locks everybody else out.
        cache.immediate = core.local.db_session.immediate
        if cache.connection is not None and not cache.immediate:
            self.db.provider.set_transaction_mode(cache.connection, cache)

    def roll_back(self) -> None:
        """Undo what is under way. Rows that were loaded can be read as far as they were, and no further."""
        cache = self.cache
        if cache is not None:
            with suppress(Exception):  # a connection that cannot roll back is dropped, and with it what was under way
                cache.rollback()

    def read(self, sql: str, values: Mapping[str, Any]) -> Any:
        """Run a SELECT and return its rows; of a single column, the values."""
        return self.db.select(sql, {}, dict(values))

    def write(self, sql: str, values: Mapping[str, Any]) -> Any:
        """Run a change in the current transaction; return the cursor, whose `rowcount` says how many rows matched."""
        return self.db.execute(sql, {}, dict(values))

    def begin(self) -> None:
        """Let the next statement begin a transaction, though it may only read."""
        self.db._get_cache().immediate = True

    def _unit(self) -> OpenUnit | None:
        return getattr(self._local, "unit", None)

    @contextmanager
    def _active(self) -> Iterator[None]:
        if core.local.db_session is not None:
            yield
            return
        with db_session:
            yield
            if self.cache is not None:
                loaded.complete(self.cache, self._classes)


@contextmanager
def _noted(opened: OpenUnit) -> Iterator[None]:
    try:
        with outages():
            yield
    except BaseException as error:
        opened.refused = error
        raise
