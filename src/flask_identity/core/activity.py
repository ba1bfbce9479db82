"""What happened to accounts: rows that are added and read, newest first, and never changed but to forget an address.

An id begins with the moment in microseconds and sorts as it happened, so that one column is the order of every list,
the place to go on at, and the border of a span of time. Actor and target are ids as text without a foreign key: they
outlive the account.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, Literal, get_args

from ..base.clock import micros
from ..base.errors import InvalidInput, NotFound
from ..base.ports import Hourly, Kind, Row, Store

OK, REFUSED = "ok", "refused"

SIGNED_IN, SIGN_IN_FAILED = "signed_in", "sign_in_failed"
CREATED, DELETED = "account_created", "account_deleted"

What = Literal[
    "signed_in",
    "sign_in_failed",
    "password_refused",
    "account_locked",
    "signed_out",
    "sessions_ended",
    "password_changed",
    "account_created",
    "account_changed",
    "address_confirmed",
    "account_suspended",
    "account_activated",
    "account_unlocked",
    "account_deleted",
    "roles_changed",
    "token_made",
    "token_ended",
    "invitation_sent",
    "invitation_accepted",
    "invitation_taken_back",
]
WHAT: tuple[What, ...] = get_args(What)
"""Everything that is recorded, by its stable name."""

_DIGITS, _LONGEST, _PEOPLE = 16, 255, 1000


@dataclass(frozen=True)
class Selection:
    """Which of what happened.

    Args:
        actors: Ids of whoever did it, as text; None for anybody.
        targets: Ids of those it happened to, likewise.
        what: One of `WHAT`, None for everything.
        since: The first microsecond that counts.
        until: The first that counts no more.
    """

    actors: Sequence[str] | None = None
    targets: Sequence[str] | None = None
    what: str | None = None
    since: int | None = None
    until: int | None = None


def bound(at: int) -> str:
    """Return what ids of that microsecond and later are not below."""
    return f"{max(at, 0):0{_DIGITS}x}"


def record(
    store: Store, what: str, *, actor: Any, target: Any, outcome: str, ip: str | None, details: Mapping[str, Any]
) -> None:
    """Add a row, inside the unit of what happened.

    Args:
        store: Where.
        what: One of `WHAT`.
        actor: The id of whoever did it; None where nobody has proved to be somebody.
        target: The id of whom it happened to; None for a name that is nobody's.
        outcome: `ok` or `refused`.
        ip: The address it came from.
        details: Names of columns and roles; never a value of the person's own.
    """
    at = micros()
    row = {"id": bound(at) + secrets.token_hex(4), "at": at, "what": what, "outcome": outcome, "ip": ip}
    row |= {"actor": _text(actor), "target": _text(target)}
    kept = json.dumps(details, separators=(",", ":")) if details else ""
    store.add(Kind.ACTIVITY, {**row, "details": kept if len(kept) <= _LONGEST else ""})


def forget(store: Store, user_id: Any) -> None:
    """Remove the addresses an account was used from, or was tried to be, inside the unit that deletes it."""
    store.change(Kind.ACTIVITY, {"actor": str(user_id)}, {"ip": None})
    store.change(Kind.ACTIVITY, {"target": str(user_id), "actor": None}, {"ip": None})


def page(store: Store, wanted: Selection, *, limit: int, after: str | None = None) -> list[Row]:
    """Return up to `limit` rows and one more, newest first; one statement for each pair of actor and target.

    Args:
        store: Where.
        wanted: Which of them.
        limit: How many are shown.
        after: The id of the last row that was shown.
    """
    found: list[Row] = []
    for pair in product(*(("",) if ids is None else ids for ids in (wanted.actors, wanted.targets))):
        named = {column: one for column, one in zip(("actor", "target"), pair, strict=True) if one}
        found += store.page(Kind.ACTIVITY, {**named, **_when(wanted, after)}, order="-id", limit=limit + 1)
    return sorted(found, key=lambda row: row.id, reverse=True)[: limit + 1]


def by_hour(store: Store, whats: Sequence[str], since: int, until: int) -> Sequence[Hourly]:
    """Return how often these kinds happened in each hour that has any, told apart by details. One statement.

    Args:
        store: Where.
        whats: Some of `WHAT`.
        since: The first microsecond that counts.
        until: The first that counts no more.
    """
    return store.by_hour(whats, bound(since), bound(until))


def people(store: Store, rows: Sequence[Row]) -> Mapping[str, Row]:
    """Return the users that rows name, by their ids as text; who was deleted is missing. One statement."""
    keys = []
    for text in sorted({text for row in rows for text in (row.actor, row.target) if text is not None}):
        try:
            keys.append(store.user_id(text))
        except (InvalidInput, NotFound):
            continue  # a key of another form than today's
    found = store.page(Kind.USER, {"id__in": keys}, order="id", limit=_PEOPLE) if keys else ()
    return {str(user.id): user for user in found}


def _when(wanted: Selection, after: str | None) -> dict[str, Any]:
    where: dict[str, Any] = {"what": wanted.what} if wanted.what is not None else {}
    if wanted.since is not None:
        where["id__ge"] = bound(wanted.since)
    ends = [*([after] if after else []), *([bound(wanted.until)] if wanted.until is not None else [])]
    return where | ({"id__lt": min(ends)} if ends else {})


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
