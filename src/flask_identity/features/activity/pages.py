"""Both doors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from flask import Response

from ...core.activity import WHAT
from ...web import rows
from ...web.arrival import signed_in
from ...web.current import services
from ...web.replies import page
from . import actions
from .inputs import Filters, Log, Page


def show_own(asked: Page) -> Response:
    """Show what happened to one's own account."""
    events, following = _own(asked)
    return page("activity/activity.html", events=events, next=following, asked=asked)


def read_own(asked: Page) -> dict[str, Any]:
    """Return what happened to one's own account."""
    events, following = _own(asked)
    return {"events": _bare(events), "next": following}


def show_log(asked: Log) -> Response:
    """Show what happened to everybody."""
    events, following = _log(asked)
    return page("activity/audit_log.html", events=events, next=following, asked=asked, kinds=WHAT, link=_linker(asked))


def read_log(asked: Log) -> dict[str, Any]:
    """Return what happened to everybody."""
    events, following = _log(asked)
    return {"events": _bare(events), "next": following}


def _own(asked: Page) -> tuple[list[dict[str, Any]], str | None]:
    who = signed_in()
    found = actions.own(services, who, asked.cursor)
    return [rows.own_event(row, who.id, found.users) for row in found.rows], found.next


def _log(asked: Log) -> tuple[list[dict[str, Any]], str | None]:
    found = actions.log(services, asked, asked.cursor)
    return [rows.event(row, found.users) for row in found.rows], found.next


def _bare(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [rows.bare(event) for event in events]


def _linker(asked: Filters) -> Callable[..., str]:
    """Return a function that makes links to the list as it is but for what is named; it begins at the first page."""
    kept = {name: value for name, value in asked.model_dump(exclude={"cursor"}).items() if value}

    def link(**changed: Any) -> str:
        return "?" + urlencode({name: value for name, value in {**kept, **changed}.items() if value})

    return link
