"""A unit of work that is open, whichever ORM it is on."""

from __future__ import annotations

from collections.abc import Callable

from ..base.errors import Unavailable


class OpenUnit:
    """The outermost unit that is open."""

    def __init__(self) -> None:
        self._calls: list[Callable[[], object]] = []
        self.refused: BaseException | None = None
        """What was raised inside, and perhaps caught there."""

    def after_commit(self, call: Callable[[], object]) -> None:
        """Run `call` once this has committed; never when it rolls back."""
        self._calls.append(call)

    def committed(self) -> None:
        """Run what was asked for."""
        for call in self._calls:
            call()

    def check(self) -> None:
        """Refuse to commit where something was raised inside, also where it was caught there.

        Raises:
            Unavailable: where that was an outage.
            RuntimeError: for anything else.
        """
        if isinstance(self.refused, Unavailable):
            raise self.refused
        if self.refused is not None:
            # PostgreSQL would answer COMMIT with a roll-back that looks like success; no database may keep a half.
            raise RuntimeError("A refusal inside this unit has undone it: let it out of the unit") from self.refused
