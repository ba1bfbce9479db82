"""One URL, two doors: the page for people or the API for programs, chosen once, here.

All routes of a path are one Flask rule, so that a method it does not have answers in the caller's form and OPTIONS
never runs anything.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import Blueprint, Response, request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from ..base.errors import (
    CrossSite,
    FreshSignInRequired,
    IdentityRefusal,
    Internal,
    MethodNotAllowed,
    NotAllowed,
    NotFound,
    NotSignedIn,
    TokenNotAllowed,
    TooLarge,
    Unavailable,
)
from ..base.roles import ADMIN
from ..base.texts import Sentence
from . import inputs, replies, same_origin, uploads
from .authenticate import caller
from .client import address
from .current import services
from .feature import Feature, Route, Who
from .guards import WAYS, admit
from .negotiation import speaks_json
from .vary import vary

_PLAIN = (CrossSite, NotAllowed, NotFound, NotSignedIn, TokenNotAllowed, TooLarge, Unavailable)
"""Refusals that no other values in the form would change, or before which nothing sent may be read."""

_METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE")
_log = logging.getLogger("flask_identity")


def mount(blueprint: Blueprint, features: Sequence[Feature]) -> None:
    """Put the routes of all features on a blueprint."""
    paths: dict[str, dict[str, Route]] = {}
    for feature in features:
        for route in feature.routes:
            paths.setdefault(route.path, {})[route.method] = route
    for path, routes in paths.items():
        blueprint.add_url_rule(
            path, endpoint=endpoint(path), view_func=_view(routes), methods=_METHODS, provide_automatic_options=False
        )
    blueprint.register_error_handler(500, unforeseen)


def endpoint(path: str) -> str:
    """Return the endpoint of a path: `/users/<id>/status` is `users_id_status`."""
    parts = (part.strip("<>").rpartition(":")[2] for part in path.strip("/").split("/"))
    return "_".join(parts).replace(".", "_") or "root"


def _view(routes: Mapping[str, Route]) -> Callable[..., Response]:
    allowed = sorted({*routes, "OPTIONS"} | ({"HEAD"} if "GET" in routes else set()))

    def view(**path: Any) -> Response:
        if request.method == "OPTIONS":
            return Response(status=204, headers={"Allow": ", ".join(allowed)})
        route = routes.get("GET" if request.method == "HEAD" else request.method)
        if route is None:
            answer = replies.refused(MethodNotAllowed())
            answer.headers["Allow"] = ", ".join(allowed)
            return answer
        answer = _answer(route, path)
        answer.headers.setdefault("Cache-Control", "no-store")
        if "token" in path:
            answer.headers["Referrer-Policy"] = "no-referrer"  # the address is the secret (S-035)
        return vary(answer, "Accept") if route.page is not None and route.api is not None else answer

    return view


def _answer(route: Route, path: Mapping[str, Any]) -> Response:
    as_json = route.page is None or (route.api is not None and speaks_json())
    try:
        _admitted(route)
        if route.limit is not None:
            services.throttle.count(route.limit, address())
        door = route.api if as_json else route.page
        assert door is not None  # noqa: S101 - a route has a door, see Route
        result = door(*_taken(route, as_json), **path)
    except IdentityRefusal as refusal:
        return _refused(route, refusal, as_json)
    except services.store.vanished:  # deleted by somebody else since: what was done is done, there is nothing to show
        return _refused(route, NotFound(), as_json)
    except RequestEntityTooLarge:
        # Nothing of it was kept that a form could show again.
        return replies.refused(uploads.too_large() if _brings_file(route) else TooLarge(), json=as_json)
    return result if isinstance(result, Response) else replies.envelope(result)


def _admitted(route: Route) -> None:
    """Check what is asked of every route, before anything sent is read."""
    request.max_content_length = inputs.LARGEST_BODY
    if _brings_file(route):
        uploads.limit()
    if route.who is Who.ANYONE:
        # A valid Authorization is not something a browser adds of itself.
        if request.method not in same_origin.SAFE and not ("Authorization" in request.headers and caller()):
            same_origin.check()
        return
    who = caller()
    if who is not None and who.scopes is not None and not route.tokens:
        raise TokenNotAllowed  # whatever its scopes are
    who = admit(frozenset(WAYS))
    if route.who is Who.ADMIN and ADMIN not in who.roles:
        raise NotAllowed
    if route.fresh and not services.sessions.fresh(who):
        raise FreshSignInRequired


def _taken(route: Route, as_json: bool) -> tuple[Any, ...]:
    if route.takes is None:
        return ()
    declared = route.takes if as_json or route.takes_form is None else route.takes_form
    model = declared if isinstance(declared, type) else declared()
    if request.method in ("GET", "HEAD", "DELETE"):
        return (inputs.from_query(model),)
    if as_json and _brings_file(route):
        return (uploads.from_parts(model, route.file or ""),)
    return (inputs.from_json(model) if as_json else inputs.from_form(model),)


def _brings_file(route: Route) -> bool:
    return route.file is not None and uploads.is_multipart()


def _refused(route: Route, refusal: IdentityRefusal, as_json: bool) -> Response:
    as_json = as_json or speaks_json()  # also where the route has a page alone
    if as_json or route.form is None or isinstance(refusal, _PLAIN):
        return replies.refused(refusal, json=as_json)
    kept = {name: value for name, value in request.form.items() if "password" not in name}
    answer: Response = route.form(refusal, kept)
    return replies.marked(answer, refusal)


def unforeseen(error: HTTPException) -> Response:
    """Answer for a defect of ours: nothing but a request id, under which the log has the rest."""
    request_id = secrets.token_hex(8)
    _log.error("request %s failed", request_id, exc_info=getattr(error, "original_exception", None))
    return replies.refused(
        Internal(Sentence("Something went wrong on our side. It has been logged. Request %(id)s.", id=request_id))
    )
