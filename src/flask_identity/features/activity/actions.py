"""The verbs: what happened to oneself, and to everybody."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from ...base.clock import now, to_micros
from ...base.errors import InvalidInput, NotFound
from ...base.ports import PeopleQuery, Row
from ...base.texts import Sentence
from ...core import activity, names
from ...core.principal import Principal
from ...core.services import Services
from .inputs import Filters

SHOWN = 50
_OF_PEOPLE = 10
_PLACE = re.compile(r"[0-9a-f]{24}")
_DATE = 10  # characters of 2026-11-28


@dataclass(frozen=True)
class Found:
    """A page of what happened, the users it names by their ids as text, and where to go on."""

    rows: Sequence[Row]
    users: Mapping[str, Row]
    next: str | None


def own(services: Services, who: Principal, cursor: str | None) -> Found:
    """Return a page of what happened to the caller's account.

    Raises:
        InvalidInput: for a cursor of another form.
    """
    return _page(services, activity.Selection(targets=[str(who.id)]), cursor)


def log(services: Services, asked: Filters, cursor: str | None) -> Found:
    """Return a page of what happened to anybody.

    Raises:
        InvalidInput: for a time or a cursor of another form.
    """
    wanted = activity.Selection(
        _people(services, asked.actor),
        _people(services, asked.target),
        asked.what,
        _moment("since", asked.since, timedelta()),
        _moment("until", asked.until, timedelta(days=1)),
    )
    return _page(services, wanted, cursor)


def _page(services: Services, wanted: activity.Selection, cursor: str | None) -> Found:
    if cursor is not None and not _PLACE.fullmatch(cursor):
        raise InvalidInput(field_errors={"cursor": [Sentence("Begin again at the first page.")]})
    rows = activity.page(services.store, wanted, limit=SHOWN, after=cursor)
    shown = rows[:SHOWN]
    return Found(shown, activity.people(services.store, shown), shown[-1].id if len(rows) > SHOWN else None)


def _people(services: Services, text: str | None) -> list[str] | None:
    """Return the ids that a text means: whose address it is, else the id it is and up to ten whose names begin so."""
    if text is None:
        return None
    exact = services.accounts.find_user(email=text)
    if exact is not None:
        return [str(exact.id)]
    found = []
    with suppress(InvalidInput, NotFound):
        found.append(str(services.store.user_id(text)))  # of somebody who may be gone
    query = PeopleQuery(prefix=names.prefix(text), sort="email", descending=False, limit=_OF_PEOPLE)
    found += [str(user.id) for user in services.store.people(query, now(), False).users]
    return list(dict.fromkeys(found))


def _moment(field: str, text: str | None, whole_day: timedelta) -> int | None:
    if text is None:
        return None
    try:
        time = datetime.fromisoformat(text)
        time = time if time.tzinfo is not None else time.replace(tzinfo=UTC)
        return to_micros(time + whole_day if len(text) == _DATE else time)
    except (ValueError, OverflowError):
        raise InvalidInput(field_errors={field: [Sentence("Give a date, like 2026-11-28.")]}) from None


def hide_others(event: dict[str, Any], own_id: Any) -> dict[str, Any]:
    """Return an event as the person it happened to may see it: not who else did it, nor from where."""
    if event["actor"] in (None, own_id):
        return event
    return {**event, "actor": None, "ip": None, "shown": {**event["shown"], "actor": None, "by_other": True}}
