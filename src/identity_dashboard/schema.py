"""Bring the tables to what this version needs, one process at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, exc, text

from . import database

WAIT = 60  # seconds for another process that is migrating
_LOCK = 4_839_126_507  # any number that no other program uses as an advisory lock


class DatabaseAway(Exception):
    """The database cannot be reached, or does not let us in; the message says so in one sentence."""


def migrate(engine: Engine) -> tuple[str | None, str | None]:
    """Apply the shipped migrations; return the revision before and after. Safe again and again, and twice at once.

    On SQLite and PostgreSQL all of it happens or nothing.

    Raises:
        DatabaseAway: where the database cannot be reached, or another process has been migrating for a minute.
    """
    with alone(engine) as connection:
        before = _revision(connection)
        command.upgrade(config(connection), "head")
        return before, _revision(connection)


def lags(engine: Engine) -> bool:
    """Say whether tables are missing or older than this version needs; a revision of a newer version is not older.

    Raises:
        DatabaseAway: where the database cannot be reached.
    """
    with _translated(engine), engine.connect() as connection:
        found = _revision(connection)
    scripts = ScriptDirectory.from_config(config())
    return found is None or found in {each.revision for each in scripts.walk_revisions()} - set(scripts.get_heads())


def config(connection: Connection | None = None) -> Config:
    """Return Alembic's configuration; there is no ini file."""
    made = Config(attributes={"connection": connection})
    made.set_main_option("script_location", f"{__package__}:migrations")
    made.set_main_option("path_separator", "os")
    return made


@contextmanager
def alone(engine: Engine) -> Iterator[Connection]:
    """Open a transaction on a connection of its own while no other process migrates; commit it on leaving.

    Raises:
        DatabaseAway: see `migrate`.
    """
    with _translated(engine), engine.connect() as connection:
        # What is set up below must not come back to the pool.
        connection.detach()
        unlock = _LOCKS[engine.dialect.name](connection)
        try:
            yield connection
            connection.commit()
        finally:
            connection.rollback()
            unlock()


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _lock_sqlite(connection: Connection) -> Callable[[], object]:
    # The driver would begin no transaction for a CREATE TABLE, so it is begun here, and with the write lock.
    driver: Any = connection.connection.dbapi_connection
    driver.isolation_level = None
    # Making a table anew drops the old one, which would empty the tables that refer to it. No effect inside BEGIN.
    connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
    connection.exec_driver_sql("BEGIN IMMEDIATE")
    return lambda: None


def _lock_postgresql(connection: Connection) -> Callable[[], object]:
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{WAIT}s'")
    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    return lambda: None  # it ends with the transaction


def _lock_mysql(connection: Connection) -> Callable[[], object]:
    # A name is known to the whole server, other databases included.
    name = "CONCAT('identity_dashboard.', MD5(DATABASE()))"
    if connection.exec_driver_sql(f"SELECT GET_LOCK({name}, {WAIT})").scalar() != 1:
        raise DatabaseAway(f"Another process has been migrating for more than {WAIT} seconds.")
    return lambda: connection.exec_driver_sql(f"SELECT RELEASE_LOCK({name})")


_LOCKS: dict[str, Callable[[Connection], Callable[[], object]]] = {
    "sqlite": _lock_sqlite,
    "postgresql": _lock_postgresql,
    "mysql": _lock_mysql,
}


@contextmanager
def _translated(engine: Engine) -> Iterator[None]:
    try:
        yield
    except (exc.OperationalError, exc.InterfaceError) as error:
        reason = str(error.orig).strip().splitlines()[0].rstrip(".")
        raise DatabaseAway(f"The database {database.place(engine.url)} cannot be used: {reason}.") from error
