"""The door for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response

from ...base.errors import IdentityRefusal
from ...web.arrival import onward
from ...web.current import state
from ...web.replies import page, to
from ...web.sign_up import Register, own_fields
from .api import ask, enter, wanted


def show() -> Response:
    """Show the form."""
    return _form(None, {})


def submit(given: Register) -> Response:
    """Create an account, sign in and lead on; with confirmation, only say that a letter is on its way."""
    if state().confirmation:
        ask(given)
        return page("confirm_email/check_inbox.html", email=given.email)
    enter(given)
    return to(onward(None))


def again(refusal: IdentityRefusal, values: Mapping[str, Any]) -> Response:
    """Show the form with what was wrong; everything but the password is kept."""
    return _form(refusal, values)


def _form(refusal: IdentityRefusal | None, values: Mapping[str, Any]) -> Response:
    shown: dict[str, Any] = {"extra": own_fields(wanted()), "with_name": state().on("profile")}
    return page("register/register.html", refusal=refusal, values=values, **shown)
