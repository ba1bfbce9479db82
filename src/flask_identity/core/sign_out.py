"""Signing out, and ending sessions and tokens; each tells of it in the unit in which it ends."""

from __future__ import annotations

from typing import Any

from ..base import events
from ..base.ports import Kind, Row
from .principal import Principal
from .retry import outermost_retried
from .services import Services
from .sessions import API


@outermost_retried
def sign_out(services: Services, who: Principal) -> None:
    """End the session a request came with, and tell of it."""
    if who.session_id is None:
        return
    with services.store.unit():
        user = services.store.first(Kind.USER, {"id": who.id})
        services.sessions.end(who.session_id)
        events.signed_out.send(services.sender, user=user, fields=())


@outermost_retried
def end(services: Services, row: Row) -> bool:
    """End one session or API token, given by its row; True where it was there."""
    with services.store.unit():
        ended = services.sessions.end(row.id)
        _tell(services, row.user_id, events.token_ended if row.kind == API else events.sessions_ended, ended)
    return ended


@outermost_retried
def end_all(services: Services, user_id: Any, keep: str | None = None, *, tokens: bool = True) -> int:
    """End all of a user's sessions but one, with `tokens` all API tokens too; return how many rows that were."""
    with services.store.unit():
        sessions = services.sessions
        ended = sessions.end_all(user_id, keep) if tokens else sessions.end_others(user_id, keep)
        _tell(services, user_id, events.sessions_ended, ended)
    return ended


def _tell(services: Services, user_id: Any, event: Any, ended: int) -> None:
    user = services.store.first(Kind.USER, {"id": user_id}) if ended else None
    if user is not None:
        event.send(services.sender, user=user, fields=())
