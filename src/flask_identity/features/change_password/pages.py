"""Both doors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response

from ...base.errors import IdentityRefusal
from ...core.sessions import COOKIE
from ...web.arrival import arrived, signed_in
from ...web.client import client
from ...web.current import services
from ...web.replies import page
from . import actions
from .inputs import ChangePassword


def show() -> Response:
    """Show the form."""
    return page("change_password/change_password.html", values={})


def submit(given: ChangePassword) -> Response:
    """Change the password and say so."""
    change(given)
    return page("change_password/change_password.html", values={}, done=True)


def again(refusal: IdentityRefusal, values: Mapping[str, Any]) -> Response:
    """Show the form with what was wrong."""
    return page("change_password/change_password.html", refusal=refusal, values=values)


def change(given: ChangePassword) -> dict[str, Any]:
    """Change the password; a program that came with a bearer session gets its new value."""
    renewed = actions.change(services, signed_in(), given, client())
    if renewed.kind == COOKIE:
        arrived(renewed)
        return {}
    return {"authentication_token": renewed.secret.value}
