"""Roles: create, find, give, take away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..base import events
from ..base.errors import AlreadyThere, Taken, UnknownRole
from ..base.ports import Kind, Row, Store
from ..base.roles import RANKS
from ..base.texts import Sentence
from . import names
from .retry import outermost_retried


class Roles:
    """The verbs on roles; part of `Accounts`."""

    def __init__(self, store: Store, sender: Any) -> None:
        self._store = store
        self._sender = sender

    def find_role(self, name: str) -> Row | None:
        """Return the role of a name, or None."""
        return self._store.first(Kind.ROLE, {"name": name})

    @staticmethod
    def rights_of(user: Row) -> tuple[frozenset[str], frozenset[str]]:
        """Return the names of a user's roles and all their permissions."""
        roles = list(getattr(user, "roles", None) or ())
        permissions = {each for role in roles for each in getattr(role, "permissions", None) or ()}
        return frozenset(role.name for role in roles), frozenset(permissions)

    @outermost_retried
    def create_role(self, name: str, description: str = "", permissions: Iterable[str] = (), rank: int = 0) -> Row:
        """Create a role and return the row.

        Args:
            name: 1 to 80 of `A-Z a-z 0-9 _ . : -`.
            description: What it is for.
            permissions: Strings of `a-z 0-9 _ . : -`.
            rank: Of several roles, the one of highest rank is `user.role`. A new account holds `user`, of rank 1, so a
                role of rank 0 lets in and does not become that.

        Raises:
            AlreadyThere: where a role has the name.
            InvalidInput: for a name or permission of another form.
        """
        try:
            with self._store.unit():
                values = self._role_values(name, description, permissions, rank)
                return self._store.add(Kind.ROLE, values)
        except Taken:
            raise AlreadyThere(field_errors={"name": [Sentence("There is a role of that name.")]}) from None

    @outermost_retried
    def add_role_to_user(self, user: Row, role: Any) -> bool:
        """Give a role, by row or name; True where the user did not hold it."""
        with self._store.unit():
            row = self._role(role)
            pair = {"user_id": user.id, "role_id": row.id}
            if self._store.add(Kind.MEMBERSHIP, pair, unless_there=True) is None:
                return False
            events.roles_changed.send(self._sender, user=user, fields=())
        return True

    @outermost_retried
    def remove_role_from_user(self, user: Row, role: Any) -> bool:
        """Take a role away, by row or name; True where the user held it."""
        with self._store.unit():
            row = self._role(role)
            if not self._store.remove(Kind.MEMBERSHIP, {"user_id": user.id, "role_id": row.id}):
                return False
            events.roles_changed.send(self._sender, user=user, fields=())
        return True

    @outermost_retried
    def replace_roles(self, user: Row, role: Any) -> bool:
        """Give a user this one role, by row or name, in place of all others; True where that changed anything.

        Raises:
            UnknownRole: where there is no role of that name.
        """
        with self._store.unit():
            row = self._role(role)
            added = self._store.add(Kind.MEMBERSHIP, {"user_id": user.id, "role_id": row.id}, unless_there=True)
            others = self._store.remove(Kind.MEMBERSHIP, {"user_id": user.id, "role_id__ne": row.id})
            changed = added is not None or others > 0
            if changed:
                events.roles_changed.send(self._sender, user=user, fields=())
        return changed

    @outermost_retried
    def set_permissions(self, role: Any, permissions: Iterable[str]) -> bool:
        """Replace the permissions of a role, given by row or name; True where that changed them.

        They hold at the next request of everybody who has the role.

        Raises:
            UnknownRole: where there is no role of that name.
            InvalidInput: for a permission of another form.
            TypeError: where the application's roles have no permissions.
        """
        if isinstance(permissions, str):
            raise TypeError("Give permissions as a set of texts, not as one text")
        wanted = frozenset(names.permission(each) for each in permissions)
        if not self._store.has(Kind.ROLE, "permissions"):
            raise TypeError("The application's role model has no permissions: add the column, or use RoleMixin")
        with self._store.unit():
            found = self._store.first(Kind.ROLE, {"name": role if isinstance(role, str) else role.name}, lock=True)
            if found is None:
                raise UnknownRole(field_errors={"role": [UnknownRole.message]})
            if frozenset(found.permissions or ()) == wanted:
                return False
            self._store.change(Kind.ROLE, {"id": found.id}, {"permissions": wanted})
        return True

    def _role(self, role: Any) -> Row:
        if not self._has_roles():
            raise TypeError("The application's user model has no roles: add a `roles` relationship to it")
        if not isinstance(role, str):
            return role
        if role in RANKS:
            return self._ensured(role)
        found = self.find_role(role)
        if found is None:
            raise UnknownRole(field_errors={"role": [UnknownRole.message]})
        return found

    def _ensured(self, name: str) -> Row:
        found = self.find_role(name)
        if found is not None:
            return found
        self._store.add(Kind.ROLE, self._role_values(name, "", (), RANKS[name]), unless_there=True)
        # A locking read sees what another caller has just committed, whatever this transaction has read before.
        return self._store.first(Kind.ROLE, {"name": name}, lock=True)

    def _role_values(self, name: str, description: str, permissions: Iterable[str], rank: int) -> dict[str, Any]:
        values: dict[str, Any] = {"name": names.role(name), "description": description}
        granted = frozenset(names.permission(each) for each in permissions)
        return values | self._present({"permissions": granted, "rank": rank}, Kind.ROLE)

    def _present(self, values: Mapping[str, Any], kind: Kind = Kind.USER) -> dict[str, Any]:
        return {column: value for column, value in values.items() if self._store.has(kind, column)}

    def _has_roles(self) -> bool:
        return self._store.has(Kind.MEMBERSHIP, "user_id")
