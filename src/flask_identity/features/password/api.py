"""The door for programs."""

from __future__ import annotations

from typing import Any

from flask import request

from ...base.ports import Kind
from ...core.sessions import BEARER, COOKIE
from ...core.sign_in import Ticket
from ...web.arrival import arrived, logout_user, onward, replaced, signed_in
from ...web.authenticate import caller
from ...web.client import client
from ...web.current import services
from ...web.payload import payload
from . import actions
from .inputs import Login, Verify


def who() -> dict[str, Any]:
    """Say who is signed in; never a token."""
    principal = caller()
    user = services.store.first(Kind.USER, {"id": principal.id}) if principal is not None else None
    return {"user": payload(user)} if user is not None else {}


def login(given: Login) -> dict[str, Any]:
    """Sign in; with `?include_auth_token` for a bearer value instead of a cookie."""
    bearer = "include_auth_token" in request.args
    ticket = Ticket(BEARER if bearer else COOKIE, given.remember, None if bearer else replaced())
    outcome = actions.sign_in(services, given, client(), ticket)
    user = payload(outcome.user)
    if bearer:
        user["authentication_token"] = outcome.session.secret.value
    else:
        arrived(outcome.session)
    return {"user": user, "next": onward(given.next)}


def logout() -> dict[str, Any]:
    """Sign out."""
    logout_user()
    return {}


def freshness() -> dict[str, Any]:
    """Say whether the session is fresh."""
    return {"fresh": services.sessions.fresh(signed_in())}


def verify(given: Verify) -> dict[str, Any]:
    """Make the session fresh again."""
    actions.confirm(services, signed_in(), given.password, client())
    return {"fresh": True, "next": onward(given.next)}
