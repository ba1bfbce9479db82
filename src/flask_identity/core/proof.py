"""Evaluate one password under the lock of its account: what signing in, HTTP Basic, /verify and a change share."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar

from ..base.clock import from_epoch
from ..base.errors import Busy, InvalidCredentials, Unavailable
from ..base.ports import Add, Copy, Kind, Row, Store
from . import secrets
from .gates import TURN_SECONDS, Gates
from .lockout import Lockout, Turn
from .outbox import ACCOUNT_LOCKED, Outbox
from .passwords import Passwords, Verdict
from .retry import retried

T = TypeVar("T")


@dataclass(frozen=True)
class Claim:
    """Who a caller claims to be, as it stood when the claim was made.

    Args:
        account: The user's row, None where the name is nobody's.
        lock: The key under which failures count.
        record: The password record to compare with; None computes a decoy.
        uniquifier: The account's uniquifier.
        id: The account's id; its row may be gone by the time it is asked.
        address: The account's address; likewise.
    """

    account: Row | None
    lock: str
    record: str | None = field(default=None, repr=False)
    uniquifier: str | None = field(default=None, repr=False)
    id: Any = None
    address: str = ""


class Proof:
    """Evaluates passwords; knows nothing of sessions."""

    def __init__(
        self, store: Store, passwords: Passwords, lockout: Lockout, outbox: Outbox, *, confirmation: bool
    ) -> None:
        self._store = store
        self._passwords = passwords
        self._lockout = lockout
        self.confirmation: bool = confirmation
        """Whether an address must be confirmed before its account can be used."""
        self._outbox = outbox
        self._gates = Gates()

    def claim(self, account: Row | None, name: str) -> Claim:
        """Return the claim to an account, or to a name that is nobody's."""
        if account is None:
            return Claim(None, Lockout.key(None, name))
        usable = bool(account.active) and bool(account.password) and not self.pending(account)
        record = account.password if usable else None
        return Claim(account, Lockout.key(account.id, name), record, account.uniquifier, account.id, account.email)

    def pending(self, account: Row) -> bool:
        """Say whether an account waits for its address to be confirmed."""
        return self.confirmation and account.confirmed_at is None

    def evaluate(self, claim: Claim, password: str) -> Verdict:
        """Compare a password, at the cost of exactly one hash; none while the account is locked.

        A right one leaves its reservation to be settled by acting on it, see `settle`, or by `withdraw`.

        Raises:
            InvalidCredentials: while the account is locked.
            Busy: where no hashing slot came free within 2 s, or no turn of this account within 20 s.
        """
        with self._gates.pass_through(claim.lock):
            self._reserve(claim)
            return self._verify(claim, password)

    def fail(self, claim: Claim) -> bool:
        """Count a wrong password, inside a unit; return whether there still is an account.

        The user's row is written first, as everywhere. Where this failure locks, a letter tells the owner (S-025). For
        a name that is nobody's one to nobody is written, by the same statement: whose letter it is, is asked when
        letters are delivered, beside the requests, so that both take the same (S-026, S-027). It is in the language of
        the site: that of whoever tried is not the owner's.
        """
        there = False
        if claim.account is not None:
            counted = claim.record is not None and self._store.has(Kind.USER, "failed_logins")
            first: dict[str, Any] = {"failed_logins": Add(1)} if counted else {"active": Copy("active")}
            there = bool(self._store.change(Kind.USER, {"id": claim.id}, first | self.unmarked()))
        locked = self._lockout.fail(claim.lock)
        if locked and there and self._store.has(Kind.USER, "locked_until"):
            self._store.change(
                Kind.USER, {"id": claim.id}, {"locked_until": from_epoch(locked.until)} | self.unmarked()
            )
        if locked and locked.begun:
            self._outbox.put(ACCOUNT_LOCKED, claim.address if there else "", language="")
        return there

    def write(self, user: Row, changes: Mapping[str, Any], claim: Claim | None) -> str:
        """Write the user's row of someone let in, inside a unit; return the uniquifier of their session.

        Written on condition that the row still is what was looked at: a suspension or a new password in between wins.

        Raises:
            InvalidCredentials: where it is not.
        """
        seen = claim.uniquifier if claim is not None else user.uniquifier
        values = {**changes, "uniquifier": seen or secrets.uniquifier()}
        where = {"id": claim.id if claim is not None else user.id, "active": True, "uniquifier": seen}
        if self.confirmation:
            where["confirmed_at__ne"] = None
        if claim is not None:
            where["password"] = claim.record
            cleared: dict[str, Any] = {"failed_logins": 0, "locked_until": None}
            values |= {column: value for column, value in cleared.items() if self._store.has(Kind.USER, column)}
        values |= self.unmarked()
        if not self._store.change(Kind.USER, where, values):
            raise InvalidCredentials
        return str(values["uniquifier"])

    def unmarked(self) -> dict[str, Any]:
        """Return what keeps `updated_at` as it is: signing in is no change of the account."""
        return {"updated_at": Copy("updated_at")} if self._store.has(Kind.USER, "updated_at") else {}

    def settle(self, claim: Claim | None, act: Callable[[], T]) -> T:
        """Act on a right password in one unit; where it does not come through, the attempt is given back."""

        def settled() -> T:
            with self._store.unit():
                done = act()
                if claim is not None:
                    self._lockout.succeed(claim.lock)
            return done

        try:
            return retried(self._store, settled)
        except Exception:
            if claim is not None:
                self.withdraw(claim)
            raise

    def withdraw(self, claim: Claim) -> None:
        """Give back the reservation of a password whose outcome nobody learned."""
        # With the database away it stays behind, and counts no longer after its lease.
        with suppress(Unavailable):
            self._lockout.release(claim.lock)

    def _reserve(self, claim: Claim) -> None:
        give_up = time.monotonic() + TURN_SECONDS
        pause = 0.01
        while (turn := self._lockout.reserve(claim.lock)) is not Turn.RESERVED:
            if turn is Turn.LOCKED:
                raise InvalidCredentials
            if time.monotonic() > give_up:
                raise Busy(retry_after=1)
            # Other processes are evaluating for this account. Who asks again at once, and all together, takes from them
            # the time they need to come to an end.
            time.sleep(random.uniform(pause / 2, pause))  # noqa: S311 - a pause, not a secret
            pause = min(2 * pause, 0.2)

    def _verify(self, claim: Claim, password: str) -> Verdict:
        try:
            return self._passwords.verify(claim.record, password)
        except BaseException:
            self.withdraw(claim)
            raise
