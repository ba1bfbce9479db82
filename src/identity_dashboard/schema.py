"""Bring the tables to what this version needs, one process at a time, and write down what the models need besides.

Migrations are in two folders: those shipped in this package, and `migrations/` beside `manage.py`, where an application
made from this starter keeps its own.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, exc, text

from . import database, leftovers
from .models import Model

WAIT = 60  # seconds for another process that is migrating
_LOCK = 4_839_126_507  # any number that no other program uses as an advisory lock


class DatabaseAway(Exception):
    """The database cannot be reached, or does not let us in; the message says so in one sentence."""


class Behind(Exception):
    """The database has not been brought to the newest migration."""


def migrate(engine: Engine) -> tuple[str | None, str | None]:
    """Apply the migrations; return the revision before and after. Safe again and again, and twice at once.

    On SQLite and PostgreSQL all of it happens or nothing.

    Raises:
        DatabaseAway: where the database cannot be reached, or another process has been migrating for a minute.
        HalfDone: where an earlier migration was broken off in the middle, which only MariaDB allows.
    """
    with alone(engine) as connection:
        before = _revision(connection)
        if before is None:
            leftovers.clear(connection)
        with leftovers.noticed(connection):
            # Where a release and the application both added one, there are two ends, and both are wanted.
            command.upgrade(config(connection), "heads")
        return before, _revision(connection)


def init(engine: Engine, folder: Path, message: str) -> Path | None:
    """Write a migration to `folder` with what the models have and the database has not; None where that is nothing.

    Raises:
        Behind: where migrations are waiting, since what they bring would be written down a second time.
        DatabaseAway: see `migrate`.
    """
    if lags(engine):
        raise Behind
    with alone(engine) as connection:
        if not compare_metadata(MigrationContext.configure(connection, opts=COMPARED), Model.metadata):
            return None
        folder.mkdir(exist_ok=True)
        written: Any = command.revision(
            config(connection, folder), message, autogenerate=True, head="heads", version_path=str(folder)
        )
        return Path(written.path)


def lags(engine: Engine) -> bool:
    """Say whether tables are missing or older than this version needs; a revision of a newer version is not older.

    Raises:
        DatabaseAway: where the database cannot be reached.
    """
    with _translated(engine), engine.connect() as connection:
        found = set(MigrationContext.configure(connection).get_current_heads())
    scripts = ScriptDirectory.from_config(config())
    known = {each.revision for each in scripts.walk_revisions()}
    return not found or (found <= known and found != set(scripts.get_heads()))


def own_folder() -> Path:
    """Return where an application made from this starter keeps its migrations: beside the program that was started."""
    return Path(sys.argv[0]).resolve().parent / "migrations"


def config(connection: Connection | None = None, folder: Path | None = None) -> Config:
    """Return Alembic's configuration; there is no ini file.

    Args:
        connection: What the migrations run on.
        folder: The application's own migrations; None takes `own_folder()` where there is one.
    """
    made = Config(attributes={"connection": connection})
    made.set_main_option("script_location", f"{__package__}:migrations")
    made.set_main_option("path_separator", "os")
    folder = folder or own_folder()
    places = [str(Path(__file__).parent / "migrations" / "versions"), *([str(folder)] if folder.is_dir() else [])]
    # A percent sign would be taken for the beginning of a variable.
    made.set_main_option("version_locations", os.pathsep.join(places).replace("%", "%%"))
    return made


def _is_ours(_: Any, __: str | None, kind: str, reflected: bool, compare_to: Any) -> bool:
    """Keep tables that no model describes out of a comparison: they may be another application's."""
    return not (kind == "table" and reflected and compare_to is None)


COMPARED: dict[str, Any] = {"include_object": _is_ours, "target_metadata": Model.metadata}
"""How models and database are compared."""


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
    return ", ".join(sorted(MigrationContext.configure(connection).get_current_heads())) or None


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
