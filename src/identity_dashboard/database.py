"""From DATABASE_URL to an engine: the ORM picks its driver, and each database is set up the way it has to be."""

from __future__ import annotations

import sqlite3
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, event, exc, make_url

from flask_identity import ConfigurationError

THREADS = 16
"""How many requests are served at once; each may hold a connection."""

_DRIVERS = {
    "sqlite": ("sqlite", "sqlite3", ""),
    "postgresql": ("postgresql+psycopg", "psycopg", "postgres"),
    "postgres": ("postgresql+psycopg", "psycopg", "postgres"),
    "mysql": ("mysql+pymysql", "pymysql", "mariadb"),
    "mariadb": ("mysql+pymysql", "pymysql", "mariadb"),
}
"""What SQLAlchemy calls a database and its driver, the driver's module, and the extra that installs it."""

_CONNECT_WITHIN = 5  # seconds, then the database counts as away
WAIT_FOR_LOCK = 30  # seconds that a writer waits for another on SQLite


def engine_options(text: str | None, instance: Path) -> dict[str, Any]:
    """Return what `create_engine` takes, from DATABASE_URL; without one, a file in the instance folder.

    Raises:
        ConfigurationError: for a URL that cannot be read or a driver that is not installed. It never shows the URL.
    """
    if not text:
        return _on_sqlite(URL.create("sqlite", database=str(_made(instance) / "dashboard.sqlite3")))
    url = _with_driver(text)
    if url.get_backend_name() == "sqlite":
        return _on_sqlite(url)
    if url.get_backend_name() == "mysql":
        url = url.update_query_dict({"charset": "utf8mb4"})
    patience = {} if "connect_timeout" in url.query else {"connect_timeout": _CONNECT_WITHIN}
    return {
        "url": url,
        "connect_args": patience,
        "hide_parameters": True,
        # A restart of the database then costs nobody an error: a dead connection is noticed before it is used.
        "pool_pre_ping": True,
        "pool_size": THREADS,
        "max_overflow": 4,
        "pool_timeout": 10,
    }


def prepare(engine: Engine) -> None:
    """Set up every connection an engine will make; only SQLite needs it."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_up_sqlite)


def place(url: URL) -> str:
    """Return where a database is, for people: without user, password and options."""
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    host = f"[{url.host}]" if ":" in (url.host or "") else url.host or "localhost"
    return f"{url.get_backend_name()}://{host}{f':{url.port}' if url.port else ''}/{url.database or ''}"


def _made(folder: Path) -> Path:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        raise ConfigurationError(f"DASHBOARD_INSTANCE must be a folder that can be made: {folder} cannot.") from None
    return folder


def _with_driver(text: str) -> URL:
    try:
        url = make_url(text)
    except (exc.ArgumentError, ValueError):
        url = URL.create("unreadable")
    known = _DRIVERS.get(url.drivername.partition("+")[0])
    if known is None:
        raise ConfigurationError(
            "DATABASE_URL must begin with sqlite:///, postgresql:// or mysql://, as in postgresql://me@localhost/people."
        )
    drivername, module, extra = known
    if find_spec(module) is None:
        raise ConfigurationError(f"DATABASE_URL needs {module}: pip install flask-identity[{extra}].")
    return url.set(drivername=drivername)


def _on_sqlite(url: URL) -> dict[str, Any]:
    name = url.database or ""
    if name in ("", ":memory:"):
        raise ConfigurationError("DATABASE_URL must name a file for SQLite, as in sqlite:////srv/dashboard.sqlite3.")
    if not name.startswith("file:"):
        url = url.set(database=str(Path(name).absolute()))
    return {
        "url": url,
        "connect_args": {"timeout": WAIT_FOR_LOCK},
        "hide_parameters": True,
        "pool_size": THREADS,
        "max_overflow": 4,
    }


def _set_up_sqlite(connection: Any, _: Any) -> None:
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={WAIT_FOR_LOCK * 1000}")
    cursor.execute("PRAGMA foreign_keys=ON")
    try:
        # Readers and the writer then do not wait for each other. Kept in the file, so a later connection may do it.
        cursor.execute("PRAGMA journal_mode=WAL")
    except sqlite3.OperationalError as error:
        if "locked" not in str(error):
            raise
    cursor.close()
