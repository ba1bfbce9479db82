"""One person's page, everybody's sessions, and ending them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ...base.clock import now
from ...base.errors import NotFound
from ...base.ports import Kind, PeopleQuery, Row
from ...core import activity, administration, names, secrets, sign_out
from ...core.principal import Principal
from ...core.services import Services
from ...web import rows as shown
from . import cursors

_SHOWN = 50
_OF_PEOPLE = 100
_HAPPENED = 20
_LIST = "session"


@dataclass(frozen=True)
class Everywhere:
    """A page of everybody's sessions and where to go on."""

    sessions: list[dict[str, Any]]
    next: str | None
    previous: str | None


def find(services: Services, user_id: Any) -> Row:
    """Return a user.

    Raises:
        NotFound: where there is no such person.
    """
    user = services.store.first(Kind.USER, {"id": user_id})
    if user is None:
        raise NotFound
    return user


def read(services: Services, who: Principal, user_id: Any) -> tuple[Row, Row | None, list[dict[str, Any]]]:
    """Return a user, the profile and the live sessions.

    Raises:
        NotFound: where there is no such person.
    """
    user = find(services, user_id)
    profile = services.store.first(Kind.PROFILE, {"user_id": user_id})
    return user, profile, [shown.session(row, who.session_id) for row in services.sessions.of(user_id)]


def tokens(services: Services, user_id: Any) -> list[dict[str, Any]]:
    """Return a person's live API tokens."""
    return [shown.token(row) for row in services.sessions.tokens(user_id)]


def events(services: Services, user_id: Any) -> list[dict[str, Any]]:
    """Return what happened to a person last."""
    wanted = activity.Selection(targets=[str(user_id)])
    rows = activity.page(services.store, wanted, limit=_HAPPENED)[:_HAPPENED]
    users = activity.people(services.store, rows)
    return [shown.event(row, users) for row in rows]


def end_all(services: Services, who: Principal, user_id: Any) -> int:
    """End a person's sessions, never the one the request came with; return how many.

    Raises:
        NotSignedIn, NotAllowed, NotFound: nothing has ended then.
    """
    with services.store.unit():
        administration.admins_again(services, who)
        administration.locked(services, user_id)
        return sign_out.end_all(services, user_id, keep=who.session_id)


def end(services: Services, who: Principal, user_id: Any, handle: str) -> bool:
    """End one session of a person; True where it is the one the request came with.

    Raises:
        NotFound: where the person has no such session.
    """
    for row in services.sessions.of(user_id):
        if secrets.handle(row.id) == handle and sign_out.end(services, row):
            return bool(row.id == who.session_id)
    raise NotFound


def everywhere(services: Services, who: Principal, q: str | None, cursor: str | None) -> Everywhere:
    """Return a page of everybody's live sessions, newest first; with `q` those of the first 100 people it finds.

    Raises:
        InvalidInput: for a cursor of another list.
    """
    users, after, backwards = None, None, False
    prefix = names.prefix(q) if q else None
    if prefix is not None:
        query = PeopleQuery(prefix=prefix, sort="email", descending=False, limit=_OF_PEOPLE)
        users = [user.id for user in services.store.people(query, now(), False).users]
    if cursor:
        began, last, backwards = cursors.decode(cursor, _LIST, _key)
        after = (_number(began), last)
    rows = list(services.sessions.of_everybody(_SHOWN, after, backwards=backwards, users=users))
    more = len(rows) > _SHOWN
    rows = rows[-_SHOWN:] if backwards else rows[:_SHOWN]
    before, behind = (more, True) if backwards else (after is not None, more)
    sessions = [
        {
            **shown.session(row, who.session_id),
            **{name: getattr(row, name) for name in ("user_id", "email", "image", "full_name")},
        }
        for row in rows
    ]
    return Everywhere(
        sessions,
        cursors.encode(_LIST, str(rows[-1].created_at), rows[-1].id, backwards=False) if rows and behind else None,
        cursors.encode(_LIST, str(rows[0].created_at), rows[0].id, backwards=True) if rows and before else None,
    )


def _key(value: Any) -> str:
    if not isinstance(value, str) or not value.isascii() or not value.isprintable() or len(value) > 64:
        raise ValueError
    return value


def _number(value: Any) -> int:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 16:
        return int(value)
    raise cursors.refusal()
