"""One-time tokens: sent to an address, kept as a digest, good for one purpose and once."""

from __future__ import annotations

from typing import NamedTuple

from ..base.clock import epoch
from ..base.ports import Kind, Row, Store
from . import secrets

CHANGE = "change_email"
"""The purpose of a token that went to another address than the account has."""


class Standing(NamedTuple):
    """A token that works, as its row says, and its user."""

    token: Row
    user: Row


class OneTime:
    """The one-time tokens of one application.

    A token is bound to its purpose, its user and what the user's address and uniquifier were: a new password, another
    address or a suspension is the end of it, whatever row is left.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def issue(
        self,
        user: Row,
        purpose: str,
        seconds: int,
        *,
        to: str | None = None,
        password: str | None = None,
        at: int | None = None,
    ) -> secrets.Secret:
        """Make a token for a user, inside a unit in which the user's row is locked.

        Args:
            user: Whose it is.
            purpose: What it is good for.
            seconds: How long.
            to: The address it goes to, None for the user's; another one is for `CHANGE` alone.
            password: The record of a password that becomes the user's when the token is used.
            at: When that was given; None for now.
        """
        secret, now = secrets.make(), epoch()
        row = {"id": secret.id, "digest": secret.digest, "purpose": purpose, "user_id": user.id}
        row |= {"email": to or user.email, "uniquifier": user.uniquifier, "password": password}
        self._store.add(Kind.ONE_TIME, row | {"created_at": at or now, "expires_at": now + seconds})
        return secret

    def extend(self, value: str, purpose: str, seconds: int) -> bool:
        """Let a token that still stands, or merely ran out, be good from now on; False where it has come to its end."""
        row = self._row(value, purpose)
        if row is None or self._user_of(row) is None:
            return False
        return bool(self._store.change(Kind.ONE_TIME, {"id": row.id}, {"expires_at": epoch() + seconds}))

    def standing(self, value: str, purpose: str) -> Standing | None:
        """Return a presented token with its user; None for one that does not work. Consumes nothing."""
        row = self._row(value, purpose)
        user = self._user_of(row) if row is not None and row.expires_at > epoch() else None
        return None if user is None else Standing(row, user)

    def owner(self, value: str, purpose: str) -> Row | None:
        """Return the user of a presented token; None for one that does not work. Consumes nothing."""
        found = self.standing(value, purpose)
        return None if found is None else found.user

    def take(self, value: str, purpose: str) -> bool:
        """Use a token up, inside a unit; of many callers exactly one is told that it worked."""
        row = self._row(value, purpose)
        if row is None or row.expires_at <= epoch():
            return False
        return bool(self._store.remove(Kind.ONE_TIME, {"id": row.id, "expires_at__gt": epoch()}))

    def of(self, user: Row, purpose: str) -> list[Row]:
        """Return a user's tokens for a purpose that work, the newest first."""
        where = {"user_id": user.id, "purpose": purpose, "expires_at__gt": epoch()}
        rows = self._store.page(Kind.ONE_TIME, where, order="-created_at", limit=100)
        return [row for row in rows if row.uniquifier == user.uniquifier and row.email in (user.email, _to(row))]

    def _row(self, value: str, purpose: str) -> Row | None:
        parts = secrets.split(value)
        row = self._store.first(Kind.ONE_TIME, {"id": parts[0]}) if parts is not None else None
        if parts is None or row is None or not secrets.matches(parts[1], row.digest) or row.purpose != purpose:
            return None
        return row

    def _user_of(self, row: Row) -> Row | None:
        user = self._store.first(Kind.USER, {"id": row.user_id})
        if user is None or not user.active or user.uniquifier != row.uniquifier:
            return None
        return user if row.email in (user.email, _to(row)) else None


def _to(row: Row) -> str | None:
    """Return the address a token may have gone to that is not its user's yet."""
    return row.email if row.purpose == CHANGE else None
