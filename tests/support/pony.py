"""The applications of `apps` on PonyORM, over the tables that the SQLAlchemy models make."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask_identity import PonyStore
from tests.pony.build import bound, entities


def pony_store(url: str) -> tuple[PonyStore, Any, Any]:
    """A store over tables that are there, with its user and role entities.

    Args:
        url: The database, as an SQLAlchemy URL.
    """
    db = bound(url)
    made = entities(db)
    store = PonyStore(db, made.User, made.Role)
    db.generate_mapping(create_tables=False, check_tables=False)
    return store, made.User, made.Role


@contextmanager
def statements(db: Any, store: PonyStore) -> Iterator[list[str]]:
    """Note the statements on Pony's connections, and on those of the store beside them."""
    seen: list[str] = []
    provider, connections = db.provider, store._resumer.connections
    execute, connect, run = provider.execute, provider.connect, connections.run

    def on_a_cursor(cursor: Any, sql: str, *given: Any) -> Any:
        seen.append(sql)
        return execute(cursor, sql, *given)

    def connecting() -> Any:
        seen.append("a connection was taken")
        return connect()

    def alone(sql: str, arguments: tuple[Any, ...]) -> Any:
        seen.append(sql)
        return run(sql, arguments)

    provider.execute, provider.connect = on_a_cursor, connecting
    vars(connections)["run"] = alone
    try:
        yield seen
    finally:
        del provider.execute, provider.connect, vars(connections)["run"]
