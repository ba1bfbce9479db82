"""Remove pictures that no profile points at: left by a crash, by a server that was away, by rows deleted elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ...base.image_errors import ImagesOff
from ...base.image_store import ImageStore
from ...base.ports import Kind, Store
from ...images import names
from ...web.current import services

GRACE = 3600  # seconds: no upload takes so long
_ROWS, _FILES = 500, 50


@dataclass(frozen=True)
class Swept:
    """How many files there are, and how many nobody points at."""

    files: int
    orphans: int


def sweep_pictures(
    *, dry_run: bool = False, grace: int = GRACE, progress: Callable[[int, int], object] = lambda done, of: None
) -> Swept:
    """Remove the files of pictures that no profile points at, in the current application.

    Args:
        dry_run: Count them and remove none.
        grace: Seconds since a file was written; a younger one may belong to an upload that is still going on.
        progress: Called with the number of files done, and of all to be done.

    Raises:
        ImagesAway: where the pictures cannot be reached; what was removed by then stays so.
        ImagesOff: where the application keeps none.
        Unavailable: where the database is away.
    """
    images = services.images
    if images is None:
        raise ImagesOff
    # First the files, then the rows: what a row points at later was not there, or is too young.
    found = list(images.names())
    used = _used(services.store)
    unused = [name for name in found if not names.NAME.fullmatch(name) or _key(name) not in used]
    return Swept(len(found), _remove(images, unused, dry_run, grace, progress))


def _remove(
    images: ImageStore, unused: list[str], dry_run: bool, grace: int, progress: Callable[[int, int], object]
) -> int:
    gone = 0
    for start in range(0, len(unused), _FILES):
        some = images.older(unused[start : start + _FILES], grace)
        for at in range(0, 0 if dry_run else len(some), 2):
            images.delete(some[at : at + 2])
        gone += len(some)
        progress(min(start + _FILES, len(unused)), len(unused))
    return gone


def _used(store: Store) -> set[bytes]:
    """Return the keys of all pictures that rows point at; 16 bytes each, so that a million take no room."""
    used: set[bytes] = set()
    after: Any = None
    while True:
        where = {"image__ne": ""} if after is None else {"image__ne": "", "id__gt": after}
        rows = store.page(Kind.PROFILE, where, order="id", limit=_ROWS)
        used.update(_key(name) for row in rows if (name := names.of_url(row.image)) is not None)
        if len(rows) < _ROWS:
            return used
        after = rows[-1].id


def _key(name: str) -> bytes:
    return bytes.fromhex(name[:32])
