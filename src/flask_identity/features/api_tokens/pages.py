"""Both doors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, request

from ...base.errors import IdentityRefusal
from ...core.scopes import ApiTokenSettings
from ...web import rows
from ...web.arrival import signed_in
from ...web.current import services, state
from ...web.replies import go, page
from . import actions
from .inputs import NewToken


def show() -> Response:
    """Show the caller's tokens and the form for another."""
    return _page(values={"scopes": ["read"]})


def read() -> dict[str, Any]:
    """Return the caller's tokens."""
    return {"tokens": actions.listed(services, signed_in())}


def make(given: NewToken) -> dict[str, Any]:
    """Make a token; the answer is the only one with its value."""
    made = _made(given)
    return {"token": made.value, **rows.token(made.row)}


def submit(given: NewToken) -> Response:
    """Make a token and show its value this once: a redirect would have to carry it along."""
    made = _made(given)
    return _page(values={"scopes": ["read"]}, made=made.value, made_name=made.row.name)


def again(refusal: IdentityRefusal, values: Mapping[str, Any]) -> Response:
    """Show the form with what was wrong."""
    return _page(refusal=refusal, values={**values, "scopes": request.form.getlist("scopes")})


def end(handle: str) -> dict[str, Any]:
    """End one token."""
    actions.end(services, signed_in(), handle)
    return {"ended": 1}


def end_by_form(handle: str) -> Response:
    """End one token, without JavaScript."""
    actions.end(services, signed_in(), handle)
    return go("tokens")


def _made(given: NewToken) -> actions.Made:
    return actions.make(services, signed_in(), given, _scopes())


def _scopes() -> tuple[str, ...]:
    return state().get(ApiTokenSettings).scopes


def _page(**context: Any) -> Response:
    found = actions.listed(services, signed_in())
    return page("api_tokens/tokens.html", tokens=found, offered=_scopes(), **context)
