"""Rows of every kind in lists, with the rules that a database would keep."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any

from ...base.clock import now
from ...base.errors import Gone, Taken
from ...base.ports import Kind, Row, Where
from ..made import instance
from .rows import ActivityRow, InvitationRow, MailRow, Membership, OneTimeRow, SessionRow, ThrottleRow
from .where import assign, matches

_UNIQUE = {
    Kind.USER: ("id", "email", "username", "uniquifier"),
    Kind.ROLE: ("id", "name"),
    Kind.PROFILE: ("id", "user_id"),
    Kind.SESSION: ("id",),
    Kind.THROTTLE: ("key",),
    Kind.ACTIVITY: ("id",),
    Kind.ONE_TIME: ("id",),
    Kind.MAIL: ("id",),
    Kind.INVITATION: ("id", "email"),
}
_OWN = {
    Kind.SESSION: SessionRow,
    Kind.THROTTLE: ThrottleRow,
    Kind.MEMBERSHIP: Membership,
    Kind.ACTIVITY: ActivityRow,
    Kind.ONE_TIME: OneTimeRow,
    Kind.MAIL: MailRow,
    Kind.INVITATION: InvitationRow,
}
_REFERS = {"user_id": Kind.USER, "role_id": Kind.ROLE}

Snapshot = Mapping[Kind, Sequence[tuple[Row, Mapping[str, Any]]]]


class Tables:
    """The rows. Users hold their roles in `roles`; rows of the user-role table are made up from that.

    Args:
        classes: The application's classes for users, roles and profiles.
        key: The type of `User.id`.
    """

    def __init__(self, classes: Mapping[Kind, Any], key: type) -> None:
        self._classes: Mapping[Kind, Any] = {**classes, **_OWN}
        self.columns: dict[Kind, set[str]] = {
            kind: {each.name for each in fields(cls)} for kind, cls in self._classes.items()
        }
        if "roles" not in self.columns[Kind.USER]:
            self.columns[Kind.MEMBERSHIP] = set()
        self.columns[Kind.USER] -= {"roles"}
        self._rows: dict[Kind, list[Row]] = {kind: [] for kind in _UNIQUE}
        self._key = key
        self._numbers = {kind: itertools.count(1) for kind in _UNIQUE}

    def find(self, kind: Kind, where: Where) -> list[Row]:
        """Return the rows that match. Raises KeyError for a column that is not there."""
        self._check(kind, (key.partition("__")[0] for key in where))
        return [row for row in self._of(kind) if matches(row, where)]

    def insert(self, kind: Kind, values: Mapping[str, Any], unless_there: bool) -> Row | None:
        """Add a row; None where `unless_there` and it is. Raises Taken and Gone."""
        if "id" in self.columns[kind] and "id" not in values:
            values = {"id": self._new_id(kind), **values}
        row = instance(self._classes[kind], values, self.columns[kind])
        taken = self._taken(kind, row)
        if taken is not None and unless_there:
            return None
        for column, referred in _REFERS.items():
            if hasattr(row, column) and not self.find(referred, {"id": getattr(row, column)}):
                raise Gone
        if taken is not None:
            raise Taken(kind, taken)
        if kind is Kind.MEMBERSHIP:
            self._holder(row).roles.append(self.find(Kind.ROLE, {"id": row.role_id})[0])
        else:
            self._rows[kind].append(row)
        return row

    def update(self, kind: Kind, where: Where, values: Mapping[str, Any]) -> int:
        """Set columns of the rows that match; return how many. Raises Taken."""
        self._check(kind, values)
        if "updated_at" in self.columns[kind] and "updated_at" not in values:
            values = {**values, "updated_at": now()}
        rows = self.find(kind, where)
        for row in rows:
            assign(row, values)
            taken = self._taken(kind, row)
            if taken is not None:
                raise Taken(kind, taken)
        return len(rows)

    def drop(self, kind: Kind, where: Where) -> int:
        """Remove the rows that match, and what belongs to them; return how many."""
        rows = self.find(kind, where)
        for row in rows:
            if kind is Kind.MEMBERSHIP:
                user = self._holder(row)
                user.roles = [role for role in user.roles if role.id != row.role_id]
                continue
            self._rows[kind].remove(row)
            if kind is Kind.ROLE:
                self.drop(Kind.MEMBERSHIP, {"role_id": row.id})
            if kind is Kind.USER:
                for owned in (Kind.SESSION, Kind.ONE_TIME, Kind.INVITATION, Kind.PROFILE):
                    self.drop(owned, {"user_id": row.id})
        return len(rows)

    def snapshot(self) -> Snapshot:
        """Return what `restore` takes."""
        return {kind: [(row, _contents(row)) for row in rows] for kind, rows in self._rows.items()}

    def restore(self, taken: Snapshot) -> None:
        """Make everything as it was."""
        for kind, kept in taken.items():
            self._rows[kind] = [row for row, _ in kept]
            for row, contents in kept:
                row.__dict__ = dict(contents)

    def _of(self, kind: Kind) -> Sequence[Row]:
        if kind is not Kind.MEMBERSHIP:
            return self._rows[kind]
        users = self._rows[Kind.USER]
        return [Membership(user.id, role.id) for user in users for role in getattr(user, "roles", ())]

    def _holder(self, row: Membership) -> Row:
        return self.find(Kind.USER, {"id": row.user_id})[0]

    def _taken(self, kind: Kind, row: Row) -> str | None:
        if kind is Kind.MEMBERSHIP:
            return "role_id" if row in self._of(kind) else None
        others = [other for other in self._rows[kind] if other is not row]
        for column in _UNIQUE[kind]:
            value = getattr(row, column, None)
            if value is not None and any(getattr(other, column) == value for other in others):
                return column
        return None

    def _new_id(self, kind: Kind) -> Any:
        if kind is Kind.USER and self._key is not int:
            return self._key(str(uuid.uuid4()))
        return next(self._numbers[kind])

    def _check(self, kind: Kind, columns: Iterable[str]) -> None:
        unknown = [name for name in columns if name not in self.columns[kind]]
        if unknown:
            raise KeyError(*unknown)


def _contents(row: Row) -> Mapping[str, Any]:
    # Lists are what an application may change in place: a user's roles.
    return {name: list(value) if isinstance(value, list) else value for name, value in vars(row).items()}
