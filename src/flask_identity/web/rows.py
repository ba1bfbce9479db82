"""What is told of a session, of an API token and of what happened: everything but what opens something."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from ..base.clock import from_epoch, from_micros
from ..base.errors import InvalidInput, NotFound
from ..core import secrets
from ..core.sessions import NEVER
from .current import services
from .payload import moment


def session(row: Any, current: str | None) -> dict[str, Any]:
    """Return a session under its handle.

    Args:
        row: The session's row.
        current: The id of the session the request came with, which is marked.
    """
    return {
        "handle": secrets.handle(row.id),
        "kind": row.kind,
        "current": row.id == current,
        "created_at": moment(from_epoch(row.created_at)),
        "last_seen_at": moment(from_epoch(row.last_seen_at)),
        "ip": row.ip,
        "agent": row.agent,
    }


def event(row: Any, users: Mapping[str, Any] = MappingProxyType({})) -> dict[str, Any]:
    """Return something that happened, with what pages need besides under `shown`.

    Args:
        row: Its row.
        users: The users it may name, by their ids as text.
    """
    return {
        "id": row.id,
        "at": moment(from_micros(row.at)),
        "actor": _key(row.actor),
        "target": _key(row.target),
        "what": row.what,
        "ip": row.ip,
        "outcome": row.outcome,
        "shown": {
            "actor": users.get(row.actor),
            "target": users.get(row.target),
            "details": json.loads(row.details) if row.details else {},
        },
    }


def own_event(row: Any, own_id: Any, users: Mapping[str, Any] = MappingProxyType({})) -> dict[str, Any]:
    """Return it as the person to whom it happened may see it: not who else did it, nor from where.

    Args:
        row: Its row.
        own_id: The person's id.
        users: See `event`.
    """
    told = event(row, users)
    if row.actor in (None, str(own_id)):
        return told
    return {**told, "actor": None, "ip": None, "shown": {**told["shown"], "actor": None, "by_other": True}}


def bare(told: Mapping[str, Any]) -> dict[str, Any]:
    """Return an event as programs get it, without what only pages need."""
    return {name: value for name, value in told.items() if name != "shown"}


def _key(text: str | None) -> Any:
    """Return an id in the form that `user.id` has in answers; one of another form than today's keys stays a text."""
    if text is None:
        return None
    try:
        found = services.store.user_id(text)
    except (InvalidInput, NotFound):
        return text
    return found if isinstance(found, int) else str(found)


def token(row: Any) -> dict[str, Any]:
    """Return an API token under its handle."""
    return {
        "handle": secrets.handle(row.id),
        "name": row.name,
        "scopes": row.scopes.split(),
        "created_at": moment(from_epoch(row.created_at)),
        "last_used_at": moment(from_epoch(row.last_seen_at)) if row.last_seen_at else None,
        "expires_at": moment(from_epoch(row.expires_at)) if row.expires_at != NEVER else None,
    }
