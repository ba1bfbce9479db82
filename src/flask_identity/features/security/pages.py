"""The door for people."""

from __future__ import annotations

from flask import Response

from ...core.scopes import ApiTokenSettings
from ...web import rows
from ...web.arrival import signed_in
from ...web.current import services, state
from ...web.replies import page


def show() -> Response:
    """Show the parts that are switched on."""
    who, known = signed_in(), state()
    return page(
        "security/security.html",
        sessions=[rows.session(row, who.session_id) for row in services.sessions.of(who.id)],
        tokens=[rows.token(row) for row in services.sessions.tokens(who.id)] if known.on("api_tokens") else (),
        offered=known.get(ApiTokenSettings).scopes if known.on("api_tokens") else (),
    )
