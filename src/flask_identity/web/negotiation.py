"""People or programs: which of the two doors a request takes."""

from __future__ import annotations

from flask import request

from .authenticate import by_header


def speaks_json() -> bool:
    """Say whether the answer is JSON: the body is, an Authorization header came, or JSON is what is preferred.

    `Accept: */*` alone says nothing and gets the page.
    """
    if by_header() or request.mimetype == "application/json":
        return True
    accept = request.accept_mimetypes
    json, html = accept["application/json"], accept["text/html"]
    # Of equals the one that is named: libraries for programs send "application/json, text/plain, */*".
    return json > html or (json == html > 0 and _named("application/json") and not _named("text/html"))


def _named(kind: str) -> bool:
    return any(each == kind for each, _ in request.accept_mimetypes)


def navigates() -> bool:
    """Say whether a browser asks for a page it will show, so that sending it elsewhere makes sense."""
    return request.method in ("GET", "HEAD") and any(kind == "text/html" for kind, _ in request.accept_mimetypes)
