"""Signing out."""

from __future__ import annotations

from ..base import events
from ..base.ports import Kind
from .principal import Principal
from .retry import outermost_retried
from .services import Services


@outermost_retried
def sign_out(services: Services, who: Principal) -> None:
    """End the session a request came with, and tell of it."""
    if who.session_id is None:
        return
    with services.store.unit():
        user = services.store.first(Kind.USER, {"id": who.id})
        services.sessions.end(who.session_id)
        events.signed_out.send(services.sender, user=user, fields=())
