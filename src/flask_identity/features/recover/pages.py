"""Both doors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, request

from ...base.errors import IdentityRefusal
from ...base.link_errors import LinkExpired
from ...web.current import services
from ...web.replies import go, marked, page
from . import actions
from .inputs import ForgotPassword, ResetPassword


def show_forgot() -> Response:
    """Ask for the address."""
    return page("recover/forgot_password.html", values={})


def ask(given: ForgotPassword) -> dict[str, Any]:
    """Let a letter be sent, if there is somebody to send it to."""
    actions.ask(services, given)
    return {}


def forgot(given: ForgotPassword) -> Response:
    """Let a letter be sent and say that it is on its way, if there is an account."""
    ask(given)
    return page("recover/forgot_password.html", values={}, done=True)


def forgot_again(refusal: IdentityRefusal, values: Mapping[str, Any]) -> Response:
    """Ask again."""
    return page("recover/forgot_password.html", refusal=refusal, values=values)


def works(token: str) -> dict[str, Any]:
    """Say that a link works; it still does afterwards."""
    actions.owner(services, token)
    return {}


def show_reset(token: str) -> Response:
    """Ask for the new password, or say what to do where the link does not work."""
    try:
        works(token)
    except LinkExpired as refusal:
        return marked(_expired(refusal), refusal)
    return _form(token, None)


def replace(given: ResetPassword, token: str) -> dict[str, Any]:
    """Choose another password."""
    actions.replace(services, token, given)
    return {}


def reset(given: ResetPassword, token: str) -> Response:
    """Choose another password and lead to where it is needed."""
    replace(given, token)
    return go("login", changed="password")


def reset_again(refusal: IdentityRefusal, values: Mapping[str, Any]) -> Response:
    """Show what was wrong with the password; or with the link, for which no other password is a remedy."""
    if isinstance(refusal, LinkExpired):
        return _expired(refusal)
    return _form((request.view_args or {})["token"], refusal)


def _form(token: str, refusal: IdentityRefusal | None) -> Response:
    return page("recover/reset_password.html", refusal=refusal, values={}, token=token)


def _expired(refusal: IdentityRefusal) -> Response:
    return page("recover/expired.html", refusal=refusal)
