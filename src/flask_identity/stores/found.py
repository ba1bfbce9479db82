"""What the statements of the administrators' list found, as the port has it; alike for both ORMs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..base.ports import PeoplePage, PeopleQuery, Row
from .people_sql import STATUSES, place

Details = Callable[[Sequence[Any]], Sequence[Sequence[Any]]]


def paged(query: PeopleQuery, rows: list[Row], details: Details) -> PeoplePage:
    """Return the page of the rows that were found.

    Args:
        query: What was asked for.
        rows: The users, one more than wanted where there are more; in reverse where the page before was wanted.
        details: Reads (user id, role name, rank, full name, image) of the people on the page.
    """
    more = len(rows) > query.limit
    rows = rows[: query.limit]
    if query.backwards:
        rows.reverse()
    before, after = (more, True) if query.backwards else (query.after is not None, more)
    if not rows:
        return PeoplePage(rows, before, after)
    held: dict[Any, list[tuple[int, str]]] = {}
    names: dict[Any, str] = {}
    images: dict[Any, str] = {}
    for user_id, role, rank, full_name, image in details([row.id for row in rows]):
        if role is not None:
            held.setdefault(user_id, []).append((-(rank or 0), role))
            continue
        if full_name:
            names[user_id] = full_name
        if image:
            images[user_id] = image
    roles = {user_id: [name for _, name in sorted(each)] for user_id, each in held.items()}
    first, last = (place(query, row, names.get(row.id)) for row in (rows[0], rows[-1]))
    return PeoplePage(rows, before, after, roles, names, images, first, last)


def counted(row: Sequence[Any], cap: int) -> Mapping[str, int]:
    """Return the counts of one row by status, each up to `cap`."""
    return {status: min(cap, int(count)) for status, count in zip(STATUSES, row, strict=True)}
