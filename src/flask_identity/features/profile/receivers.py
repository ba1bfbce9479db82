"""The receivers that make and remove a user's profile."""

from __future__ import annotations

from typing import Any

from ...base import events
from ...base.ports import Kind
from ...core.services import Services
from ...images.keeping import discard_after
from ...models.behaviour import EXTENSION


def create_profile_by_user(app: Any, *, user: Any, **_: Any) -> None:
    """Make the profile of a user who was just created, inside the same unit.

    Args:
        app: The application; its identity layer has the store.
        user: The new user's row.
    """
    app.extensions[EXTENSION].services.store.add(Kind.PROFILE, {"user_id": user.id})


def delete_profile_by_user(app: Any, *, user: Any, **_: Any) -> None:
    """Remove the profile of a user who is being deleted, inside the same unit; the picture goes after its commit."""
    services = app.extensions[EXTENSION].services
    with services.store.unit() as unit:
        profile = services.store.first(Kind.PROFILE, {"user_id": user.id}, lock=True)
        if profile is not None:
            discard_after(unit, services.images, getattr(profile, "image", None))
        services.store.remove(Kind.PROFILE, {"user_id": user.id})


def connect(app: Any, _: Services) -> None:
    """Connect both receivers for one application; strongly, so that they live as long as the process."""
    events.user_created.connect(create_profile_by_user, sender=app, weak=False)
    events.user_deleted.connect(delete_profile_by_user, sender=app, weak=False)
