"""Pictures in a folder of this machine, or of a file system that all machines share."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from ..base.clock import epoch
from ..base.image_errors import ImagesAway
from .names import DRAFT, NAME, checked


class LocalImages:
    """Keeps pictures in a folder, which is made when the first is saved.

    Args:
        folder: An absolute path.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def url(self, name: str) -> str:
        """Return the URL to save; see `ImageStore.url`."""
        return f"{self._folder.as_uri()}/{checked(name)}"

    def save(self, files: Mapping[str, bytes]) -> None:
        """Keep pictures; see `ImageStore.save`."""
        with _reached():
            self._folder.mkdir(mode=0o750, parents=True, exist_ok=True)
            for name, data in files.items():
                self._write(checked(name), data)

    def read(self, name: str) -> bytes | None:
        """Return a picture; see `ImageStore.read`."""
        with _reached():
            try:
                return (self._folder / checked(name)).read_bytes()
            except FileNotFoundError:
                return None

    def delete(self, names: Iterable[str]) -> None:
        """Remove pictures; see `ImageStore.delete`."""
        with _reached():
            for name in names:
                (self._folder / checked(name)).unlink(missing_ok=True)

    def names(self) -> Sequence[str]:
        """Return all names; see `ImageStore.names`."""
        with _reached():
            if not self._folder.is_dir():
                return []
            return [name for name in os.listdir(self._folder) if NAME.fullmatch(name) or DRAFT.fullmatch(name)]

    def older(self, names: Sequence[str], seconds: int) -> Sequence[str]:
        """Return the names that were written so long ago; see `ImageStore.older`."""
        found = []
        for name in names:
            with contextlib.suppress(FileNotFoundError), _reached(FileNotFoundError):
                if (self._folder / checked(name)).stat().st_mtime <= epoch() - seconds:
                    found.append(name)
        return found

    def _write(self, name: str, data: bytes) -> None:
        draft = self._folder / f"{name}.part"
        try:
            with draft.open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(self._folder / name)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise


@contextlib.contextmanager
def _reached(*passed: type[OSError]) -> Iterator[None]:
    try:
        yield
    except passed:
        raise
    except OSError as error:
        raise ImagesAway from error
