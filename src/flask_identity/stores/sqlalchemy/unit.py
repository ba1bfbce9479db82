"""Units of work on the application's own session."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from ...base.errors import Unavailable
from .faults import translated

_OPEN = "flask_identity_unit"


class OpenUnit:
    """The outermost unit that is open on a session."""

    def __init__(self) -> None:
        self._calls: list[Callable[[], object]] = []

    def after_commit(self, call: Callable[[], object]) -> None:
        """Run `call` once this has committed; never when it rolls back."""
        self._calls.append(call)

    def committed(self) -> None:
        """Run what was asked for."""
        for call in self._calls:
            call()


def is_open(session: Any) -> bool:
    """Say whether a unit is open on a session."""
    return _OPEN in session.info


def is_idle(session: Any) -> bool:
    """Say whether a session has neither a unit nor a transaction nor rows of the application under way."""
    return not (is_open(session) or session.in_transaction() or session.new or session.dirty or session.deleted)


@contextmanager
def unit(session: Any) -> Iterator[OpenUnit]:
    """Open a unit on a session. Inside another it joins that one."""
    joined: OpenUnit | None = session.info.get(_OPEN)
    if joined is not None:
        yield joined
        return
    opened = session.info[_OPEN] = OpenUnit()
    try:
        with translated("unit"):
            yield opened
            session.commit()
    except BaseException:
        _roll_back(session)
        raise
    finally:
        session.info.pop(_OPEN, None)
    opened.committed()


@contextmanager
def reading(session: Any) -> Iterator[None]:
    """Read; where nothing else was under way, give the connection back at once and keep what was read.

    No transaction may stay open while a password is hashed or waits for its turn.
    """
    idle = is_idle(session)
    try:
        yield
    except Unavailable:
        if idle:
            _roll_back(session)
        raise
    if idle and session.in_transaction():
        expires, session.expire_on_commit = session.expire_on_commit, False
        try:
            session.commit()
        finally:
            session.expire_on_commit = expires


def _roll_back(session: Any) -> None:
    try:
        with translated("unit"):
            session.rollback()
    except Unavailable:
        session.invalidate()  # the connection is lost, and with it what was under way
