"""The verbs: list people, change someone's status."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...base.clock import now
from ...base.errors import IdentityRefusal, LastAdmin, NotAllowed, NotFound, OwnAccount, SortNotOffered
from ...base.ports import Kind, PeoplePage, PeopleQuery, Row
from ...core import names
from ...core.principal import Principal
from ...core.retry import outermost_retried
from ...core.roles import ADMIN
from ...core.services import Services
from . import cursors
from .inputs import Listing

COUNTED_TO = 1001


@dataclass(frozen=True)
class Listed:
    """A page of people, where to go on, and how many there are by status (each up to 1,001)."""

    page: PeoplePage
    next: str | None
    previous: str | None
    counts: Mapping[str, int]


def listing(services: Services, asked: Listing, *, confirmation: bool) -> Listed:
    """Return a page of people. At most three statements, whatever the filter.

    Raises:
        SortNotOffered: for an order that a search or this application's columns do not have.
        InvalidInput: for a cursor of another list.
    """
    column, descending = _order(services, asked)
    after, backwards = None, False
    if asked.cursor:
        value, key, backwards = cursors.decode(asked.cursor, column, services.store.user_id)
        after = (value, key)
    prefix = canonical_prefix(asked.q) if asked.q else None
    query = PeopleQuery(asked.status, asked.role, prefix, column, descending, asked.limit, after, backwards)
    page = services.store.people(query, now(), confirmation)
    counts = services.store.tally(query, now(), confirmation, COUNTED_TO)
    first, last = (page.users[0], page.users[-1]) if page.users else (None, None)
    return Listed(
        page,
        _cursor(column, last, backwards=False) if page.more_after and last is not None else None,
        _cursor(column, first, backwards=True) if page.more_before and first is not None else None,
        counts,
    )


def canonical_prefix(text: str) -> str:
    """Return the beginning of an address in the form addresses are kept in; its domain may not be whole yet."""
    try:
        return names.email(text)
    except IdentityRefusal:
        return unicodedata.normalize("NFC", text.strip()).lower()


@outermost_retried
def set_status(services: Services, who: Principal, user_id: Any, status: str, reason: str | None) -> tuple[Row, int]:
    """Suspend or activate someone; return the row and how many sessions ended.

    Raises:
        NotAllowed: where the caller is no administrator any more when it comes to it.
        NotFound: where there is no such person.
        OwnAccount, LastAdmin: for a suspension that would lock the caller, or everybody, out.
    """
    with services.store.unit():
        admins = services.store.admins(ADMIN)
        if who.id not in admins:
            raise NotAllowed
        user = services.store.first(Kind.USER, {"id": user_id}, lock=True)
        if user is None:
            raise NotFound
        if status == "active":
            services.accounts.activate_user(user)
            return user, 0
        if user.id == who.id:
            raise OwnAccount
        if list(admins) == [user.id]:
            raise LastAdmin
        ended = len(services.sessions.of(user.id))
        services.accounts.deactivate_user(user, reason)
        return user, ended


def _order(services: Services, asked: Listing) -> tuple[str, bool]:
    wanted = asked.sort or ("email" if asked.q or not services.store.has(Kind.USER, "created_at") else "-created_at")
    column = wanted.removeprefix("-")
    if not services.store.has(Kind.USER, column) or (asked.q and column != "email"):
        raise SortNotOffered(field_errors={"sort": [SortNotOffered.message]})
    return column, wanted.startswith("-")


def _cursor(column: str, row: Row, *, backwards: bool) -> str:
    return cursors.encode(column, getattr(row, column), row.id, backwards=backwards)
