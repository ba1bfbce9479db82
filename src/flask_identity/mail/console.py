"""Letters on the terminal, for trying things out: whoever reads it can follow the links."""

from __future__ import annotations

import sys
from email.headerregistry import Address

from ..base.letters import Letter

_RULE = "-" * 72


class ConsoleMailer:
    """Prints each letter on the standard output, as text.

    Args:
        sender: Whom letters are from.
    """

    at_once = False

    def __init__(self, sender: Address) -> None:
        self._sender = sender

    def send(self, letter: Letter, letter_id: str) -> None:
        """Print a letter."""
        head = f"To: {letter.to}\nFrom: {self._sender}\nSubject: {letter.subject}"
        sys.stdout.write(f"{_RULE}\n{head}\n\n{letter.text.strip()}\n{_RULE}\n")
        sys.stdout.flush()

    def check(self) -> None:
        """Do nothing: a terminal is always there."""
