"""Flask-Identity: users, roles and sign-in for Flask, on SQLAlchemy or PonyORM."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any

from .base.errors import ConfigurationError, IdentityRefusal
from .base.events import (
    invitation_accepted,
    invitation_sent,
    invitation_taken_back,
    password_changed,
    roles_changed,
    sessions_ended,
    sign_in_failed,
    signed_in,
    signed_out,
    status_changed,
    token_ended,
    token_made,
    user_created,
    user_deleted,
    user_updated,
)
from .identity import Identity
from .models.behaviour import RoleMixin, UserMixin, UserProfileMixin
from .web.arrival import login_user, logout_user
from .web.guards import (
    auth_required,
    fresh_sign_in_required,
    login_required,
    permissions_accepted,
    permissions_required,
    roles_accepted,
    roles_required,
    scopes_required,
)
from .web.pages import url_for_identity
from .web.proxies import current_identity, current_user
from .web.same_origin import cross_site_allowed

if TYPE_CHECKING:
    from .catalog import settings as settings
    from .features.profile.receivers import create_profile_by_user as create_profile_by_user
    from .features.profile.receivers import delete_profile_by_user as delete_profile_by_user
    from .features.profile.sweeping import sweep_pictures as sweep_pictures
    from .stores.pony import PonyStore as PonyStore
    from .stores.sqlalchemy import SQLAlchemyStore as SQLAlchemyStore
    from .web.http_errors import answer_http_error as answer_http_error
    from .web.sign_up import Register as Register

__version__ = "2.0.0.dev0"

__all__ = [
    "ConfigurationError",
    "Identity",
    "IdentityRefusal",
    "PonyStore",
    "Register",
    "RoleMixin",
    "SQLAlchemyStore",
    "UserMixin",
    "UserProfileMixin",
    "answer_http_error",
    "auth_required",
    "create_profile_by_user",
    "cross_site_allowed",
    "current_identity",
    "current_user",
    "delete_profile_by_user",
    "fresh_sign_in_required",
    "hash_password",
    "invitation_accepted",
    "invitation_sent",
    "invitation_taken_back",
    "judge_password",
    "login_required",
    "login_user",
    "logout_user",
    "password_changed",
    "permissions_accepted",
    "permissions_required",
    "roles_accepted",
    "roles_changed",
    "roles_required",
    "scopes_required",
    "sessions_ended",
    "settings",
    "sign_in_failed",
    "signed_in",
    "signed_out",
    "status_changed",
    "sweep_pictures",
    "token_ended",
    "token_made",
    "url_for_identity",
    "user_created",
    "user_deleted",
    "user_updated",
    "verify_password",
]

_LATE = {
    "Register": ".web.sign_up",
    "PonyStore": ".stores.pony",
    "SQLAlchemyStore": ".stores.sqlalchemy",
    "answer_http_error": ".web.http_errors",
    "create_profile_by_user": ".features.profile.receivers",
    "delete_profile_by_user": ".features.profile.receivers",
    "settings": ".catalog",
    "sweep_pictures": ".features.profile.sweeping",
}
"""Names whose modules need an optional or slow import; they come when they are asked for."""


def hash_password(password: str) -> str:
    """Return a new record of a password with the current application's settings.

    Raises:
        InvalidInput: over 256 characters or 1,024 bytes.
    """
    return current_identity.services.passwords.hash(password)


def judge_password(password: str, *, about: Sequence[str | None] = ()) -> None:
    """Refuse a new password that is too easy to guess by the current application's settings.

    Args:
        password: The password as it was typed.
        about: Names and addresses of the person, which it may not contain.

    Raises:
        IdentityRefusal: `weak_password` with what to do about it; `invalid_input` over 256 characters or 1,024 bytes.
    """
    current_identity.services.judge_password(password, about)


def verify_password(password: str, record: str | None) -> bool:
    """Say whether a password is the one of a record, at the cost of one hash. Counts nothing and locks nothing."""
    return current_identity.services.passwords.verify(record, password).right


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def __getattr__(name: str) -> Any:
    if name in _LATE:
        return getattr(import_module(_LATE[name], __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
