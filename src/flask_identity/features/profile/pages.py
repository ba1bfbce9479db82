"""Both doors."""

from __future__ import annotations

from typing import Any

from flask import Response

from ...base.ports import Kind, Row
from ...core import confirming
from ...web.arrival import signed_in
from ...web.current import services, state
from ...web.payload import payload, profile_payload
from ...web.replies import page
from .export import MOST_EVENTS


def show() -> Response:
    """Show one's own profile."""
    user, profile = _own()
    return page(
        "profile/profile.html",
        user=user,
        profile=profile_payload(profile),
        pending_email=confirming.awaited(services, user),
        events_in_export=MOST_EVENTS,
        keeps_pictures=services.images is not None,
        sessions=len(services.sessions.of(user.id)) if state().on("sessions") else None,
        tokens=len(services.sessions.tokens(user.id)) if state().on("api_tokens") else None,
    )


def read() -> dict[str, Any]:
    """Return one's own account and profile."""
    user, profile = _own()
    return {"user": {**payload(user), "profile": profile_payload(profile)}}


def _own() -> tuple[Row, Row | None]:
    who = signed_in()
    user = services.store.first(Kind.USER, {"id": who.id})
    return user, services.store.first(Kind.PROFILE, {"user_id": who.id})
