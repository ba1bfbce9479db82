"""The list as a file for spreadsheets, sent while it is read."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

from flask import Response, stream_with_context

from ...base.ports import PeoplePage, PeopleQuery
from ...models.behaviour import status
from ...web.current import services, state
from ...web.payload import moment
from . import actions, bulk
from .inputs import Chosen, Filters

COLUMNS = ("id", "email", "username", "full_name", "role", "status", "last_login_at", "created_at")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0")


def export(asked: Filters) -> Response:
    """Send the people the list would show, in its order. What begins like a formula gets an apostrophe in front."""
    return _file(actions.selection(services, asked)[0])


def export_chosen(chosen: Chosen) -> Response:
    """Send those people named who are there, by their addresses, as `GET /user_list.csv` does."""
    ids, _ = bulk.named(services, chosen.ids)
    return _file(PeopleQuery(sort="email", descending=False, ids=ids))


def _file(query: PeopleQuery) -> Response:
    pages = actions.everyone(services, query, confirmation=state().confirmation)
    answer = Response(stream_with_context(_lines(pages)), mimetype="text/csv")
    answer.headers["Content-Disposition"] = 'attachment; filename="users.csv"'
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def plain(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _lines(pages: Iterator[PeoplePage]) -> Iterator[str]:
    yield _written([COLUMNS])
    for page in pages:
        yield _written(_row(page, user) for user in page.users)


def _row(page: PeoplePage, user: Any) -> list[Any]:
    username, full_name = getattr(user, "username", None), page.full_names.get(user.id)
    role = next(iter(page.roles.get(user.id, ())), None)
    times = [moment(getattr(user, name, None)) for name in ("last_login_at", "created_at")]
    texts = [plain(str(text or "")) for text in (user.id, user.email, username, full_name, role, status(user))]
    return [*texts, *(time or "" for time in times)]


def _written(rows: Any) -> str:
    lines = io.StringIO()
    csv.writer(lines).writerows(rows)
    return lines.getvalue()
