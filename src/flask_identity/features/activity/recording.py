"""Write down what happens, in the unit in which it does: what is undone leaves no row, what is done has one."""

from __future__ import annotations

from typing import Any

from flask import current_app, has_request_context, request

from ...base import events
from ...base.clock import epoch
from ...core import activity, sweep
from ...core.lockout import Lockout
from ...core.services import Services
from ...core.sign_in import Entry, Phases
from ...core.throttle import key
from ...models.behaviour import EXTENSION
from ...web.authenticate import by_header, known
from ...web.client import address
from .settings import ActivitySettings

UNKNOWN_AN_HOUR = 1000
"""How many failures with names that are nobody's are written down an hour: a flood of them must not fill the table.
Those with an account are as few as its lock lets be evaluated."""

_WAYS = {
    "identity.login": "password",
    "identity.register": "registration",
    "identity.accept_invitation_token": "invitation",
}
_ALIKE = (
    *("signed_out", "sessions_ended", "password_changed", "roles_changed", "token_made", "token_ended"),
    *("invitation_sent", "invitation_accepted", "invitation_taken_back"),
)
"""Signals that are called as what is written down of them."""


def phases(services: Services) -> Phases:
    """Join signing in where it fails: it is the failure's own unit, which outlives the refusal."""

    def failed(entry: Entry) -> None:
        _failed(services, entry)

    return Phases(after_failure=(failed,))


def connect(app: Any, services: Services) -> None:
    """Listen to every signal of one application; strongly, so that this lives as long as the process."""

    def told(signal: Any, what: str) -> None:
        def receive(_: Any, *, user: Any, fields: tuple[str, ...], inviter: Any = None, **__: Any) -> None:
            _happened(services, what, user, fields, inviter)

        signal.connect(receive, sender=app, weak=False)

    told(events.signed_in, activity.SIGNED_IN)
    for name in _ALIKE:
        told(getattr(events, name), name)
    told(events.user_created, "account_created")
    told(events.user_updated, "account_changed")
    told(events.user_deleted, "account_deleted")
    told(events.status_changed, "account_unlocked")


def _happened(services: Services, what: str, user: Any, fields: tuple[str, ...], inviter: Any) -> None:
    details: dict[str, Any] = {}
    if what == "account_changed":
        if not fields:  # of the profile, or of roles, which tell of themselves
            return
        if fields == ("confirmed_at",):
            what = "address_confirmed"
        else:
            details["fields"] = [name for name in fields if name != "confirmed_at"]
    elif what == "account_unlocked" and "active" in fields:
        what = "account_activated" if user.active else "account_suspended"
    elif what == "roles_changed":
        details["roles"] = sorted(services.accounts.rights_of(user)[0])
    elif what == activity.SIGNED_IN:
        details["by"] = _way(services)
    elif what == "account_deleted":
        activity.forget(services.store, user.id)
    actor = user.id if what in (activity.SIGNED_IN, "signed_out") else _actor(services)
    if what == "account_created" and actor is None and _in_request(services):
        actor = user.id  # somebody registered
    if inviter is not None:  # with whose right the account was made
        actor = inviter.id
    _write(services, what, actor, user.id, activity.OK, details)


def _failed(services: Services, entry: Entry) -> None:
    refused, store = activity.REFUSED, services.store
    if entry.user is None:
        window = epoch() // 3600
        if store.bump(key("limit", f"unknown names:{window}"), (window + 1) * 3600) <= UNKNOWN_AN_HOUR:
            _write(services, activity.SIGN_IN_FAILED, None, None, refused, {"by": _way(services)})
        return
    target = entry.user.id
    if entry.name:
        _write(services, activity.SIGN_IN_FAILED, None, target, refused, {"by": _way(services)})
    else:  # somebody who is signed in was asked once more
        _write(services, "password_refused", target, target, refused, {})
    if services.lockout.locked(Lockout.key(target, "")):
        _write(services, "account_locked", None, target, activity.OK, {})


def _write(services: Services, what: str, actor: Any, target: Any, outcome: str, details: dict[str, Any]) -> None:
    ip = address() if _in_request(services) else None
    with services.store.unit() as unit:
        activity.record(services.store, what, actor=actor, target=target, outcome=outcome, ip=ip, details=details)
        if sweep.drawn():
            kept = services.sender.extensions[EXTENSION].get(ActivitySettings).activity_for
            unit.after_commit(lambda: sweep.sweep_activity(services.store, kept))


def _actor(services: Services) -> Any:
    who = known() if _in_request(services) else None
    return who.id if who is not None else None


def _in_request(services: Services) -> bool:
    # A request of another application in this process says nothing of who acts in this one.
    return has_request_context() and current_app._get_current_object() is services.sender  # type: ignore[attr-defined]


def _way(services: Services) -> str:
    if not _in_request(services):
        return "application"
    return _WAYS.get(request.endpoint or "", "basic" if by_header() else "application")
