"""Rows for the contract of a store: what the core gives it, with what a test cares about put in."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Any

from flask_identity.base.ports import Kind, Store, Unit
from flask_identity.core.activity import bound

BEGAN = 1_700_000_000


def person(name: str = "ada", **fields: Any) -> dict[str, Any]:
    """The values of a user."""
    values = {
        "email": f"{name}@example.com",
        "password": "a record",
        "active": True,
        "uniquifier": secrets.token_hex(16),
    }
    return values | fields


def add_person(store: Store, name: str = "ada", **fields: Any) -> Any:
    """Add a user and return its id."""
    with store.unit():
        added: Any = store.add(Kind.USER, person(name, **fields))
        return added.id


def add_role(store: Store, name: str, rank: int = 0, permissions: frozenset[str] = frozenset()) -> Any:
    """Add a role and return its id."""
    values = {"name": name, "description": "", "permissions": permissions, "rank": rank}
    with store.unit():
        added: Any = store.add(Kind.ROLE, values)
        return added.id


def give(store: Store, user_id: Any, role_id: Any) -> None:
    """Let a user hold a role."""
    store.add(Kind.MEMBERSHIP, {"user_id": user_id, "role_id": role_id})


def session(user_id: Any, id: str = "s1", **fields: Any) -> dict[str, Any]:
    """The values of a session."""
    values = {"id": id, "digest": secrets.token_hex(32), "user_id": user_id, "kind": "cookie", "remember": False}
    values |= {"uniquifier": "u", "created_at": BEGAN, "last_seen_at": BEGAN, "proved_at": BEGAN}
    return values | {"expires_at": BEGAN + 3600, "ip": "192.0.2.7", "agent": "a browser"} | fields


def throttle(key: str = "k", **fields: Any) -> dict[str, Any]:
    """The values of a throttle."""
    values = {"key": key, "count": 0, "reserved": 0, "reserved_until": 0, "locked_until": 0, "expires_at": BEGAN}
    return values | fields


def happened(at: int, what: str = "signed_in", details: str = '{"by":"password"}') -> dict[str, Any]:
    """The values of something that happened at a microsecond."""
    values = {"id": bound(at) + secrets.token_hex(4), "at": at, "what": what, "outcome": "ok", "ip": None}
    return values | {"actor": None, "target": "1", "details": details}


def utc(time: datetime) -> datetime:
    """A time that a store gave, aware: Pony's columns hold naive UTC, since Pony drops the zone."""
    return time if time.tzinfo is not None else time.replace(tzinfo=UTC)


class Stop(Exception):
    """What a caller raises to see what is undone."""


@contextmanager
def undone(store: Store, error: type[BaseException] = Stop) -> Iterator[Unit]:
    """A unit that ends with an exception."""
    with suppress(error), store.unit() as unit:
        yield unit
        raise error
