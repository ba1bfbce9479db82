"""What becomes of a picture when its row does: saved before the row points at it, removed after nothing does."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from ..base.image_errors import ImagesAway
from ..base.image_store import ImageStore
from ..base.ports import Unit
from . import names

_log = logging.getLogger("flask_identity")
_gathered: ContextVar[list[str] | None] = ContextVar("gathered", default=None)


def discard(images: ImageStore | None, name: str | None) -> None:
    """Remove a picture that no row points at. Where that fails, the sweeper finds it; nobody is told."""
    if images is None or name is None:
        return
    gathered = _gathered.get()
    if gathered is None:
        _remove(images, names.both(name))
    else:
        gathered.extend(names.both(name))


@contextmanager
def together(images: ImageStore | None) -> Iterator[None]:
    """Remove the pictures that are discarded in the block together, over one connection, in whichever way it ends."""
    found: list[str] = []
    before = _gathered.set(found)
    try:
        yield
    finally:
        _gathered.reset(before)
        if images is not None and found:
            _remove(images, found)


def _remove(images: ImageStore, wanted: Iterable[str]) -> None:
    try:
        images.delete(wanted)
    except ImagesAway:
        _log.warning("pictures that nobody uses any more could not be removed; `images sweep` will")


def discard_after(unit: Unit, images: ImageStore | None, url: str | None) -> None:
    """Remove the picture of a saved URL once a unit has committed."""
    name = names.of_url(url)
    if name is not None:
        unit.after_commit(lambda: discard(images, name))
