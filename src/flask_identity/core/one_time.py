"""One-time tokens: sent to an address, kept as a digest, good for one purpose and once."""

from __future__ import annotations

from ..base.clock import epoch
from ..base.ports import Kind, Row, Store
from . import secrets


class OneTime:
    """The one-time tokens of one application.

    A token is bound to its purpose, its user and what the user's address and uniquifier were: a new password, another
    address or a suspension is the end of it, whatever row is left.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def issue(self, user: Row, purpose: str, seconds: int) -> secrets.Secret:
        """Make a token for a user, inside a unit in which the user's row is locked."""
        secret, now = secrets.make(), epoch()
        row = {"id": secret.id, "digest": secret.digest, "purpose": purpose, "user_id": user.id}
        row |= {"email": user.email, "uniquifier": user.uniquifier, "created_at": now, "expires_at": now + seconds}
        self._store.add(Kind.ONE_TIME, row)
        return secret

    def extend(self, value: str, purpose: str, seconds: int) -> bool:
        """Let a token that still stands, or merely ran out, be good from now on; False where it has come to its end."""
        row = self._row(value, purpose)
        if row is None or self._user_of(row) is None:
            return False
        return bool(self._store.change(Kind.ONE_TIME, {"id": row.id}, {"expires_at": epoch() + seconds}))

    def owner(self, value: str, purpose: str) -> Row | None:
        """Return the user of a presented token; None for one that does not work. Consumes nothing."""
        row = self._row(value, purpose)
        return self._user_of(row) if row is not None and row.expires_at > epoch() else None

    def take(self, value: str, purpose: str) -> bool:
        """Use a token up, inside a unit; of many callers exactly one is told that it worked."""
        row = self._row(value, purpose)
        if row is None or row.expires_at <= epoch():
            return False
        return bool(self._store.remove(Kind.ONE_TIME, {"id": row.id, "expires_at__gt": epoch()}))

    def _row(self, value: str, purpose: str) -> Row | None:
        parts = secrets.split(value)
        row = self._store.first(Kind.ONE_TIME, {"id": parts[0]}) if parts is not None else None
        if parts is None or row is None or not secrets.matches(parts[1], row.digest) or row.purpose != purpose:
            return None
        return row

    def _user_of(self, row: Row) -> Row | None:
        user = self._store.first(Kind.USER, {"id": row.user_id})
        if user is None or not user.active or (user.email, user.uniquifier) != (row.email, row.uniquifier):
            return None
        return user
