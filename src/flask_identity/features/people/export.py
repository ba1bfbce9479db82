"""The list as a file for spreadsheets, sent while it is read."""

from __future__ import annotations

from typing import Any

from flask import Response

from ...base.ports import PeoplePage, PeopleQuery
from ...models.behaviour import status
from ...web import spreadsheets
from ...web.current import services, state
from ...web.payload import moment
from . import actions, bulk
from .inputs import Chosen, Filters

COLUMNS = ("id", "email", "username", "full_name", "role", "status", "last_login_at", "created_at")


def export(asked: Filters) -> Response:
    """Send the people the list would show, in its order. What begins like a formula gets an apostrophe in front."""
    return _file(actions.selection(services, asked)[0])


def export_chosen(chosen: Chosen) -> Response:
    """Send those people named who are there, by their addresses, as `GET /user_list.csv` does."""
    ids, _ = bulk.named(services, chosen.ids)
    return _file(PeopleQuery(sort="email", descending=False, ids=ids))


def _file(query: PeopleQuery) -> Response:
    pages = actions.everyone(services, query, confirmation=state().confirmation)
    return spreadsheets.file("users.csv", COLUMNS, ((_row(page, user) for user in page.users) for page in pages))


def _row(page: PeoplePage, user: Any) -> list[Any]:
    username, full_name = getattr(user, "username", None), page.full_names.get(user.id)
    role = next(iter(page.roles.get(user.id, ())), None)
    times = [moment(getattr(user, name, None)) for name in ("last_login_at", "created_at")]
    texts = (user.id, user.email, username, full_name, role, status(user))
    return [*(spreadsheets.plain(str(text or "")) for text in texts), *(time or "" for time in times)]
