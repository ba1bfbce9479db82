"""Run by Alembic, on the connection it is given and inside that connection's transaction."""

from __future__ import annotations

from alembic import context

from identity_dashboard.schema import COMPARED

connection = context.config.attributes["connection"]
# SQLite changes a table by making it anew; the other databases read the same migration as plain changes.
context.configure(connection=connection, render_as_batch=True, **COMPARED)
context.run_migrations()
