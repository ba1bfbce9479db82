"""Accounts and roles: find, create, change, suspend, delete. An application has this as `identity.datastore`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

from ..base import events
from ..base.clock import now
from ..base.errors import ChangedMeanwhile, EmailTaken, Gone, IdentityRefusal, InUse, InvalidInput, Taken, UsernameTaken
from ..base.ports import Add, Copy, Kind, PeopleQuery, Row, Store, Unit
from ..base.roles import USER
from . import names, secrets
from .lockout import Lockout
from .outbox import EMAIL_CHANGED, PASSWORD_CHANGED, Outbox
from .passwords import Passwords
from .retry import outermost_retried
from .roles import Roles
from .sessions import Sessions

_PAGE = 500


class Accounts(Roles):
    """The verbs on users and roles. Each is one `unit()`: alone it commits, the application's pending rows of the same
    session too; inside `with datastore.unit():` the outermost does, and any exception rolls everything back.
    """

    def __init__(
        self,
        store: Store,
        passwords: Passwords,
        sessions: Sessions,
        lockout: Lockout,
        outbox: Outbox,
        *,
        confirmation: bool,
        sender: Any,
    ) -> None:
        super().__init__(store, sender)
        self._passwords = passwords
        self._sessions = sessions
        self._lockout = lockout
        self._outbox = outbox
        self._confirmation = confirmation

    def unit(self) -> AbstractContextManager[Unit]:
        """Open a unit of work; it offers `after_commit(call)`."""
        return self._store.unit()

    def find_user(self, *, id: Any = None, email: str | None = None, username: str | None = None) -> Row | None:
        """Return the user with an id, an address or a username, or None. Give exactly one of them."""
        if sum(given is not None for given in (id, email, username)) != 1:
            raise TypeError("find_user takes exactly one of id, email and username")
        if id is not None:
            return self._store.first(Kind.USER, {"id": id})
        try:
            where = {"email": names.email(email)} if email is not None else {"username": names.username(username or "")}
        except IdentityRefusal:
            return None  # nobody has a name that cannot be
        return self._store.first(Kind.USER, where)

    @outermost_retried
    def create_user(
        self,
        email: str,
        password: str | None = None,
        *,
        roles: Iterable[Any] = (),
        active: bool = True,
        password_hash: str | None = None,
        profile: Mapping[str, Any] | None = None,
        **fields: Any,
    ) -> Row:
        """Create a user and return the row. The password is hashed; its strength is not judged here.

        Args:
            email: Address to sign in with; stored in canonical form.
            password: None makes an account that cannot sign in with a password.
            roles: Roles or their names; every account holds `user` besides.
            active: Whether the person may sign in.
            password_hash: A record in a known format, in place of `password`; see `core.legacy`.
            profile: Fields of the profile.
            **fields: Further columns of the application's class; `confirmed_at` vouches for the address.

        Raises:
            EmailTaken, UsernameTaken, InvalidInput: for a name that another account has, or what cannot be used.
            UnknownRole, TypeError: where there is no such role, or field of the class.
        """
        values = names.canonical({"email": email, "active": active, "uniquifier": secrets.uniquifier(), **fields})
        if password_hash is not None and not self._passwords.knows(password_hash):
            raise InvalidInput(field_errors={"password_hash": ["This password record has no format that is known."]})
        values["password"] = self._passwords.hash(password) if password is not None else password_hash
        with self._store.unit():
            granted = [*([self._ensured(USER)] if self._has_roles() else ()), *(self._role(role) for role in roles)]
            user: Any = self._insert(values)
            for row in granted:
                self._store.add(Kind.MEMBERSHIP, {"user_id": user.id, "role_id": row.id}, unless_there=True)
            events.user_created.send(self._sender, user=user, fields=tuple(values))
            if profile and not self._store.change(Kind.PROFILE, {"user_id": user.id}, profile):
                self._store.add(Kind.PROFILE, {**profile, "user_id": user.id})
        return user

    @outermost_retried
    def update_user(self, user: Row, values: Mapping[str, Any], *, version: int | None = None) -> tuple[str, ...]:
        """Change columns of a user; return the names of those that are different now.

        Args:
            user: The row.
            values: New values by column; an address or username is brought into canonical form.
            version: The version the change is based on; None lets the last write win, column by column.

        Raises:
            ChangedMeanwhile: where the row has another version.
            EmailTaken, UsernameTaken, InvalidInput: naming the field.
        """
        wanted = names.canonical(values)
        where = {"id": user.id, **({} if version is None else {"version": version})}
        with self._store.unit():
            changed = tuple(name for name, value in wanted.items() if getattr(user, name) != value)
            old_address = user.email
            stamps = self._present({"version": Add(1), "updated_at": now()})
            if not self._renamed(where, {**wanted, **stamps}):
                raise ChangedMeanwhile
            if "email" in changed:
                self._outbox.put(EMAIL_CHANGED, old_address)
                self._store.remove(Kind.ONE_TIME, {"user_id": user.id})
            events.user_updated.send(self._sender, user=user, fields=changed)
        return changed

    @outermost_retried
    def activate_user(self, user: Row) -> bool:
        """Let a user sign in again and forget failed sign-ins; True where the account was not active."""
        with self._store.unit():
            values = self._present({"failed_logins": 0, "locked_until": None, "suspended_reason": None})
            changed = self._set_active(user, True, values)
            if self._lockout.unlock(Lockout.key(user.id, "")) and not changed:
                events.status_changed.send(self._sender, user=user, fields=("locked_until",))
        return changed

    @outermost_retried
    def deactivate_user(self, user: Row, reason: str | None = None) -> bool:
        """Suspend a user: every session ends at the next request; True where the account was active."""
        with self._store.unit():
            return self._set_active(user, False, self._present({"suspended_reason": reason}))

    @outermost_retried
    def set_uniquifier(self, user: Row) -> str:
        """Give a user a new uniquifier, which ends every session and token at once; return it."""
        value = secrets.uniquifier()
        with self._store.unit():
            self._store.change(Kind.USER, {"id": user.id}, {"uniquifier": value})
            self._sessions.end_all(user.id)
        return value

    @outermost_retried
    def set_password(self, user: Row, record: str, *, seen: str | None) -> str | None:
        """Replace a password record that is still the one `seen`; return the new uniquifier, None where it is not.

        Every session and token ends with it. Decided in one statement, so of two changes at once one wins.
        """
        value = secrets.uniquifier()
        cleared = {"failed_logins": 0, "locked_until": None, "version": Add(1), "updated_at": now()}
        values = {"password": record, "uniquifier": value, **self._present(cleared)}
        with self._store.unit():
            if not self._store.change(Kind.USER, {"id": user.id, "password": seen}, values):
                return None
            self._outbox.put(PASSWORD_CHANGED, user.email)
            events.password_changed.send(self._sender, user=user, fields=("password",))
        return value

    @outermost_retried
    def delete_user(self, user: Row) -> bool:
        """Delete a user with sessions and profile; True where the row was there.

        Raises:
            InUse: where rows of the application still refer to the account.
        """
        try:
            return self._delete(user)
        except Gone:
            raise InUse from None

    def _delete(self, user: Row) -> bool:
        with self._store.unit():
            if not self._store.change(Kind.USER, {"id": user.id}, {"active": False}):
                return False
            events.user_deleted.send(self._sender, user=user, fields=())
            self._sessions.end_all(user.id)
            self._lockout.unlock(Lockout.key(user.id, ""))
            if self._has_roles():
                self._store.remove(Kind.MEMBERSHIP, {"user_id": user.id})
            self._store.remove(Kind.PROFILE, {"user_id": user.id})
            return bool(self._store.remove(Kind.USER, {"id": user.id}))

    def users(self, status: str | None = None, role: str | None = None, prefix: str | None = None) -> Sequence[Row]:
        """Return all users that match, in the order of their ids; with `prefix` in that of what begins so.

        Args:
            status: `active`, `suspended`, `pending` or `locked`.
            role: Name of a role they hold.
            prefix: How their address, username or full name begins, literally, without regard to case.
        """
        found: list[Row] = []
        begins = names.prefix(prefix) if prefix is not None else None
        after: tuple[Any, Any] | None = None
        while True:
            query = PeopleQuery(status, role, begins, "id", False, _PAGE, after)
            page = self._store.people(query, now(), self._confirmation)
            found.extend(page.users)
            if not page.more_after:
                return found
            after = page.last

    def _insert(self, values: Mapping[str, Any]) -> Row:
        try:
            return self._store.add(Kind.USER, values)
        except Taken as taken:
            raise _refusal(taken) from None

    def _renamed(self, where: Mapping[str, Any], values: Mapping[str, Any]) -> int:
        try:
            return self._store.change(Kind.USER, where, values or {"active": Copy("active")})
        except Taken as taken:
            raise _refusal(taken) from None

    def _set_active(self, user: Row, active: bool, values: Mapping[str, Any]) -> bool:
        # Found by key and locked: MariaDB might look for the old status in an index of it, and two who change it at
        # once would then keep each other from ever going on.
        row = self._store.first(Kind.USER, {"id": user.id}, lock=True)
        changed = row is not None and bool(row.active) is not active
        stamps = self._present({"version": Add(1), "updated_at": now()}) if changed else {}
        if changed or active:
            self._store.change(Kind.USER, {"id": user.id}, {"active": active, **values, **stamps})
        if not active:
            self._sessions.end_all(user.id)
        if changed:
            events.status_changed.send(self._sender, user=user, fields=("active",))
        return changed


def _refusal(taken: Taken) -> Exception:
    if taken.column == "username":
        return UsernameTaken(field_errors={"username": [UsernameTaken.message]})
    if taken.column == "email":
        return EmailTaken(field_errors={"email": [EmailTaken.message]})
    return taken
