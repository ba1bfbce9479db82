"""The verbs: what happened to oneself, and to everybody."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ...base.clock import now, to_micros
from ...base.errors import InvalidInput, NotFound
from ...base.ports import PeopleQuery, Row
from ...base.texts import Sentence
from ...core import activity, names
from ...core.principal import Principal
from ...core.services import Services
from .inputs import Filters

SHOWN = 50
_AT_ONCE = 500
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
    return _page(services, selection(services, asked), cursor)


def selection(services: Services, asked: Filters) -> activity.Selection:
    """Return what is asked of the store.

    Raises:
        InvalidInput: for a time of another form.
    """
    return activity.Selection(
        _people(services, asked.actor),
        _people(services, asked.target),
        asked.what,
        _moment("since", asked.since, timedelta()),
        _moment("until", asked.until, timedelta(days=1)),
    )


def everything(services: Services, wanted: activity.Selection) -> Iterator[Found]:
    """Return the pages of a whole log, the first of them read at once, and never more than two in memory."""
    first = _found(services, wanted, _AT_ONCE, None)

    def pages() -> Iterator[Found]:
        page = first
        yield page
        while page.next:
            services.store.forget_read()
            page = _found(services, wanted, _AT_ONCE, page.next)
            yield page

    return pages()


def _page(services: Services, wanted: activity.Selection, cursor: str | None) -> Found:
    if cursor is not None and not _PLACE.fullmatch(cursor):
        raise InvalidInput(field_errors={"cursor": [Sentence("Begin again at the first page.")]})
    return _found(services, wanted, SHOWN, cursor)


def _found(services: Services, wanted: activity.Selection, limit: int, after: str | None) -> Found:
    rows = activity.page(services.store, wanted, limit=limit, after=after)
    shown = rows[:limit]
    return Found(shown, activity.people(services.store, shown), shown[-1].id if len(rows) > limit else None)


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
