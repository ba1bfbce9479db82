"""Tell what a database error means: taken, gone, away, or an error of ours."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from sqlalchemy import exc
from sqlalchemy.orm.exc import ObjectDeletedError

from ...base.errors import Deadlock, Unavailable
from ..drivers import integrity, is_away, is_deadlock

VANISHED: type[Exception] = ObjectDeletedError


@contextmanager
def outages() -> Iterator[None]:
    """Raise Unavailable where the database is away. Anything else stays what it is, also a refusal: outside the
    verbs the statements are the application's."""
    try:
        yield
    except exc.TimeoutError as error:  # no connection came free in the pool
        raise Unavailable(retry_after=2) from error
    except exc.DBAPIError as error:
        if is_deadlock(error.orig):
            raise Deadlock(retry_after=1) from error
        if error.connection_invalidated or is_away(error.orig):
            raise Unavailable(retry_after=2) from error
        raise


@contextmanager
def translated(kind: str, unique: Collection[str] = ()) -> Iterator[None]:
    """Raise what the core knows in place of what SQLAlchemy raised.

    Args:
        kind: The table that is worked on.
        unique: Its columns under a unique rule, with the names of the rules.

    Raises:
        Taken, Gone, Unavailable: see `Store`. Anything else is an error of ours and stays what it is.
    """
    try:
        with outages():
            yield
    except exc.IntegrityError as error:
        refusal = integrity(kind, unique, error.orig)
        if refusal is None:
            raise
        raise refusal from error
