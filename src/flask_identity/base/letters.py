"""A letter, and what the library asks of whoever carries it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True)
class Letter:
    """A letter to one person.

    Args:
        to: The address.
        subject: What it is about, in one line.
        text: What it says, as plain text.
        html: The same, as HTML.
        link: The address it leads to, None where it leads nowhere.
        language: The tag of the language it is in.
    """

    to: str
    subject: str
    text: str = field(repr=False)
    html: str = field(repr=False)
    link: str | None = field(default=None, repr=False)
    language: str = "en"


class MailAway(Exception):
    """The mail server cannot be reached, or will not take this now; the message names neither people nor secrets."""


class MailRefused(Exception):
    """The letter cannot be sent as it is, now or later; the message names neither people nor secrets."""


class Mailer(Protocol):
    """Whoever carries letters. Safe to be used by several threads."""

    at_once: bool
    """Whether to be called in the request itself: it neither waits nor fails."""

    def send(self, letter: Letter, letter_id: str) -> None:
        """Carry a letter; one sent again has the same id.

        Raises:
            MailAway: where it is worth trying again later.
            MailRefused: where it is not.
        """

    def check(self) -> None:
        """See whether letters could be sent now; sends none.

        Raises:
            MailAway: where they could not, with what is in the way.
        """
