"""The outbox: letters are rows, written in the unit of the act, and delivered after it by somebody else.

What stands in a row is what the letter is about, not its text. A secret link is veiled under the application's key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ..base.clock import epoch
from ..base.ports import Add, Kind, Row, Store
from ..base.settings import Settings, setting
from . import secrets

PASSWORD_CHANGED, EMAIL_CHANGED, ACCOUNT_LOCKED = "password_changed", "email_changed", "account_locked"
"""The letters that tell of a change, the second to the address of before, and of a lock."""
NEVER = 253_402_300_799
"""When a letter that was given up is due: with the end of the year 9999."""
LEASE_SECONDS = 120
"""How long a letter belongs to who delivers it; longer than a mail server is let take."""
TRIES = 12
_FIRST_PAUSE, _LONGEST_PAUSE = 10, 3600
_FAULT_LENGTH = 80


@dataclass(frozen=True)
class MailSettings(Settings):
    mail_url: str | None = setting(
        None,
        "How letters are sent: smtps://user:password@host, smtp://user:password@host, which asks for STARTTLS unless "
        "the host is this machine or ?starttls=off is added, console: to print them, or memory: for tests.",
        secret=True,
    )
    mail_from: str | None = setting(
        None,
        "Whom letters are from, such as Shop <no-reply@example.com>; None is no-reply at the host of the base URL.",
    )


class Outbox:
    """The letters of one application that are not delivered yet.

    Args:
        store: Where they are.
        key: What secret links are veiled under.
        on: Whether letters are sent at all.
    """

    def __init__(self, store: Store, key: bytes, on: bool) -> None:
        self._store = store
        self._key = key
        self.on: bool = on
        self.wake: Callable[[], object] = lambda: None
        """Called once a letter is committed."""
        self.language: Callable[[], str] = lambda: "en"
        """Tells the language that a letter written now is in."""

    def put(
        self,
        kind: str,
        recipient: str,
        *,
        carries: str | None = None,
        link: str | None = None,
        language: str | None = None,
    ) -> None:
        """Write a letter, in the unit that is open or one of its own; nothing where no letters are sent.

        Args:
            kind: Which one.
            recipient: The address it goes to.
            carries: What is to be known when it is sent.
            link: The secret of its link, where that is made already; see `keep_link`.
            language: The tag of its language; None is that of the request, "" the first of the site's.
        """
        if not self.on:
            return
        now = epoch()
        tongue = self.language() if language is None else language
        row = {"id": secrets.make().id, "kind": kind, "recipient": recipient, "language": tongue, "tries": 0}
        row |= {"carries": carries, "link": secrets.veiled(link, self._key) if link is not None else None}
        with self._store.unit() as unit:
            self._store.add(Kind.MAIL, row | {"created_at": now, "due_at": now})
            unit.after_commit(lambda: self.wake())

    def claimed(self) -> Iterator[Row]:
        """Yield the letters that are due, each once it is ours. One UPDATE decides whose it is."""
        while rows := self._store.page(Kind.MAIL, {"due_at__le": epoch()}, order="due_at", limit=20):
            for row in rows:
                seen = {"id": row.id, "due_at": row.due_at, "tries": row.tries}
                lease = {"due_at": epoch() + LEASE_SECONDS, "tries": Add(1), "fault": None}
                if self._store.change(Kind.MAIL, seen, lease):
                    yield row

    def done(self, row: Row) -> None:
        """Forget a letter that was delivered, or that nobody is to have."""
        self._store.remove(Kind.MAIL, {"id": row.id})

    def failed(self, row: Row, fault: str, *, for_good: bool = False) -> None:
        """Keep a letter that could not be delivered: to be tried again, or no more.

        Args:
            row: The letter as it was claimed.
            fault: What happened, in a few words without names or secrets.
            for_good: Whether trying again would come to the same.
        """
        over = for_good or row.tries + 1 >= TRIES
        due = NEVER if over else epoch() + min(_FIRST_PAUSE * 2**row.tries, _LONGEST_PAUSE)
        self._store.change(Kind.MAIL, {"id": row.id}, {"due_at": due, "fault": fault[:_FAULT_LENGTH]})

    def seconds_to_wait(self, most: int) -> int:
        """Return in how many seconds the next letter is due, `most` at the most."""
        rows = self._store.page(Kind.MAIL, {}, order="due_at", limit=1)
        return max(0, min(most, rows[0].due_at - epoch())) if rows else most

    def waiting(self, limit: int) -> list[Row]:
        """Return letters that are not delivered, the next one due first."""
        return list(self._store.page(Kind.MAIL, {}, order="due_at", limit=limit))

    def try_again(self) -> int:
        """Let all that failed before be due now, what was given up too; return how many."""
        return self._store.change(Kind.MAIL, {"fault__ne": None}, {"due_at": epoch(), "tries": 0})

    def drop(self, letter_id: str | None) -> int:
        """Remove a letter, or all that failed before; return how many."""
        return self._store.remove(Kind.MAIL, {"fault__ne": None} if letter_id is None else {"id": letter_id})

    def keep_link(self, row: Row, value: str) -> None:
        """Note the secret of a letter's link, so that the letter has the same however often it is sent."""
        self._store.change(Kind.MAIL, {"id": row.id}, {"link": secrets.veiled(value, self._key)})

    def link_of(self, row: Row) -> str | None:
        """Return the secret of a letter's link; None where none was made yet."""
        return secrets.veiled(row.link, self._key) if row.link else None
