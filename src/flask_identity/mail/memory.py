"""Letters in a list, for the tests of applications."""

from __future__ import annotations

from ..base.letters import Letter

LETTERS: list[Letter] = []
"""What was sent in this process; `flask_identity.testing.outbox`."""


class MemoryMailer:
    """Puts each letter into `LETTERS`, before the request that wrote it is answered."""

    at_once = True

    def send(self, letter: Letter, letter_id: str) -> None:
        """Keep a letter."""
        LETTERS.append(letter)

    def check(self) -> None:
        """Do nothing: a list is always there."""
