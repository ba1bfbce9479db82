"""A bounded copy on this machine's disk of pictures that are elsewhere. Any number of processes may share it."""

from __future__ import annotations

import contextlib
import itertools
import os
import secrets
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from ..base.image_errors import ImagesAway
from ..base.image_store import ImageStore
from .names import checked

LARGEST = 256 * 1024 * 1024  # bytes of all copies
FRESH_FOR = 86_400  # seconds in which a copy is not compared with where it came from
_LOOK_EVERY = 32  # copies made


class CachedImages:
    """An image store with copies of what was read.

    Args:
        store: Where the pictures are.
        folder: Where the copies are; made at need. Where it cannot be written, nothing is copied.
        largest: Bytes the copies may take.
    """

    def __init__(self, store: ImageStore, folder: Path, largest: int = LARGEST) -> None:
        self._store = store
        self._folder = folder
        self._largest = largest
        self._made = itertools.count()

    def url(self, name: str) -> str:
        """Return the URL to save; see `ImageStore.url`."""
        return self._store.url(name)

    def save(self, files: Mapping[str, bytes]) -> None:
        """Keep pictures; see `ImageStore.save`."""
        self._store.save(files)

    def read(self, name: str) -> bytes | None:
        """Return a picture; from the copy while that is fresh, and as long as the store is away."""
        copy = self._folder / checked(name)
        kept, age = _read(copy)
        if kept is not None and 0 <= age < FRESH_FOR:
            return kept
        try:
            found = self._store.read(name)
        except ImagesAway:
            if kept is None:
                raise
            return kept
        if found is None:
            _remove(copy)
        else:
            self._copy(copy, found)
        return found

    def delete(self, names: Iterable[str]) -> None:
        """Remove pictures; see `ImageStore.delete`."""
        wanted = [checked(name) for name in names]
        for name in wanted:
            _remove(self._folder / name)
        self._store.delete(wanted)

    def names(self) -> Sequence[str]:
        """Return all names; see `ImageStore.names`."""
        return self._store.names()

    def older(self, names: Sequence[str], seconds: int) -> Sequence[str]:
        """Return the names that were written so long ago; see `ImageStore.older`."""
        return self._store.older(names, seconds)

    def _copy(self, copy: Path, data: bytes) -> None:
        draft = copy.with_name(f"{copy.name}.{secrets.token_hex(4)}")
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            draft.write_bytes(data)
            draft.replace(copy)
        except OSError:
            _remove(draft)
            return
        if next(self._made) % _LOOK_EVERY == 0:
            self._shrink()

    def _shrink(self) -> None:
        """Remove the oldest copies until a tenth of the room is free."""
        found: list[tuple[float, int, Path]] = []
        with contextlib.suppress(OSError), os.scandir(self._folder) as entries:
            for entry in entries:
                with contextlib.suppress(OSError):  # another process was first
                    stat = entry.stat()
                    found.append((stat.st_mtime, stat.st_size, Path(entry.path)))
        total = sum(size for _, size, _ in found)
        if total <= self._largest:
            return
        for _, size, path in sorted(found):
            _remove(path)
            total -= size
            if total <= self._largest * 0.9:
                return


def _read(path: Path) -> tuple[bytes | None, float]:
    """Return a copy and its age in seconds."""
    try:
        with path.open("rb") as file:
            return file.read(), time.time() - os.fstat(file.fileno()).st_mtime
    except OSError:
        return None, 0.0


def _remove(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink()
