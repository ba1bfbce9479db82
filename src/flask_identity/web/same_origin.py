"""Which unsafe requests are refused: those that another site made a browser send.

Fetch Metadata decides where a browser sends it (`Sec-Fetch-Site`), else Origin, else Referer. A request with none of
these and without our cookie is a program and passes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import request

from ..base.errors import CrossSite
from . import cookies
from .client import origins

F = TypeVar("F", bound=Callable[..., Any])

SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_OPTED_OUT = "identity_cross_site_allowed"


def cross_site_allowed(view: F) -> F:
    """Let other sites' pages send unsafe requests to a view. Only for views that check in another way."""
    marked: Any = view
    while marked is not None:  # a guard below looks at the function it made, not at those around it
        setattr(marked, _OPTED_OUT, True)
        marked = getattr(marked, "__wrapped__", None)
    return view


def opted_out(view: Any) -> bool:
    """Say whether a view is marked with `cross_site_allowed`."""
    return getattr(view, _OPTED_OUT, False) is True


def check() -> None:
    """Refuse an unsafe request that did not come from this site.

    Raises:
        CrossSite: where it came from elsewhere, or does not say and carries our cookie.
    """
    if request.method in SAFE:
        return
    headers = request.headers
    fetched = headers.get("Sec-Fetch-Site")
    if fetched is not None:
        passed = fetched == "same-origin"
    elif "Origin" in headers:
        passed = headers["Origin"].lower() in origins()
    elif "Referer" in headers:
        parts = urlsplit(headers["Referer"])
        passed = f"{parts.scheme}://{parts.netloc}".lower() in origins()
    else:
        passed = cookies.presented() is None
    if not passed:
        raise CrossSite
