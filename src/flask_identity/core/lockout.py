"""Slow down and lock after wrong passwords; never more evaluated than allowed, however many come at once.

An attempt is *reserved* in the database before its password is evaluated, and settled after. While reservations
and settled failures together reach the limit, further attempts wait; once the failures have reached it, they are
refused without computing a hash.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any, ClassVar

from ..base.clock import epoch
from ..base.ports import Add, Kind, Store
from ..base.settings import Settings, setting
from .throttle import key

NEVER = 253_402_300_799
"""A `locked_until` at the end of the year 9999: only a reset or an administrator unlocks."""

_LEASE_SECONDS = 30
_KEEP_SECONDS = 30 * 86400
_TRIES = 5


@dataclass(frozen=True)
class LockoutSettings(Settings):
    PREFIX: ClassVar[str] = "LOCKOUT_"

    max_failures: int = setting(5, "Wrong passwords in a row before an account locks; 0 never locks.", minimum=0)
    seconds: int = setting(30, "Seconds of the first lock; each further failure doubles it, to 900.", minimum=1)


LONGEST_SECONDS = 900
EVALUATED_AT_MOST = 100
"""Failures in a row after which only a reset or an administrator unlocks (NIST SP 800-63B-4)."""


class Turn(Enum):
    """What became of asking for an attempt."""

    RESERVED = "reserved"
    LOCKED = "locked"
    WAIT = "wait"


@dataclass(frozen=True)
class Locked:
    """A key that a failure has locked.

    Args:
        until: Until when.
        begun: Whether the failure is the first that locks, or the one after which nothing but a reset or an
            administrator unlocks; not one of those between, each of which prolongs the lock.
    """

    until: int
    begun: bool


class Lockout:
    """The locks of accounts, and alike of names that are nobody's."""

    def __init__(self, store: Store, settings: LockoutSettings) -> None:
        self._store = store
        self._max = settings.max_failures
        self._seconds = settings.seconds

    @staticmethod
    def key(account: object | None, name: str) -> str:
        """Return the key of an account, or of a name that belongs to none."""
        return key("lock", f"account:{account}" if account is not None else f"name:{name}")

    def locked(self, lock: str) -> bool:
        """Say whether attempts under a key are refused now."""
        row = self._store.first(Kind.THROTTLE, {"key": lock}) if self._max else None
        return row is not None and row.locked_until > epoch()

    def reserve(self, lock: str) -> Turn:
        """Ask to evaluate one password. A compare-and-set decides, so no two callers get the last attempt.

        Whoever finds the row changed in between looks again at once.
        """
        if not self._max:
            return Turn.RESERVED
        for _ in range(_TRIES):
            turn = self._try(lock, epoch())
            if turn is not None:
                return turn
        return Turn.WAIT

    def release(self, lock: str) -> None:
        """Give a reservation back: the password was not evaluated after all."""
        if self._max:
            self._store.change(Kind.THROTTLE, {"key": lock, "reserved__gt": 0}, {"reserved": Add(-1)})

    def fail(self, lock: str) -> Locked | None:
        """Settle a reservation as a failure, inside a unit; return how the key is locked now, None where it is not."""
        if not self._max:
            return None
        self.release(lock)
        if not self._count(lock):
            # An administrator unlocked in between: the count begins anew, with this one, as the user's row has it.
            self._store.add(Kind.THROTTLE, self._row(lock), unless_there=True)
            self._count(lock)
        row = self._store.first(Kind.THROTTLE, {"key": lock}, lock=True)
        if row is None or row.count < self._max:
            return None
        until = self._until(row.count)
        expires = NEVER if until == NEVER else epoch() + _KEEP_SECONDS
        self._store.change(Kind.THROTTLE, {"key": lock}, {"locked_until": until, "expires_at": expires})
        return Locked(until, row.count in (self._max, max(self._max, EVALUATED_AT_MOST)))

    def succeed(self, lock: str) -> None:
        """Settle a reservation as a success, inside a unit: the failures in a row end."""
        if self._max:
            over = {"count": 0, "locked_until": 0}
            held = {"key": lock, "reserved__gt": 0}
            if not self._store.change(Kind.THROTTLE, held, {**over, "reserved": Add(-1)}):
                self._store.change(Kind.THROTTLE, {"key": lock}, over)

    def unlock(self, lock: str) -> bool:
        """Forget the failures of a key, inside a unit; True where it was locked."""
        row = self._store.take(Kind.THROTTLE, {"key": lock})
        return row is not None and bool(row.locked_until > epoch())

    def _try(self, lock: str, now: int) -> Turn | None:
        row = self._store.first(Kind.THROTTLE, {"key": lock})
        if row is None:
            fresh = self._row(lock, reserved=1, reserved_until=now + _LEASE_SECONDS)
            return Turn.RESERVED if self._store.add(Kind.THROTTLE, fresh, unless_there=True) else None
        if row.locked_until > now:
            return Turn.LOCKED
        # A process that died between reserving and settling must not block the account for ever.
        over = row.reserved_until <= now
        abreast = max(self._max - row.count, 1)
        if row.reserved >= abreast and not over:
            return Turn.WAIT
        seen = {"key": lock, "count": row.count, "locked_until": row.locked_until}
        # Others may reserve in between as long as there is room; a lease that is over is only taken as it was seen.
        seen |= {"reserved": row.reserved} if over else {"reserved__lt": abreast}
        lease = {"reserved": 1 if over else Add(1), "reserved_until": now + _LEASE_SECONDS}
        lease["expires_at"] = now + _KEEP_SECONDS
        return Turn.RESERVED if self._store.change(Kind.THROTTLE, seen, lease) else None

    def _count(self, lock: str) -> int:
        return self._store.change(Kind.THROTTLE, {"key": lock}, {"count": Add(1)})

    def _row(self, lock: str, **known: int) -> dict[str, Any]:
        nothing = {"count": 0, "reserved": 0, "reserved_until": 0, "locked_until": 0}
        return {"key": lock, **nothing, "expires_at": epoch() + _KEEP_SECONDS, **known}

    def _until(self, failures: int) -> int:
        if failures >= EVALUATED_AT_MOST:
            return NEVER
        doubled: int = self._seconds * 2 ** min(failures - self._max, 20)
        return epoch() + min(doubled, max(LONGEST_SECONDS, self._seconds))
