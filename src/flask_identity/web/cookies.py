"""The identity cookie: one name, one shape, written and read here only."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import urlsplit

from flask import Response, after_this_request, current_app, request

from ..core.sessions import Started
from .client import on_loopback, scheme
from .current import current_request, state

NAME = "__Host-identity"
LOOPBACK_NAME = "identity"


def presented() -> str | None:
    """Return the value the request brought, unchecked."""
    # Parsing all cookies would cost more than the rest of reading who is calling.
    header: str | None = current_request().environ.get("HTTP_COOKIE")
    found = _pattern(name()).search(header) if header else None
    return found[1] if found else None


def give(session: Started) -> None:
    """Set the cookie of a session on the answer to the current request."""
    cookie, value, remember = name(), session.secret.value, session.remember

    def write(response: Response) -> Response:
        response.set_cookie(
            cookie,
            value,
            max_age=state().services.sessions.remember_for if remember else None,
            secure=cookie == NAME,
            httponly=True,
            samesite="Lax",
            path="/",
        )
        return response

    after_this_request(write)


def take_back() -> None:
    """Delete the cookie with the answer to the current request."""
    cookie = name()

    def write(response: Response) -> Response:
        if f"{cookie}=" not in str(response.headers.getlist("Set-Cookie")):
            response.delete_cookie(cookie, secure=cookie == NAME, httponly=True, samesite="Lax", path="/")
        return response

    after_this_request(write)


def in_development() -> bool:
    """Say whether plain HTTP on loopback may carry a sign-in: DEBUG, TESTING, or a loopback IDENTITY_BASE_URL."""
    base = state().web.base_url
    return current_app.debug or current_app.testing or (bool(base) and on_loopback(urlsplit(base or "").netloc))


def name() -> str:
    """Return the name the cookie has on the current request."""
    # A browser keeps no Secure cookie from plain HTTP on 127.0.0.1; without this exception nobody could try it out.
    if scheme() == "http" and on_loopback(request.host) and in_development():
        return LOOPBACK_NAME
    return NAME


@lru_cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?:^|;)\s*{re.escape(name)}=([^;\s]*)")
