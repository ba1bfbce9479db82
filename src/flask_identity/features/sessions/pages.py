"""Both doors."""

from __future__ import annotations

from typing import Any

from flask import Response

from ...web.arrival import left, signed_in
from ...web.current import services
from ...web.replies import go, page
from . import actions


def show() -> Response:
    """Show where one is signed in."""
    return page("sessions/sessions.html", sessions=actions.listed(services, signed_in()))


def read() -> dict[str, Any]:
    """Return where one is signed in."""
    return {"sessions": actions.listed(services, signed_in())}


def end(handle: str) -> dict[str, Any]:
    """End one session."""
    if actions.end(services, signed_in(), handle):
        left()
    return {"ended": 1}


def end_others() -> dict[str, Any]:
    """End all other sessions."""
    return {"ended": actions.end_others(services, signed_in())}


def end_by_form(handle: str) -> Response:
    """End one session, without JavaScript."""
    if actions.end(services, signed_in(), handle):
        left()
        return go("login")
    return go("sessions")


def end_others_by_form() -> Response:
    """End all other sessions, without JavaScript."""
    actions.end_others(services, signed_in())
    return go("sessions")
