"""What JSON answers carry about a user."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from ..base.ports import Row
from ..models.behaviour import UserMixin


def payload(user: Row) -> dict[str, Any]:
    """Return what the model's `get_security_payload` decides, and always the id."""
    own = getattr(user, "get_security_payload", None)
    found: Mapping[str, Any] = own() if own is not None else UserMixin.get_security_payload(user)
    return {"id": user.id, **found}


def moment(time: datetime | None) -> str | None:
    """Return a time in ISO 8601 with its zone, in UTC."""
    if time is None:
        return None
    return (time if time.tzinfo is not None else time.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
