"""What a letter carries until it is sent, and the password that waits for an address to be confirmed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add both columns."""
    op.add_column("identity_mail", sa.Column("carries", sa.Text))
    op.add_column("identity_one_time", sa.Column("password", sa.String(255)))


def downgrade() -> None:
    """Drop them, with the passwords of accounts that are not confirmed."""
    op.drop_column("identity_one_time", "password")
    op.drop_column("identity_mail", "carries")
