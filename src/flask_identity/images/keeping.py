"""What becomes of a picture when its row does: saved before the row points at it, removed after nothing does."""

from __future__ import annotations

import logging

from ..base.image_errors import ImagesAway
from ..base.ports import ImageStore, Unit
from . import names

_log = logging.getLogger("flask_identity")


def discard(images: ImageStore | None, name: str | None) -> None:
    """Remove a picture that no row points at. Where that fails, the sweeper finds it; nobody is told."""
    if images is None or name is None:
        return
    try:
        images.delete(names.both(name))
    except ImagesAway:
        _log.warning("a picture that nobody uses any more could not be removed; `images sweep` will")


def discard_after(unit: Unit, images: ImageStore | None, url: str | None) -> None:
    """Remove the picture of a saved URL once a unit has committed."""
    name = names.of_url(url)
    if name is not None:
        unit.after_commit(lambda: discard(images, name))
