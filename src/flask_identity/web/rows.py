"""What is told of a session and of an API token: everything but what opens something."""

from __future__ import annotations

from typing import Any

from ..base.clock import from_epoch
from ..core import secrets
from ..core.sessions import NEVER
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
