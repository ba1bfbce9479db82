"""Full names can be searched, and everybody's sessions listed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from flask_identity.base.matching import name_key
from flask_identity.models.sqlalchemy.types import key_string

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_BATCH = 1000
_RARE = ("locked_until", "confirmed_at")
_PROFILE = sa.table(
    "identity_profile", sa.column("id", sa.Integer), sa.column("full_name"), sa.column("search_name", key_string(120))
)


def upgrade() -> None:
    """Add what full names are searched by, fill it in, and index both lists."""
    op.add_column("identity_profile", sa.Column("search_name", key_string(120)))
    _fill()
    op.create_index("ix_identity_profile_search_name", "identity_profile", ["search_name", "user_id"])
    for column in _RARE:
        op.create_index(f"ix_user_{column}", "user", [column])
    op.create_index("ix_identity_session_created_at", "identity_session", ["created_at", "id"])


def downgrade() -> None:
    """Take it away."""
    op.drop_index("ix_identity_session_created_at", "identity_session")
    for column in _RARE:
        op.drop_index(f"ix_user_{column}", "user")
    op.drop_index("ix_identity_profile_search_name", "identity_profile")
    op.drop_column("identity_profile", "search_name")


def _fill() -> None:
    connection, last = op.get_bind(), 0
    change = sa.update(_PROFILE).where(_PROFILE.c.id == sa.bindparam("of")).values(search_name=sa.bindparam("key"))
    while True:
        wanted = sa.select(_PROFILE.c.id, _PROFILE.c.full_name).where(_PROFILE.c.id > last).order_by(_PROFILE.c.id)
        rows = connection.execute(wanted.limit(_BATCH)).all()
        if not rows:
            return
        connection.execute(change, [{"of": row.id, "key": name_key(row.full_name)} for row in rows])
        last = rows[-1].id
