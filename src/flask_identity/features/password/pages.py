"""The door for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, request

from ...base.errors import IdentityRefusal
from ...core.sessions import COOKIE
from ...core.sign_in import Ticket
from ...web.arrival import arrived, logout_user, onward, replaced, signed_in
from ...web.authenticate import caller
from ...web.client import client
from ...web.current import services
from ...web.redirects import safe_next
from ...web.replies import go, page, to
from . import actions
from .inputs import Login, Verify


def show_login() -> Response:
    """Show the form, or lead on who is signed in already."""
    target = request.args.get("next")
    if caller() is not None:
        return to(onward(target))
    changed = request.args.get("changed") == "password"
    return page("password/login.html", values={"next": safe_next(target)}, changed=changed)


def login(given: Login) -> Response:
    """Sign in."""
    ticket = Ticket(COOKIE, given.remember, replaced())
    arrived(actions.sign_in(services, given, client(), ticket).session)
    return to(onward(given.next))


def login_again(refusal: IdentityRefusal, values: Mapping[str, Any]) -> Response:
    """Show the form with what was wrong; the name is kept, the password is not."""
    name = values.get("identity") or values.get("email") or values.get("username")
    kept = {"identity": name, "next": safe_next(values.get("next")), "remember": values.get("remember")}
    return page("password/login.html", refusal=refusal, values=kept)


def logout() -> Response:
    """Sign out."""
    logout_user()
    return go("login")


def show_verify() -> Response:
    """Ask for the password once more."""
    return page("password/verify.html", values={"next": safe_next(request.args.get("next"))})


def verify(given: Verify) -> Response:
    """Make the session fresh again and go back."""
    actions.confirm(services, signed_in(), given.password, client())
    return to(onward(given.next))


def verify_again(refusal: IdentityRefusal, values: Mapping[str, Any]) -> Response:
    """Ask again."""
    return page("password/verify.html", refusal=refusal, values={"next": safe_next(values.get("next"))})
