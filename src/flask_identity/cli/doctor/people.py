"""Checks of the rows: roles, administrators, password records, what has run out."""

from __future__ import annotations

from collections.abc import Iterator

from ...base.clock import epoch
from ...base.ports import Kind, Store
from ...base.roles import ADMIN, USER
from ...base.survey import Survey
from ...models.behaviour import confirmation_required
from .findings import Finding, ok, warn

_MANY = 10_000
_CAP = 1_000_000


def checks(store: Store, found: Survey) -> Iterator[Finding]:
    """Yield what there is to say of the rows; the tables have to be there."""
    if store.has(Kind.MEMBERSHIP, "user_id"):
        yield from _roles(store)
    yield _records(found)
    yield _expired(store)


def _roles(store: Store) -> Iterator[Finding]:
    for name in (USER, ADMIN):
        if store.first(Kind.ROLE, {"name": name}) is None:
            yield warn("roles", f"There is no role {name} yet; it is made with the first account that holds it.")
    ids = list(store.admins(ADMIN))
    holders = len(ids)
    if ids and confirmation_required():
        holders = store.count(Kind.USER, {"id__in": ids, "confirmed_at__ne": None}, cap=len(ids))
    if ids and not holders:
        yield warn("administrators", "All wait for their address to be confirmed: `flask identity users confirm NAME`.")
    elif not holders:
        yield warn(
            "administrators", "Nobody who may sign in is an administrator: `flask identity roles grant NAME admin`."
        )
    else:
        yield ok("administrators", f"{holders} may sign in.")


def _records(found: Survey) -> Finding:
    if not found.outdated:
        return ok("password records", "All are of the newest form.")
    return ok(
        "password records",
        f"{found.outdated} of an older form; each is brought up to date when its owner signs in.",
    )


def _expired(store: Store) -> Finding:
    kinds = [kind for kind in Kind if kind in (Kind.SESSION, Kind.THROTTLE) or store.has(kind, "expires_at")]
    rows = sum(store.count(kind, {"expires_at__lt": epoch()}, cap=_CAP) for kind in kinds)
    if rows > _MANY:
        return warn("expired rows", f"{rows} could go: `flask identity sessions sweep` removes them.")
    return ok("expired rows", f"{rows}; they go as people sign in.")
