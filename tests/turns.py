"""Who runs when: ordinary tests side by side, a race test alone.

The processes of a parallel run share one folder with two lock files. An ordinary test holds `running` together with
others, a race test holds it alone. `waiting` is passed through by everybody and held by a race test while it waits, so
that a stream of ordinary tests cannot keep it waiting for ever.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Turns:
    """The lock files of one run, in a folder all its processes know."""

    folder: Path

    @contextmanager
    def together(self) -> Iterator[None]:
        """Run beside others of the same kind."""
        with self._locked("waiting", fcntl.LOCK_EX):
            pass
        with self._locked("running", fcntl.LOCK_SH):
            yield

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Run when nobody else does."""
        with self._locked("waiting", fcntl.LOCK_EX), self._locked("running", fcntl.LOCK_EX):
            yield

    @contextmanager
    def _locked(self, name: str, how: int) -> Iterator[None]:
        with (self.folder / name).open("w") as file:
            fcntl.flock(file, how)
            try:
                yield
            finally:
                fcntl.flock(file, fcntl.LOCK_UN)
