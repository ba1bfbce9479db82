"""The first tables: people, roles, profiles, sessions and throttles."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from flask_identity.models.sqlalchemy.types import PermissionSet, UtcDateTime, key_string

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = ("identity_throttle", "identity_session", "identity_profile", "user_role", "role", "user")


def upgrade() -> None:
    """Make the tables."""
    _user()
    _role()
    _user_role()
    _profile()
    _session()
    _throttle()


def downgrade() -> None:
    """Drop them, with all they hold."""
    for name in TABLES:
        op.drop_table(name)


def _user() -> None:
    _table(
        "user",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("email", key_string(254), nullable=False),
        sa.Column("username", key_string(64)),
        sa.Column("password", sa.String(255)),
        sa.Column("active", sa.Boolean),
        sa.Column("uniquifier", sa.String(64), nullable=False),
        sa.Column("confirmed_at", UtcDateTime),
        sa.Column("last_login_at", UtcDateTime),
        sa.Column("current_login_at", UtcDateTime),
        sa.Column("last_login_ip", sa.String(45)),
        sa.Column("current_login_ip", sa.String(45)),
        sa.Column("login_count", sa.Integer, nullable=False),
        sa.Column("failed_logins", sa.Integer, nullable=False),
        sa.Column("locked_until", UtcDateTime),
        sa.Column("suspended_reason", sa.String(255)),
        sa.Column("version", sa.Integer, nullable=False),
        *_times(),
        sa.PrimaryKeyConstraint("id", name="pk_user"),
        sa.UniqueConstraint("email", name="uq_user_email"),
        sa.UniqueConstraint("username", name="uq_user_username"),
        sa.UniqueConstraint("uniquifier", name="uq_user_uniquifier"),
    )
    op.create_index("ix_user_created_at", "user", ["created_at", "id"])
    op.create_index("ix_user_active_created_at", "user", ["active", "created_at", "id"])
    # NULL sorts lowest in the list; PostgreSQL has to be told.
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    last_login = sa.text("last_login_at NULLS FIRST") if on_postgresql else "last_login_at"
    op.create_index("ix_user_last_login_at", "user", [last_login, "id"])


def _role() -> None:
    _table(
        "role",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("name", key_string(80), nullable=False),
        sa.Column("description", sa.String(255)),
        sa.Column("permissions", PermissionSet, nullable=False),
        sa.Column("rank", sa.Integer, nullable=False),
        *_times(),
        sa.PrimaryKeyConstraint("id", name="pk_role"),
        sa.UniqueConstraint("name", name="uq_role_name"),
    )


def _user_role() -> None:
    _table(
        "user_role",
        sa.Column("user_id", sa.Integer, nullable=False),
        sa.Column("role_id", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("user_id", "role_id", name="pk_user_role"),
        _refers("user_role", "user_id", "user"),
        _refers("user_role", "role_id", "role"),
    )
    op.create_index("ix_user_role_role_id", "user_role", ["role_id", "user_id"])


def _profile() -> None:
    _table(
        "identity_profile",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("full_name", sa.String(120)),
        sa.Column("bio", sa.Text),
        sa.Column("address", sa.String(255)),
        sa.Column("zipcode", sa.String(20)),
        sa.Column("phone", sa.String(40)),
        sa.Column("email", sa.String(254)),
        sa.Column("website", sa.String(255)),
        sa.Column("image", sa.String(255)),
        *_times(),
        sa.Column("user_id", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_identity_profile"),
        sa.UniqueConstraint("user_id", name="uq_identity_profile_user_id"),
        _refers("identity_profile", "user_id", "user"),
    )


def _session() -> None:
    _table(
        "identity_session",
        sa.Column("id", key_string(16), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("user_id", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("remember", sa.Boolean, nullable=False),
        sa.Column("uniquifier", sa.String(64), nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("last_seen_at", sa.BigInteger, nullable=False),
        sa.Column("proved_at", sa.BigInteger, nullable=False),
        sa.Column("expires_at", sa.BigInteger, nullable=False),
        sa.Column("ip", sa.String(45)),
        sa.Column("agent", sa.String(255), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_identity_session"),
        _refers("identity_session", "user_id", "user"),
    )
    op.create_index("ix_identity_session_user_id", "identity_session", ["user_id"])
    op.create_index("ix_identity_session_expires_at", "identity_session", ["expires_at"])


def _throttle() -> None:
    _table(
        "identity_throttle",
        sa.Column("key", key_string(64), nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("reserved", sa.Integer, nullable=False),
        sa.Column("reserved_until", sa.BigInteger, nullable=False),
        sa.Column("locked_until", sa.BigInteger, nullable=False),
        sa.Column("expires_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_identity_throttle"),
    )
    op.create_index("ix_identity_throttle_expires_at", "identity_throttle", ["expires_at"])


def _table(name: str, *parts: Any) -> None:
    # Said on purpose: a MariaDB server may still give new tables an alphabet of 256 letters, or an engine without keys.
    op.create_table(name, *parts, mysql_engine="InnoDB", mysql_default_charset="utf8mb4")


def _times() -> tuple[sa.Column[Any], sa.Column[Any]]:
    return sa.Column("created_at", UtcDateTime, nullable=False), sa.Column("updated_at", UtcDateTime, nullable=False)


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=f"fk_{table}_{column}", ondelete="CASCADE")
