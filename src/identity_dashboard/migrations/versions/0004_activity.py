"""What happened is kept."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from flask_identity.models.sqlalchemy.types import key_string

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table, and the indexes its lists are read by."""
    op.create_table(
        "identity_activity",
        sa.Column("id", key_string(24), nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("what", key_string(32), nullable=False),
        sa.Column("actor", key_string(255)),
        sa.Column("target", key_string(255)),
        sa.Column("outcome", sa.String(8), nullable=False),
        sa.Column("ip", sa.String(45)),
        sa.Column("details", sa.String(255), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_identity_activity"),
        mysql_engine="InnoDB",
        mysql_default_charset="utf8mb4",
    )
    for column in ("what", "actor", "target"):
        op.create_index(f"ix_identity_activity_{column}", "identity_activity", [column, "id"])


def downgrade() -> None:
    """Drop it, with everything that was kept."""
    op.drop_table("identity_activity")
