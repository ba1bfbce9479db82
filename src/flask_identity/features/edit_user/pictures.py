"""An edit that brings a picture: saved first, pointed at second, the old one removed last.

A crash in between leaves a file that nobody points at, for the sweeper, and never a broken picture. Decoding and
sending take seconds, so no unit is open meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from ...base.errors import InvalidInput, TooManyRequests
from ...base.image_errors import ImagesAway, ImagesOff, TooManyPictures
from ...base.ports import Row
from ...base.texts import Sentence
from ...core.principal import Principal
from ...core.services import Services
from ...core.throttle import Allowance
from ...images.clean import Picture, clean
from ...images.keeping import discard
from . import actions

UPLOADS = Allowance("uploads", most=20, seconds=3600)
"""Pictures an account may send in an hour (S-105)."""


@dataclass(frozen=True)
class Change:
    """What becomes of the picture: bytes as they were sent, or none any more."""

    sent: bytes | None = None
    remove: bool = False


@dataclass(frozen=True)
class Edited:
    """The rows as they are after an edit, and whether a picture that was sent is among it."""

    user: Row
    profile: Row | None
    picture_saved: bool


def change(given: Any) -> Change:
    """Return what an input wants of the picture.

    Raises:
        InvalidInput: where it wants both.
    """
    return checked(Change(given.image, given.remove_image))


def checked(wanted: Change) -> Change:
    """Return a change that can be done.

    Raises:
        InvalidInput: for a picture that is to be removed and replaced at once.
    """
    if wanted.sent is not None and wanted.remove:
        raise InvalidInput(field_errors={"image": [Sentence("Send a picture or remove it, not both.")]})
    return wanted


def edit(services: Services, who: Principal, user_id: Any, wanted: actions.Edit, picture: Change) -> Edited:
    """Change an account and its picture. Where the picture cannot be kept, the rest is saved all the same.

    Raises:
        ImageTooLarge, TooManyPixels, NotAnImage, ImagesOff, ImagesBusy, TooManyPictures: nothing has changed then.
        IdentityRefusal: see `actions.edit`; the picture is not kept then.
    """
    if picture.sent is None:
        return Edited(*actions.edit(services, who, user_id, replace(wanted, remove_picture=picture.remove)), True)
    actions.may_edit(who, user_id, wanted)
    if services.images is None:
        raise ImagesOff(field_errors={"image": [ImagesOff.message]})
    _counted(services, who)
    kept = _saved(services, clean(picture.sent))
    if kept is None:
        return Edited(*actions.edit(services, who, user_id, wanted), False)
    try:
        wanted = replace(wanted, picture=services.images.url(kept.name))
        return Edited(*actions.edit(services, who, user_id, wanted), True)
    except BaseException:
        discard(services.images, kept.name)
        raise


def _counted(services: Services, who: Principal) -> None:
    """Count before anything is decoded, which is what costs; whoever sends it is counted, not whose picture it is."""
    try:
        services.throttle.spend(UPLOADS, who.id)
    except TooManyRequests as refusal:
        told = {"image": [TooManyPictures.message]}
        raise TooManyPictures(field_errors=told, retry_after=refusal.retry_after) from None


def _saved(services: Services, picture: Picture) -> Picture | None:
    assert services.images is not None  # noqa: S101 - the caller has looked
    try:
        services.images.save(picture.files)
    except ImagesAway:
        return None
    return picture
