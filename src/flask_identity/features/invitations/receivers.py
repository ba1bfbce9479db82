"""Whoever is no administrator any more leaves no invitation behind."""

from __future__ import annotations

from typing import Any

from ...base import events
from ...base.ports import Kind
from ...core.services import Services
from . import actions


def connect(app: Any, services: Services) -> None:
    """Listen to changes of roles and status; strongly, so that this lives as long as the process."""

    def changed(_: Any, *, user: Any, **__: Any) -> None:
        if not actions.is_admin(services, user):
            services.store.remove(Kind.INVITATION, {"user_id": user.id})

    for signal in (events.roles_changed, events.status_changed):
        signal.connect(changed, sender=app, weak=False)
