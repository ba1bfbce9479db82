"""Coming in and going out: the cookie, who the caller is from now on, and where to go next."""

from __future__ import annotations

from typing import Any

from flask import Response, after_this_request, request, url_for

from ..base.errors import NotSignedIn
from ..core.principal import Principal
from ..core.sessions import COOKIE, Started
from ..core.sign_in import Ticket
from ..core.sign_out import sign_out
from . import cookies
from .authenticate import caller, remember_caller
from .client import client
from .current import services, state
from .redirects import safe_next


def arrived(session: Started) -> None:
    """Give the browser the cookie of a session that just began, and make its user the caller."""
    cookies.give(session)
    remember_caller(services.sessions.resume(session.secret.value, COOKIE))


def left() -> None:
    """Take the cookie back and let the browser forget what it kept of this site."""
    cookies.take_back()
    remember_caller(None)

    def forget(response: Response) -> Response:
        response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
        return response

    after_this_request(forget)


def replaced() -> str | None:
    """Return the id of the session the request came with, which ends when another begins."""
    if cookies.presented() is None:
        return None
    who = caller()
    return who.session_id if who is not None and who.via == "session" else None


def signed_in() -> Principal:
    """Return who is calling.

    Raises:
        NotSignedIn: for nobody.
    """
    who = caller()
    if who is None:
        raise NotSignedIn
    return who


def onward(target: str | None) -> str:
    """Return where to go after signing in: the target if it is a path on this site, else the profile."""
    checked = safe_next(target)
    if checked is not None:
        return checked
    return url_for("identity.profile") if state().on("profile") else f"{request.script_root}/"


def login_user(user: Any, *, remember: bool = False) -> None:
    """Sign a user in on the current request: the session is replaced and tracked, the cookie set.

    Args:
        user: A row of the application's user class.
        remember: Whether the session outlives the browser.

    Raises:
        InvalidCredentials: where the account is not active.
        RuntimeError: outside a request.
    """
    ticket = Ticket(COOKIE, remember, replaced())
    arrived(services.sign_in.start(user, client(), ticket).session)


def logout_user() -> None:
    """End the session the current request came with; its cookie goes with the answer."""
    who = caller()
    if who is not None:
        sign_out(services, who)
    left()
