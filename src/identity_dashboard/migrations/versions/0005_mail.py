"""Letters that wait to be sent, and one-time tokens for their links."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from flask_identity.models.sqlalchemy.types import key_string

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_ALPHABET: dict[str, Any] = {"mysql_engine": "InnoDB", "mysql_default_charset": "utf8mb4"}


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "identity_one_time",
        sa.Column("id", key_string(16), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("purpose", sa.String(16), nullable=False),
        sa.Column("user_id", sa.Integer, nullable=False),
        sa.Column("email", key_string(254), nullable=False),
        sa.Column("uniquifier", sa.String(64), nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("expires_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_identity_one_time"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_identity_one_time_user_id", ondelete="CASCADE"),
        **_ALPHABET,
    )
    op.create_index("ix_identity_one_time_user_id", "identity_one_time", ["user_id"])
    op.create_index("ix_identity_one_time_expires_at", "identity_one_time", ["expires_at"])
    op.create_table(
        "identity_mail",
        sa.Column("id", key_string(16), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("recipient", key_string(254), nullable=False),
        sa.Column("language", sa.String(35), nullable=False),
        sa.Column("link", sa.String(64)),
        sa.Column("fault", sa.String(80)),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("due_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_identity_mail"),
        **_ALPHABET,
    )
    op.create_index("ix_identity_mail_due_at", "identity_mail", ["due_at"])


def downgrade() -> None:
    """Drop them, with the letters that were not sent."""
    op.drop_table("identity_mail")
    op.drop_table("identity_one_time")
