"""The API described by itself."""

from __future__ import annotations

import json

from flask import Response, current_app, request

from ..web import cookies, openapi
from ..web.current import state
from ..web.feature import Feature, Route, Who

_KEPT = "flask_identity.openapi"


def show() -> Response:
    """Return the OpenAPI 3.1 description of every route that is switched on."""
    kept: dict[str, str] = current_app.extensions.setdefault(_KEPT, {})
    # It never changes while the application runs, and costs more to make than any other answer.
    key = f"{cookies.name()} {request.script_root}"
    if key not in kept and len(kept) < 16:
        kept[key] = _made()
    return Response(kept.get(key) or _made(), mimetype="application/json")


def _made() -> str:
    web = state().web
    found = openapi.document(
        state().features,
        title=current_app.name,
        root=request.script_root,
        prefix=web.url_prefix,
        cookie=cookies.name(),
        basic=web.basic,
    )
    return json.dumps(found, separators=(",", ":"))


FEATURE = Feature(
    "openapi",
    doc="Describe every route that is switched on as OpenAPI 3.1, at /openapi.json.",
    switch="OPENAPI",
    default=False,
    routes=(Route("GET", "/openapi.json", Who.ANYONE, api=show, media="application/json"),),
)
