"""Tell what an error from Pony means: taken, gone, away, or an error of ours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from pony.orm import core, dbapiprovider

from ...base.errors import Deadlock, Unavailable
from ..drivers import integrity, is_away, is_deadlock

VANISHED: type[Exception] = core.UnrepeatableReadError

_FROM_BELOW = (dbapiprovider.DBException, core.TransactionError)


@contextmanager
def outages() -> Iterator[None]:
    """Raise Unavailable where the database is away. Anything else stays what it is, also a refusal: outside the
    verbs the statements are the application's."""
    try:
        yield
    except _FROM_BELOW as error:
        if is_deadlock(driver_error(error)):
            raise Deadlock(retry_after=1) from error
        if is_outage(error):
            raise Unavailable(retry_after=2) from error
        raise


@contextmanager
def translated(kind: str, unique: Sequence[str] = ()) -> Iterator[None]:
    """Raise what the core knows in place of what Pony raised.

    Args:
        kind: The table that is worked on.
        unique: Its columns under a unique rule.

    Raises:
        Taken, Gone, Unavailable: see `Store`. Anything else is an error of ours and stays what it is.
    """
    try:
        with outages():
            yield
    except _FROM_BELOW as error:
        orig = driver_error(error)
        refusal = integrity(kind, unique, orig) if orig is not None else None
        if refusal is not None:
            raise refusal from error
        raise


def is_outage(error: BaseException) -> bool:
    """Say whether an error from Pony means that the database is away."""
    if isinstance(error, core.ConnectionClosedError):  # lost in the middle of a transaction
        return True
    orig = driver_error(error) if isinstance(error, _FROM_BELOW) else None
    return orig is not None and is_away(orig)


def driver_error(error: BaseException | None) -> Any:
    """Return the driver's error inside one of Pony's, which may be wrapped several times; None without one."""
    while error is not None:
        exceptions = getattr(error, "exceptions", None)  # those of a commit that failed
        inner = exceptions[0][1] if exceptions else getattr(error, "original_exc", None)
        if inner is None:
            return None if isinstance(error, _FROM_BELOW) else error
        error = inner
    return None
