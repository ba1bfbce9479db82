"""How other libraries lay out their tables: what `flask identity users import` reads, by the library's name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Layout:
    """The tables and columns of an application that people come from. A column it does not have is left out.

    Args:
        users: Name of the users' table.
        roles: Name of the roles' table; None where there are no roles.
        pairs: Name of the table with `user_id` and `role_id`.
        columns: Our columns, by the names they may have there, the likeliest first.
        keyed: Whether its password records are made from a keyed digest of the password, as Flask-Security does.
    """

    users: str
    roles: str | None = None
    pairs: str | None = None
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    keyed: bool = False


_ACCOUNT: Mapping[str, tuple[str, ...]] = {
    "email": ("email",),
    "username": ("username",),
    "password": ("password", "password_hash", "pw_hash"),
    "active": ("active", "is_active"),
    "confirmed_at": ("confirmed_at", "email_confirmed_at"),
    "created_at": ("create_datetime", "created_at"),
    "last_login_at": ("last_login_at",),
    "current_login_at": ("current_login_at",),
    "last_login_ip": ("last_login_ip",),
    "current_login_ip": ("current_login_ip",),
    "login_count": ("login_count",),
}

LAYOUTS: Mapping[str, Layout] = {
    "flask-security": Layout("user", "role", "roles_users", _ACCOUNT, keyed=True),
    "flask-login": Layout("user", columns=_ACCOUNT),
    "flask-user": Layout("users", "roles", "user_roles", _ACCOUNT),
    # Its records verify nothing, not even the right password, so they stay behind.
    "flask-identity-1": Layout(
        "user", "role", "roles_users", {name: spelled for name, spelled in _ACCOUNT.items() if name != "password"}
    ),
}
