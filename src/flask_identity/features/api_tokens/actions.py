"""The verbs: list, make, end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ...base import events
from ...base.clock import epoch
from ...base.errors import InvalidInput, NotAllowed, NotFound, NotSignedIn, TooManyTokens
from ...base.ports import Kind, Row
from ...base.texts import Sentence
from ...core import secrets, sign_out
from ...core.principal import Principal
from ...core.retry import outermost_retried
from ...core.services import Services
from ...core.sessions import API, NEVER
from ...core.sweep import sweep_sometimes
from ...web import rows
from .inputs import NewToken

MOST = 100
"""Live tokens of one person."""


@dataclass(frozen=True)
class Made:
    """A token that was just made, and its value, which is shown this once."""

    value: str = field(repr=False)
    row: Row


def listed(services: Services, who: Principal) -> list[dict[str, Any]]:
    """Return the caller's live tokens under their handles; ids and digests stay out."""
    return [rows.token(row) for row in services.sessions.tokens(who.id)]


def make(services: Services, who: Principal, given: NewToken, known: Sequence[str]) -> Made:
    """Make a token for the caller.

    Args:
        services: The application's parts.
        who: The caller.
        given: What it is to be.
        known: The scopes there are, in their order.

    Raises:
        InvalidInput: for a scope there is not.
        NotAllowed: to a caller without a session of their own (HTTP Basic, or another token).
        NotSignedIn: where the session ended meanwhile, as by a new password.
        TooManyTokens: beyond 100.
    """
    if not set(given.scopes) <= set(known):
        raise InvalidInput(field_errors={"scopes": [Sentence("Choose among %(scopes)s.", scopes=", ".join(known))]})
    if who.session_id is None:
        raise NotAllowed
    made = _add(services, who, given, " ".join(scope for scope in known if scope in given.scopes))
    sweep_sometimes(services.store)
    return made


@outermost_retried
def _add(services: Services, who: Principal, given: NewToken, scopes: str) -> Made:
    store, now, secret = services.store, epoch(), secrets.make()
    with store.unit():
        # The lock on the person's row makes two who add wait for each other, and for a new password: whoever comes
        # after that has no session any more, so that a token never outlives the change that was to end it.
        user = store.first(Kind.USER, {"id": who.id}, lock=True)
        session = store.first(Kind.SESSION, {"id": who.session_id}, lock=True)
        if user is None or not user.active or session is None or session.uniquifier != user.uniquifier:
            raise NotSignedIn
        live = {"user_id": who.id, "kind": API, "expires_at__gt": now}
        if store.count(Kind.SESSION, live, cap=MOST) >= MOST:
            raise TooManyTokens
        row = {"id": secret.id, "digest": secret.digest, "user_id": who.id, "kind": API, "remember": False}
        row |= {"uniquifier": user.uniquifier, "created_at": now, "last_seen_at": 0, "proved_at": 0}
        row |= {"expires_at": NEVER if given.expires is None else now + given.expires, "ip": None, "agent": ""}
        added = store.add(Kind.SESSION, row | {"name": given.name, "scopes": scopes})
        events.token_made.send(services.sender, user=user, fields=())
    return Made(secrets.marked(secret.value), added)


def end(services: Services, who: Principal, handle: str) -> None:
    """End one of the caller's tokens.

    Raises:
        NotFound: where the caller has no such token.
    """
    for row in services.sessions.tokens(who.id):
        if secrets.handle(row.id) == handle and sign_out.end(services, row):
            return
    raise NotFound
