"""What users and roles can do, without a column: for models whose fields are written by hand."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from flask import current_app, has_app_context

from ..base.clock import now
from ..base.roles import RANKS

EXTENSION = "flask_identity"
"""The key under which an application's `extensions` hold its identity."""


def confirmation_required() -> bool:
    """Say whether the current application wants addresses confirmed; False outside an application."""
    identity = current_app.extensions.get(EXTENSION) if has_app_context() else None
    return bool(identity is not None and identity.confirmation)


def status(user: Any) -> str:
    """Return `suspended`, `pending`, `locked` or `active`, in this precedence."""
    if not is_active(user):
        return "suspended"
    if getattr(user, "confirmed_at", False) is None and confirmation_required():
        return "pending"
    until: datetime | None = getattr(user, "locked_until", None)
    return "locked" if until is not None and _aware(until) > now() else "active"


def is_active(user: Any) -> bool:
    """Say whether an account may sign in; NULL counts as not active."""
    return bool(getattr(user, "active", None))


def highest(roles: Iterable[Any]) -> Any | None:
    """Return the role of highest rank; of equal ranks the one first in the alphabet."""
    ranked = sorted(roles, key=lambda role: (-(getattr(role, "rank", 0) or 0), role.name))
    return ranked[0] if ranked else None


def role_name(user: Any) -> str | None:
    """Return the name of a user's role of highest rank, None without roles; also for a class without the mixin."""
    role = highest(getattr(user, "roles", None) or ())
    return role.name if role is not None else None


def built_in(cls: type, name: str) -> Any:
    """Return a new row for one of the two roles every application has, None for another name."""
    if name not in RANKS:
        return None
    return cls(name=name, **({"rank": RANKS[name]} if hasattr(cls, "rank") else {}))


class UserMixin:
    """Behaviour of a user. Defines no `__eq__`: two rows are one user when the ORM says so."""

    @property
    def is_active(self) -> bool:
        """Whether the account may sign in; NULL counts as not active."""
        return is_active(self)

    @property
    def status(self) -> str:
        """`suspended`, `pending`, `locked` or `active`, in this precedence."""
        return status(self)

    @property
    def role(self) -> str | None:
        """The name of the role of highest rank, None without roles. Setting it replaces the roles."""
        return role_name(self)

    @role.setter
    def role(self, name: str) -> None:
        self._replace_roles(name)

    def _replace_roles(self, name: str) -> None:
        raise TypeError("This model has no roles that could be set")

    def get_security_payload(self) -> dict[str, Any]:
        """Return what JSON answers carry about this user; define it in your model to decide yourself.

        `id` is in every answer whether it stands here or not. Never put the password or the uniquifier here.
        """
        return {"id": getattr(self, "id", None), "email": getattr(self, "email", None)}

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.__dict__.get('id', '?')}>"


class RoleMixin:
    """Behaviour of a role."""

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.__dict__.get('name', '?')}>"


class UserProfileMixin:
    """Behaviour of a profile."""

    FIELDS = ("full_name", "bio", "address", "zipcode", "phone", "email", "website", "image")

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.__dict__.get('id', '?')}>"


def _aware(time: datetime) -> datetime:
    # Pony columns and hand-written ones hold naive UTC.
    return time if time.tzinfo is not None else time.replace(tzinfo=UTC)
