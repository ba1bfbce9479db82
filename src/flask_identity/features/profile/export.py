"""What is kept about oneself, as a file."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from flask import Response

from ...base.clock import now
from ...base.errors import NotSignedIn
from ...base.ports import Kind
from ...core import activity
from ...core.principal import Principal
from ...web import rows
from ...web.arrival import signed_in
from ...web.current import services, state
from ...web.payload import moment, payload, profile_payload

# By name, so that a column which opens something never comes along: neither the password's record nor the uniquifier.
_ACCOUNT = (
    "email", "username", "active", "confirmed_at", "created_at", "updated_at", "current_login_at", "current_login_ip",
    "last_login_at", "last_login_ip", "login_count", "failed_logins", "locked_until", "suspended_reason",
)  # fmt: skip

MOST_EVENTS = 10_000
"""How much of what happened comes along, the newest of it; /activity shows all."""
_AT_ONCE = 1000


def export() -> Response:
    """Send what the library keeps about the caller, without what opens something."""
    who = signed_in()
    user = services.store.first(Kind.USER, {"id": who.id})
    if user is None:  # deleted since the request began
        raise NotSignedIn
    profile = services.store.first(Kind.PROFILE, {"user_id": who.id})
    kept = {
        "exported_at": moment(now()),
        "user": {**payload(user), **{name: _plain(getattr(user, name, None)) for name in _ACCOUNT}},
        "profile": profile_payload(profile),
        "roles": sorted(who.roles),
        "sessions": [rows.session(row, who.session_id) for row in services.sessions.of(who.id)],
        "tokens": [rows.token(row) for row in services.sessions.tokens(who.id)],
    }
    if state().on("activity"):
        kept["activity"] = _happened(who)
    answer = Response(json.dumps(kept, indent=2, ensure_ascii=False, default=str), mimetype="application/json")
    answer.headers["Content-Disposition"] = 'attachment; filename="my-data.json"'
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def _happened(who: Principal) -> list[dict[str, Any]]:
    wanted = activity.Selection(targets=[str(who.id)])
    told: list[dict[str, Any]] = []
    last = None
    while len(told) < MOST_EVENTS:
        found = activity.page(services.store, wanted, limit=_AT_ONCE, after=last)
        told += [rows.bare(rows.own_event(row, who.id)) for row in found[: min(_AT_ONCE, MOST_EVENTS - len(told))]]
        if len(found) <= _AT_ONCE:
            break
        last = found[_AT_ONCE - 1].id
        services.store.forget_read()
    return told


def _plain(value: Any) -> Any:
    return moment(value) if isinstance(value, datetime) else value
