"""Units of work on the application's own session."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ...base.errors import Unavailable
from ..opened import OpenUnit
from .faults import outages

_OPEN = "flask_identity_unit"


def is_open(session: Any) -> bool:
    """Say whether a unit is open on a session."""
    return _OPEN in session.info


def is_idle(session: Any) -> bool:
    """Say whether a session has neither a unit nor a transaction nor rows of the application under way."""
    return not (is_open(session) or session.in_transaction() or session.new or session.dirty or session.deleted)


@contextmanager
def unit(session: Any) -> Iterator[OpenUnit]:
    """Open a unit on a session. Inside another it joins that one.

    Raises:
        RuntimeError: where something was raised and caught inside: what was done before it is undone all the same.
    """
    joined: OpenUnit | None = session.info.get(_OPEN)
    if joined is not None:
        with _noted(joined):
            yield joined
        return
    opened = session.info[_OPEN] = OpenUnit()
    try:
        with outages():
            yield opened
            opened.check()
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
    opened: OpenUnit | None = session.info.get(_OPEN)
    if opened is not None:
        with _noted(opened):
            yield
        return
    idle = is_idle(session)
    try:
        yield
    except BaseException:
        if idle:
            _roll_back(session)
        raise
    if idle and session.in_transaction():
        expires, session.expire_on_commit = session.expire_on_commit, False
        try:
            with outages():
                session.commit()
        finally:
            session.expire_on_commit = expires


@contextmanager
def _noted(opened: OpenUnit) -> Iterator[None]:
    try:
        yield
    except BaseException as error:
        opened.refused = error
        raise


def _roll_back(session: Any) -> None:
    try:
        with outages():
            session.rollback()
    except Unavailable:
        session.invalidate()  # the connection is lost, and with it what was under way
