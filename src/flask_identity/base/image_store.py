"""What the library asks of wherever pictures are kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol


class ImageStore(Protocol):
    """Storage of pictures by name; see `images.names`. Safe to be used by many threads.

    Raises everywhere: `ImagesAway` where it cannot be reached in time, or refuses; `ValueError` for another name.
    """

    def url(self, name: str) -> str:
        """Return the URL of a picture as it is kept in the database: without user and password."""

    def save(self, files: Mapping[str, bytes]) -> None:
        """Keep pictures, in order. One is whole under its name or not there at all."""

    def read(self, name: str) -> bytes | None:
        """Return a picture, None where there is none of that name."""

    def delete(self, names: Iterable[str]) -> None:
        """Remove pictures; one that is not there is no fault."""

    def names(self) -> Sequence[str]:
        """Return the names of all pictures and of what was left while writing one; nothing else that lies there."""

    def older(self, names: Sequence[str], seconds: int) -> Sequence[str]:
        """Return those of the names that were written at least so long ago."""
