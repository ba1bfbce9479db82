"""The verbs: list people, change someone's status."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ...base.clock import now
from ...base.errors import LastAdmin, NotAllowed, NotFound, OwnAccount, SortNotOffered
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
        SortNotOffered: for an order that a filter or this application's columns do not have.
        InvalidInput: for a cursor of another list.
    """
    query, made_for = selection(services, asked)
    if asked.cursor:
        value, key, backwards = cursors.decode(asked.cursor, made_for, services.store.user_id)
        query = replace(query, after=(value, key), backwards=backwards)
    page = services.store.people(query, now(), confirmation)
    counts = services.store.tally(query, now(), confirmation, COUNTED_TO)
    return Listed(
        page,
        cursors.encode(made_for, *page.last, backwards=False) if page.more_after and page.last else None,
        cursors.encode(made_for, *page.first, backwards=True) if page.more_before and page.first else None,
        counts,
    )


def selection(services: Services, asked: Listing) -> tuple[PeopleQuery, str]:
    """Return what is asked of the store, its first page, and the order that cursors of this list are made for.

    Raises:
        SortNotOffered: see `listing`.
    """
    prefix = names.prefix(asked.q) if asked.q else None
    dated = services.store.has(Kind.USER, "created_at")
    column, descending = "email", False
    if asked.sort:
        column, descending = asked.sort.removeprefix("-"), asked.sort.startswith("-")
        # A search has the order of what it matches, a role that of the ids.
        offered = services.store.has(Kind.USER, column) and (column == "email" if prefix else asked.role is None)
        if not offered:
            raise SortNotOffered(field_errors={"sort": [SortNotOffered.message]})
    elif asked.role is not None:
        column = "id"
    elif dated:
        column, descending = "created_at", True
    if prefix is not None:
        descending = bool(asked.sort) and descending
    query = PeopleQuery(asked.status, asked.role, prefix, column, descending, asked.limit)
    return query, "match" if prefix is not None else column


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
