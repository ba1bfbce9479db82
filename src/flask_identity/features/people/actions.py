"""The verb: list people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from ...base.clock import now
from ...base.errors import SortNotOffered
from ...base.ports import Kind, PeoplePage, PeopleQuery
from ...core import names
from ...core.services import Services
from . import cursors
from .inputs import Filters, Listing

COUNTED_TO = 1001
_AT_ONCE = 500


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
    query = replace(query, limit=asked.limit)
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


def selection(services: Services, asked: Filters) -> tuple[PeopleQuery, str]:
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
    query = PeopleQuery(asked.status, asked.role, prefix, column, descending)
    return query, "match" if prefix is not None else column


def everyone(services: Services, query: PeopleQuery, *, confirmation: bool) -> Iterator[PeoplePage]:
    """Return the pages of a whole list, the first of them read at once, and never more than two in memory."""
    query = replace(query, limit=_AT_ONCE)
    first = services.store.people(query, now(), confirmation)

    def pages() -> Iterator[PeoplePage]:
        page = first
        yield page
        while page.more_after:
            services.store.forget_read()
            page = services.store.people(replace(query, after=page.last), now(), confirmation)
            yield page

    return pages()
