"""The door for programs."""

from __future__ import annotations

from typing import Any

from ...base.ports import Row
from ...core import administration
from ...models.behaviour import role_name, status
from ...web.arrival import signed_in
from ...web.current import services, state
from ...web.payload import moment, payload
from . import actions, bulk, person
from .inputs import Bulk, Listing, UpdateStatus


def listing(asked: Listing) -> dict[str, Any]:
    """Return a page of people."""
    found = actions.listing(services, asked, confirmation=state().confirmation)
    users = [summary(user, found.page.roles.get(user.id, ())) for user in found.page.users]
    return {"users": users, "next": found.next, "previous": found.previous, "counts": found.counts}


def update_status(given: UpdateStatus) -> dict[str, Any]:
    """Suspend or activate someone."""
    user_id = services.store.user_id(given.id)
    ended = administration.set_status(services, signed_in(), user_id, given.status, given.reason)
    # Read once more: somebody else may have deleted the account since.
    return {"user": summary(person.find(services, user_id), None), "sessions_ended": ended}


def end_sessions(id: str) -> dict[str, Any]:
    """End all sessions of a person but the one the request came with."""
    return {"sessions_ended": person.end_all(services, signed_in(), services.store.user_id(id))}


def change_many(given: Bulk) -> dict[str, Any]:
    """Do one thing to many people."""
    found = bulk.change(services, signed_in(), given, confirmation=state().confirmation)
    return {"done": found.done, "skipped": found.skipped, "more": found.more}


def summary(user: Row, roles: Any) -> dict[str, Any]:
    """Return what the list says of a person.

    Args:
        user: The row.
        roles: Their role names, highest rank first; None reads them from the row.
    """
    role = role_name(user) if roles is None else next(iter(roles), None)
    return {
        **payload(user),
        "email": user.email,
        "role": role,
        "status": status(user),
        "version": getattr(user, "version", None),
        "last_login_at": moment(getattr(user, "last_login_at", None)),
        "created_at": moment(getattr(user, "created_at", None)),
    }
