"""Who is calling. An Authorization header decides alone; without one the cookie does. Read once a request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, after_this_request, request

from ..base.clock import epoch
from ..base.errors import IdentityRefusal, InvalidCredentials, InvalidInput
from ..core import secrets
from ..core.principal import Principal
from ..core.sessions import API, BEARER, COOKIE
from ..core.throttle import Limit
from . import cookies
from .client import address, client
from .current import current_request, state
from .vary import vary

_CALLER = "flask_identity.caller"
_UNREAD = object()

UNKNOWN_VALUES = Limit("unknown_values", per_address=100)
"""Cookies and tokens that open nothing, per address and minute. A good one never asks the throttle."""

BASIC = Limit("login", per_address=20, site=3000)
"""Shared with /login: HTTP Basic is the same guess by another way."""


def caller() -> Principal | None:
    """Return who is calling, or None; the same within a request.

    Raises:
        Unavailable: where the database is away.
        TooManyRequests: for an address that presents many values that open nothing.
    """
    environ = current_request().environ
    found: Any = environ.get(_CALLER, _UNREAD)
    if found is _UNREAD:
        try:
            found = _read(environ)
        except IdentityRefusal as refusal:
            found = refusal
        environ[_CALLER] = found
    if isinstance(found, IdentityRefusal):  # asked again, as by the page that says so, the answer is the same
        raise found
    principal: Principal | None = found
    return principal


def known() -> Principal | None:
    """Return who is calling as far as this request has found out; asks nothing, so that it can be called in a unit."""
    found = current_request().environ.get(_CALLER)
    return found if isinstance(found, Principal) else None


def remember_caller(principal: Principal | None) -> None:
    """Make someone the caller for the rest of this request."""
    request.environ[_CALLER] = principal
    after_this_request(_private)


def by_header() -> bool:
    """Say whether the request brought an Authorization header, which then decides alone."""
    return "HTTP_AUTHORIZATION" in current_request().environ


def _read(environ: Mapping[str, Any]) -> Principal | None:
    header = environ.get("HTTP_AUTHORIZATION")
    if header is not None:
        after_this_request(_private)
        return _from_header(header)
    value = cookies.presented()
    if value is None:
        after_this_request(lambda response: vary(response, "Cookie"))
        return None
    after_this_request(_private)
    principal = state().services.sessions.resume(value, COOKIE)
    if principal is None:
        cookies.take_back()
        state().services.throttle.count(UNKNOWN_VALUES, address())
    return principal


def _from_header(header: str) -> Principal | None:
    scheme, _, value = header.partition(" ")
    scheme, value = scheme.lower(), value.strip()
    if scheme == "bearer":
        principal = _from_bearer(value)
        if principal is None:
            state().services.throttle.count(UNKNOWN_VALUES, address())
        return principal
    if scheme == "basic" and state().web.basic:
        return _from_basic()
    return None


def _from_bearer(value: str) -> Principal | None:
    token, sessions = secrets.unmarked(value), state().services.sessions
    if token is None:
        return sessions.resume(value, BEARER)
    return sessions.resume(token, API) if state().on("api_tokens") else None


def _from_basic() -> Principal | None:
    given = request.authorization
    if given is None or given.username is None or given.password is None:
        return None
    services = state().services
    services.throttle.count(BASIC, address())
    try:
        user = services.sign_in.without_session(given.username, given.password, client())
    except (InvalidCredentials, InvalidInput):
        return None
    roles, permissions = services.accounts.rights_of(user)
    return Principal(user.id, user.email, roles, permissions, "basic", None, epoch())


def _private(response: Response) -> Response:
    """What was answered to someone is theirs alone (S-062)."""
    response.headers["Cache-Control"] = "no-store"
    return vary(response, "Cookie")
