"""Which picture is somebody's: one statement decides, so that of two at once each removes the other's or its own."""

from __future__ import annotations

from typing import Any

from ...base.errors import Unavailable
from ...base.ports import Kind, Unit
from ...core.services import Services
from ...images.keeping import discard_after

_TRIES = 5


def point_at(services: Services, unit: Unit, user_id: Any, url: str | None) -> None:
    """Make a saved picture somebody's, None for no picture; the one before it is removed once the unit commits.

    Raises:
        Unavailable: where others were faster every time.
    """
    for _ in range(_TRIES):
        profile = services.store.first(Kind.PROFILE, {"user_id": user_id}, lock=True)
        if profile is None:
            if services.store.add(Kind.PROFILE, {"user_id": user_id, "image": url}, unless_there=True) is not None:
                return
            continue
        before = profile.image
        # Only from the picture that was seen: who comes second sees the first one's and removes that.
        if services.store.change(Kind.PROFILE, {"user_id": user_id, "image": before}, {"image": url}):
            if before != url:
                discard_after(unit, services.images, before)
            return
    raise Unavailable
