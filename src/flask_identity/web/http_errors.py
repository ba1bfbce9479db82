"""HTTP errors of an application's own, answered as the library does: the envelope for programs, a page for people."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

from flask import Response
from werkzeug.exceptions import HTTPException

from ..base.errors import (
    IdentityRefusal,
    InvalidInput,
    MethodNotAllowed,
    NotAllowed,
    NotFound,
    NotJson,
    NotSignedIn,
    TooLarge,
    TooManyRequests,
    Unavailable,
)
from . import doors, replies

_REFUSALS = MappingProxyType(
    {
        kind.status: kind
        for kind in (
            InvalidInput,
            NotSignedIn,
            NotAllowed,
            NotFound,
            MethodNotAllowed,
            TooLarge,
            NotJson,
            TooManyRequests,
            Unavailable,
        )
    }
)


def answer_http_error(error: HTTPException) -> Any:
    """Answer an HTTP error in the caller's form; for an application all of whose URLs are to speak alike.

        app.register_error_handler(HTTPException, answer_http_error)

    An error that brings its own answer keeps it, as does one of a status the library has no refusal for. An unforeseen
    error is logged under the request id that its answer names.
    """
    if error.response is not None:
        return error
    if error.code == 500:
        return doors.unforeseen(error)
    refusal = _REFUSALS.get(error.code or 0)
    return error if refusal is None else _answered(error, refusal())


def _answered(error: HTTPException, refusal: IdentityRefusal) -> Response:
    answer = replies.refused(refusal)
    allowed = getattr(error, "valid_methods", None)
    if allowed:
        answer.headers["Allow"] = ", ".join(sorted(allowed))
    return answer
