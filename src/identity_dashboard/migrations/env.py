"""Run by Alembic, on the connection it is given and inside that connection's transaction."""

from __future__ import annotations

from alembic import context

from identity_dashboard.models import Model

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Model.metadata,
    # SQLite changes a table by making it anew.
    render_as_batch=connection.dialect.name == "sqlite",
)
context.run_migrations()
