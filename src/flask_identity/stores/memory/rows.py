"""Users, roles and profiles as plain objects, with all fields of all features.

An application adds fields as to any dataclass: `@dataclass(eq=False, repr=False) class User(MemoryUser): …`.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ...base.clock import now
from ...base.errors import UnknownRole
from ...base.ports import Kind
from ...base.roles import RANKS
from ...models.behaviour import RoleMixin, UserMixin, UserProfileMixin


@dataclass(eq=False, repr=False)
class MemoryUser(UserMixin):
    """A user."""

    id: Any = None
    email: str = ""
    username: str | None = None
    password: str | None = None
    active: bool | None = True
    uniquifier: str | None = field(default_factory=lambda: secrets.token_hex(16))
    confirmed_at: datetime | None = None
    last_login_at: datetime | None = None
    current_login_at: datetime | None = None
    last_login_ip: str | None = None
    current_login_ip: str | None = None
    login_count: int = 0
    failed_logins: int = 0
    locked_until: datetime | None = None
    suspended_reason: str | None = None
    version: int = 1
    created_at: datetime = field(default_factory=now)
    updated_at: datetime = field(default_factory=now)
    roles: list[Any] = field(default_factory=list)

    @property
    def profile(self) -> Any:
        """The user's profile, None where there is none."""
        store = vars(self).get("_store")
        return store.first(Kind.PROFILE, {"user_id": self.id}) if store is not None else None

    def _replace_roles(self, name: str) -> None:
        store = vars(self).get("_store")
        if store is None:
            raise TypeError("Add the user to a store before setting its role, or give create_user(roles=[…])")
        role = store.first(Kind.ROLE, {"name": name})
        if role is None and name in RANKS:
            role = store.add(Kind.ROLE, {"name": name, "rank": RANKS[name]})
        if role is None:
            raise UnknownRole(field_errors={"role": [UnknownRole.message]})
        self.roles = [role]


@dataclass(eq=False, repr=False)
class MemoryRole(RoleMixin):
    """A role."""

    id: Any = None
    name: str = ""
    description: str | None = ""
    permissions: frozenset[str] = frozenset()
    rank: int = 0
    created_at: datetime = field(default_factory=now)
    updated_at: datetime = field(default_factory=now)


@dataclass(eq=False, repr=False)
class MemoryProfile(UserProfileMixin):
    """A profile."""

    id: Any = None
    user_id: Any = None
    full_name: str | None = None
    bio: str | None = None
    address: str | None = None
    zipcode: str | None = None
    phone: str | None = None
    email: str | None = None
    website: str | None = None
    image: str | None = None
    created_at: datetime = field(default_factory=now)
    updated_at: datetime = field(default_factory=now)


@dataclass(eq=False)
class SessionRow:
    """A session or an API token, as the library keeps it."""

    id: str
    digest: str
    user_id: Any
    kind: str
    remember: bool
    uniquifier: str
    created_at: int
    last_seen_at: int
    proved_at: int
    expires_at: int
    ip: str | None
    agent: str
    name: str | None = None
    scopes: str | None = None


@dataclass(eq=False)
class ThrottleRow:
    """A throttle, as the library keeps it."""

    key: str
    count: int = 0
    reserved: int = 0
    reserved_until: int = 0
    locked_until: int = 0
    expires_at: int = 0


@dataclass(eq=False)
class ActivityRow:
    """What happened to an account, as the library keeps it."""

    id: str
    at: int
    what: str
    actor: str | None
    target: str | None
    outcome: str
    ip: str | None
    details: str


@dataclass(eq=False)
class OneTimeRow:
    """A secret that works once, as the library keeps it."""

    id: str
    digest: str
    purpose: str
    user_id: Any
    email: str
    uniquifier: str
    created_at: int
    expires_at: int
    password: str | None = None


@dataclass(eq=False)
class MailRow:
    """A letter that is not delivered yet, as the library keeps it."""

    id: str
    kind: str
    recipient: str
    language: str
    created_at: int
    due_at: int
    link: str | None = None
    carries: str | None = None
    fault: str | None = None
    tries: int = 0


@dataclass(eq=False)
class InvitationRow:
    """An invitation, as the library keeps it."""

    id: str
    digest: str
    email: str
    role: str
    user_id: Any
    created_at: int
    expires_at: int


@dataclass(frozen=True)
class Membership:
    """That a user holds a role. Not kept: users have their roles in `roles`."""

    user_id: Any
    role_id: Any
