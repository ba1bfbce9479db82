"""What the page of the list shows beside the people: links that keep its state, rows remembered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from flask import Response, request

from ...base.ports import Kind
from ...web.client import scheme
from ...web.current import services
from .inputs import Filters, Listing

ROWS = "identity_rows"
"""The cookie in which a browser keeps how many rows of the list somebody wants."""

SIZES = (10, 25, 50, 100)
_A_YEAR = 31_536_000  # seconds


def remembered(asked: Listing) -> Listing:
    """Return what is asked for, with the remembered number of rows where it names none."""
    kept = request.cookies.get(ROWS, "")
    if "limit" in request.args or kept not in map(str, SIZES):
        return asked
    return asked.model_copy(update={"limit": int(kept)})


def remember(answer: Response, asked: Listing) -> Response:
    """Keep the number of rows that the address names."""
    if "limit" in request.args and asked.limit in SIZES and request.cookies.get(ROWS) != str(asked.limit):
        answer.set_cookie(
            ROWS, str(asked.limit), max_age=_A_YEAR, samesite="Lax", httponly=True, secure=scheme() == "https"
        )
    return answer


def linker(asked: Listing) -> Callable[..., str]:
    """Return a function that makes links to the list as it is but for what is named; any change but of the page begins
    at the first one."""
    kept = asked.model_dump(include={"q", "status", "role", "sort"})
    if "limit" in request.args:
        kept["limit"] = asked.limit

    def link(**changed: Any) -> str:
        if {"q", "role"} & changed.keys():
            changed = {"sort": None, **changed}  # another selection has other orders
        return "?" + _query({**kept, **changed})

    return link


def sorts(asked: Filters) -> tuple[str, ...]:
    """Return the columns the selection can be put in the order of."""
    names = ("email",) if asked.q else () if asked.role else ("email", "created_at", "last_login_at")
    return tuple(name for name in names if services.store.has(Kind.USER, name))


def order(asked: Filters) -> str:
    """Return the order the list has: a column, `-` before it for the other way round."""
    if asked.sort or asked.q or asked.role:
        return asked.sort or ("email" if asked.q else "id")
    return "-created_at" if services.store.has(Kind.USER, "created_at") else "email"


def export_query(asked: Filters) -> str:
    """Return the query of the same selection as a file."""
    found = _query(asked.model_dump(include={"q", "status", "role", "sort"}))
    return f"?{found}" if found else ""


def _query(values: Mapping[str, Any]) -> str:
    return urlencode({name: value for name, value in values.items() if value not in (None, "")})
