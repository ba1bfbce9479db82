"""The audit log as a file for spreadsheets, sent while it is read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Response

from ...base.clock import from_micros
from ...web import spreadsheets
from ...web.current import services
from ...web.payload import moment
from . import actions
from .actions import Found
from .inputs import Filters

COLUMNS = ("id", "at", "what", "outcome", "actor", "actor_email", "target", "target_email", "ip", "details")


def export(asked: Filters) -> Response:
    """Send what the log would show, in its order. What begins like a formula gets an apostrophe in front."""
    pages = actions.everything(services, actions.selection(services, asked))
    return spreadsheets.file("audit_log.csv", COLUMNS, (_rows(page) for page in pages))


def _rows(page: Found) -> Iterator[list[Any]]:
    for row in page.rows:
        people = [[key, getattr(page.users.get(key), "email", None)] for key in (row.actor, row.target)]
        texts = (row.what, row.outcome, *people[0], *people[1], row.ip, row.details)
        yield [row.id, moment(from_micros(row.at)), *(spreadsheets.plain(str(text or "")) for text in texts)]
