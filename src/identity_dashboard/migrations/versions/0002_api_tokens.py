"""API tokens: sessions may have a name and scopes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; NULL in every session there is."""
    op.add_column("identity_session", sa.Column("name", sa.String(80)))
    op.add_column("identity_session", sa.Column("scopes", sa.String(255)))


def downgrade() -> None:
    """Drop the columns, and the tokens first: without their scopes they would be sessions that may do anything."""
    op.execute("DELETE FROM identity_session WHERE kind = 'api'")
    op.drop_column("identity_session", "scopes")
    op.drop_column("identity_session", "name")
