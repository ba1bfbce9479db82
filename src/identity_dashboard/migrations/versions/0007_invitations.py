"""People who were invited and have no account yet."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from flask_identity.models.sqlalchemy.types import key_string

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_ALPHABET: dict[str, Any] = {"mysql_engine": "InnoDB", "mysql_default_charset": "utf8mb4"}


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "identity_invitation",
        sa.Column("id", key_string(16), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("email", key_string(254), nullable=False),
        sa.Column("role", key_string(80), nullable=False),
        sa.Column("user_id", sa.Integer, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("expires_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_identity_invitation"),
        sa.UniqueConstraint("email", name="uq_identity_invitation_email"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_identity_invitation_user_id", ondelete="CASCADE"),
        **_ALPHABET,
    )
    op.create_index("ix_identity_invitation_user_id", "identity_invitation", ["user_id"])
    op.create_index("ix_identity_invitation_expires_at", "identity_invitation", ["expires_at"])


def downgrade() -> None:
    """Drop it: whoever was invited cannot accept any more."""
    op.drop_table("identity_invitation")
