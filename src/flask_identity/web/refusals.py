"""Which refusals a route can give: most follow from what it declares, the rest it names itself."""

from __future__ import annotations

from ..base.errors import (
    CrossSite,
    FieldNotAllowed,
    FreshSignInRequired,
    IdentityRefusal,
    InsufficientScope,
    Internal,
    InvalidInput,
    MethodNotAllowed,
    NotAllowed,
    NotFound,
    NotJson,
    NotSignedIn,
    TokenNotAllowed,
    TooLarge,
    TooManyRequests,
    Unavailable,
    UnknownField,
)
from .feature import Route, Who
from .same_origin import SAFE

EVERYWHERE: tuple[type[IdentityRefusal], ...] = (TooManyRequests, Internal, Unavailable)
"""Any address may present too many values that open nothing, any request may find the database away."""

PER_PATH: tuple[type[IdentityRefusal], ...] = (MethodNotAllowed,)
"""What no declared method answers."""

IN_QUERY = frozenset({"GET", "DELETE"})
"""Methods whose input is read from the query, see `doors`."""


def refusals(route: Route) -> list[type[IdentityRefusal]]:
    """Return every refusal a route can give, one for each code, by status and code."""
    found = {*EVERYWHERE, *route.refuses}
    if route.who is not Who.ANYONE:
        found |= {NotSignedIn, InsufficientScope if route.tokens else TokenNotAllowed}
    if route.who is Who.ADMIN:
        found.add(NotAllowed)
    if route.fresh:
        found.add(FreshSignInRequired)
    if route.method not in SAFE:
        found.add(CrossSite)
    if "<" in route.path:
        found.add(NotFound)
    if route.takes is not None or "<id>" in route.path:
        found.add(InvalidInput)
    if route.takes is not None and route.method not in IN_QUERY:
        found |= {TooLarge, NotJson}
        if route.api is not None:
            found |= {UnknownField, FieldNotAllowed}
    return sorted({each.code: each for each in found}.values(), key=lambda each: (each.status, each.code))
