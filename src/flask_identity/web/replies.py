"""Outcomes and refusals as HTTP answers: the envelope for programs, a page for people. The only such place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn

from flask import Response, jsonify, render_template, request, url_for
from werkzeug.exceptions import HTTPException, default_exceptions

from ..base.errors import FreshSignInRequired, IdentityRefusal, NotSignedIn
from .authenticate import caller
from .current import state
from .language import language, speaks
from .negotiation import navigates, speaks_json
from .pages import page_context, viewer
from .redirects import safe_next
from .vary import vary


def envelope(payload: Mapping[str, Any], status: int = 200) -> Response:
    """Return a JSON answer: `{"meta": {"code": 200}, "response": {…}}`."""
    response = jsonify({"meta": {"code": status}, "response": payload})
    response.status_code = status
    return response


def refused(refusal: IdentityRefusal, *, json: bool | None = None) -> Response:
    """Return the answer to a request that is refused, in the caller's form."""
    as_json = speaks_json() if json is None else json
    answer = _refused_json(refusal) if as_json else _refused_page(refusal)
    # Its words depend on cookies; some, such as 404, are kept by caches that are told nothing (RFC 9110, 15.1).
    answer.headers.setdefault("Cache-Control", "no-store")
    return vary(marked(answer, refusal), "Accept")


def marked(response: Response, refusal: IdentityRefusal) -> Response:
    """Give an answer what every answer to this refusal has: its status and headers. A redirect stays one."""
    if response.location is not None:
        return response
    response.status_code = refusal.status
    if refusal.retry_after is not None:
        response.headers["Retry-After"] = str(refusal.retry_after)
    if refusal.status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="identity"'
        # Only a program that tried Basic is told of it: a browser would open its own password prompt.
        if state().web.basic and request.headers.get("Authorization", "").lower().startswith("basic"):
            response.headers.add("WWW-Authenticate", 'Basic realm="identity", charset="UTF-8"')
    return response


def stop(refusal: IdentityRefusal) -> NoReturn:
    """Refuse from inside an application's view, as a werkzeug exception that its own error handlers may catch.

    Raises:
        HTTPException: of the refusal's status; it answers like `refused` where nobody catches it.
    """
    kind = default_exceptions.get(refusal.status, HTTPException)
    raise kind(description=refusal.message, response=refused(refusal)) from refusal


def page(template: str, status: int = 200, **context: Any) -> Response:
    """Return one of the library's pages."""
    # Only a page that tells of a refusal may do without knowing who is looking: an outage is not "signed out".
    who = caller if context.get("refusal") is None else viewer
    html = render_template(f"identity/{template}", **(page_context(who) | context))
    return speaks(Response(html, status, mimetype="text/html"))


def to(target: str) -> Response:
    """Return a redirect to a checked target, to be fetched by GET."""
    response = Response(status=303)
    response.headers["Location"] = target
    return response


def go(endpoint: str, **values: Any) -> Response:
    """Return a redirect to one of the library's routes, to be fetched by GET."""
    return to(url_for(f"identity.{endpoint}", **values))


def _refused_json(refusal: IdentityRefusal) -> Response:
    say = language().say
    body: dict[str, Any] = {"error": refusal.code, "message": say(refusal.message)}
    if refusal.field_errors:
        body["field_errors"] = {name: [*map(say, messages)] for name, messages in refusal.field_errors.items()}
    return speaks(envelope(body, refusal.status))


def _refused_page(refusal: IdentityRefusal) -> Response:
    if navigates():
        here = safe_next(request.script_root + request.full_path.rstrip("?"))
        # Who is signed in, but in a way this view does not take, would be sent back and forth for ever.
        if isinstance(refusal, NotSignedIn) and viewer() is None:
            return go("login", next=here)
        if isinstance(refusal, FreshSignInRequired) and state().on("password"):
            return go("verify", next=here)
    # The same bytes whatever id was asked for (S-077): it leads to the start and repeats no path.
    return page("error.html", refusal.status, refusal=refusal, here=lambda: f"{request.script_root}/")
