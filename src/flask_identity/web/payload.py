"""What JSON answers carry about a user."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from flask import url_for

from ..base.ports import Row
from ..images import names
from ..models.behaviour import UserMixin, UserProfileMixin
from .current import state


def payload(user: Row) -> dict[str, Any]:
    """Return what the model's `get_security_payload` decides, and always the id."""
    own = getattr(user, "get_security_payload", None)
    found: Mapping[str, Any] = own() if own is not None else UserMixin.get_security_payload(user)
    return {**found, "id": user.id}


def profile_payload(profile: Row | None) -> dict[str, Any]:
    """Return the fields of a profile, and as `image_url` where its picture can be shown from."""
    found = {name: getattr(profile, name, None) for name in UserProfileMixin.FIELDS}
    return {**found, "image_url": image_url(found["image"])}


def image_url(saved: str | None, *, small: bool = False) -> str | None:
    """Return the path under which the picture of a saved URL is shown; its small form has `-128` before `.webp`."""
    name = names.of_url(saved)
    if name is None or not state().on("profile"):
        return None
    return url_for("identity.images_name", name=names.small(name) if small else name)


def moment(time: datetime | None) -> str | None:
    """Return a time in ISO 8601 with its zone, in UTC."""
    if time is None:
        return None
    return (time if time.tzinfo is not None else time.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
