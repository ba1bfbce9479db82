"""What a migration that was broken off leaves behind on MariaDB, which cannot roll back a change of tables."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, exc, inspect, literal, select

from .models import Model

_VERSIONS = "alembic_version"

_THERE_ALREADY = (1050, 1060, 1061, 1091, 1826)
"""MariaDB: a table, column, index or rule is there already, or is not there any more."""


class HalfDone(Exception):
    """A migration was broken off in the middle; the message says in one sentence what to do."""


def clear(connection: Connection) -> None:
    """Drop what the very first migration had made when it was broken off, so that it can be made again.

    Only where it had begun and never ended, and while all those tables are empty.

    Raises:
        HalfDone: where one of them holds something.
    """
    if connection.dialect.name != "mysql":
        return
    there = set(inspect(connection).get_table_names())
    ours = [table for table in Model.metadata.sorted_tables if table.name in there]
    if _VERSIONS not in there or not ours:
        return
    if any(connection.execute(select(literal(1)).select_from(table).limit(1)).first() is not None for table in ours):
        raise HalfDone(
            "The database has tables of the dashboard with people in them but says of no migration that it was "
            "applied: restore it from a backup."
        )
    for table in reversed(ours):
        table.drop(connection)


@contextmanager
def noticed(connection: Connection) -> Iterator[None]:
    """Say what to do where a later migration finds its own beginnings.

    Raises:
        HalfDone: there.
    """
    try:
        yield
    except (exc.OperationalError, exc.ProgrammingError) as error:
        arguments = getattr(error.orig, "args", ())
        if connection.dialect.name != "mysql" or not arguments or arguments[0] not in _THERE_ALREADY:
            raise
        raise HalfDone(
            f"An earlier migration was broken off in the middle ({arguments[1]}), and MariaDB cannot take back what it "
            "had done: restore the backup made before it, then run this again."
        ) from error
