"""Both doors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, request

from ...base.clock import from_epoch
from ...base.errors import IdentityRefusal
from ...base.link_errors import LinkExpired
from ...core import confirming
from ...core.one_time import CHANGE, Standing
from ...web import faces
from ...web.current import services
from ...web.language import language
from ...web.replies import marked, page
from . import actions
from .inputs import SendAgain


def show_again() -> Response:
    """Ask which address waits for a letter."""
    return page("confirm_email/send_again.html", values={})


def again(given: SendAgain) -> dict[str, Any]:
    """Let a letter be sent again, if somebody waits for one."""
    actions.again(services, given)
    return {}


def send_again(given: SendAgain) -> Response:
    """Let a letter be sent again and say that it is on its way."""
    again(given)
    return page("confirm_email/check_inbox.html", email=given.email, once_more=True)


def ask_again(refusal: IdentityRefusal, values: Mapping[str, Any]) -> Response:
    """Show what was wrong."""
    return page("confirm_email/send_again.html", refusal=refusal, values=values)


def works(token: str) -> dict[str, Any]:
    """Say that a link works; it still does afterwards."""
    confirming.standing(services, token)
    return {}


def show(token: str) -> Response:
    """Ask whether the address is to be confirmed, or say what to do where the link does not work."""
    try:
        found = confirming.standing(services, token)
    except LinkExpired as refusal:
        return marked(_expired(refusal), refusal)
    return _form(token, found)


def confirm(token: str) -> dict[str, Any]:
    """Confirm the address."""
    confirming.confirm(services, token)
    return {}


def submit(token: str) -> Response:
    """Confirm the address and lead to where one can go from there."""
    confirm(token)
    return page("confirm_email/confirmed.html")


def refused(refusal: IdentityRefusal, _: Mapping[str, Any]) -> Response:
    """Say why the address is not confirmed."""
    if isinstance(refusal, LinkExpired):
        return _expired(refusal)
    return page("confirm_email/refused.html", refusal=refusal, again=request.path)


def _expired(refusal: IdentityRefusal) -> Response:
    return page("confirm_email/expired.html", refusal=refusal, values={})


def _form(token: str, found: Standing) -> Response:
    at = from_epoch(found.token.created_at)
    links = services.one_time.of(found.user, confirming.CONFIRM)
    return page(
        "confirm_email/confirm.html",
        token=token,
        email=found.token.email,
        change=found.token.purpose == CHANGE,
        count=len({each.password for each in links}),
        when=f"{faces.day(at, language().say)}, {at:%H:%M} UTC",
    )
