"""Pictures in memory, for the tests of applications."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ..base.clock import epoch
from .names import checked


class MemoryImages:
    """Keeps pictures until the process ends."""

    def __init__(self) -> None:
        self._files: dict[str, tuple[int, bytes]] = {}

    def url(self, name: str) -> str:
        """Return the URL to save; see `ImageStore.url`."""
        return f"memory:/{checked(name)}"

    def save(self, files: Mapping[str, bytes]) -> None:
        """Keep pictures; see `ImageStore.save`."""
        self._files |= {checked(name): (epoch(), bytes(data)) for name, data in files.items()}

    def read(self, name: str) -> bytes | None:
        """Return a picture; see `ImageStore.read`."""
        found = self._files.get(checked(name))
        return found[1] if found else None

    def delete(self, names: Iterable[str]) -> None:
        """Remove pictures; see `ImageStore.delete`."""
        for name in names:
            self._files.pop(checked(name), None)

    def names(self) -> Sequence[str]:
        """Return all names; see `ImageStore.names`."""
        return list(self._files)

    def older(self, names: Sequence[str], seconds: int) -> Sequence[str]:
        """Return the names that were written so long ago; see `ImageStore.older`."""
        return [name for name in names if name in self._files and self._files[name][0] <= epoch() - seconds]
