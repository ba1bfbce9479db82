"""Tables that tests share: emptied, since making them anew takes longer; and what somebody left open in a database."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path

from sqlalchemy import Engine, MetaData, NullPool, create_engine, make_url, text

from tests.services import Services, need, own_database

_IMPATIENT = {"postgresql": ("SET lock_timeout = '5s'",), "mysql": ("SET innodb_lock_wait_timeout = 5",)}
"""An earlier test that left a transaction open shows itself at once."""

_TRANSACTIONS = {
    "postgresql": "SELECT count(*) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL",
    "mysql": "SELECT count(*) FROM information_schema.innodb_trx t JOIN information_schema.processlist p "
    "ON p.id = t.trx_mysql_thread_id WHERE p.db = database()",
}
_CONNECTIONS = {
    "postgresql": "SELECT count(*) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()",
    "mysql": "SELECT count(*) FROM information_schema.processlist WHERE db = database() AND id <> connection_id()",
}


class KeptDatabases:
    """Databases of each kind whose tables are made once.

    Args:
        services: The servers.
        folder: Where the SQLite file is.
        create: Makes the tables in the database of a URL.
    """

    def __init__(self, services: Services, folder: Path, create: Callable[[str], object]) -> None:
        self._services = services
        self._folder = folder
        self._create = create
        self._known: dict[str, tuple[str, Callable[[], None]]] = {}
        self._own = ExitStack()

    def emptied(self, kind: str) -> str:
        """Empty the tables of the database of a kind; return its URL."""
        if kind not in self._known:
            url = self._make(kind)
            self._create(url)
            self._known[kind] = (url, emptier(url))
        url, empty = self._known[kind]
        empty()
        return url

    def _make(self, kind: str) -> str:
        if kind == "sqlite":
            return f"sqlite:///{self._folder / 'test.sqlite3'}"
        return self._own.enter_context(own_database(need(self._services.find(kind))))

    def close(self) -> None:
        """Drop those on servers."""
        self._own.close()


_files: dict[tuple[MetaData, int], bytes] = {}
"""Of SQLite, by the tables that are in it: how many, since an application may add its own."""


def make_tables(url: str, engine: Engine, metadata: MetaData) -> None:
    """Make tables in an empty database; in an SQLite file that is not there yet by a copy of one made before."""
    file = make_url(url).database
    if engine.dialect.name != "sqlite" or not file or Path(file).exists():
        metadata.create_all(engine)
        return
    made = metadata, len(metadata.tables)
    if made not in _files:
        metadata.create_all(engine)
        _files[made] = Path(file).read_bytes()
    Path(file).write_bytes(_files[made])


def emptier(url: str) -> Callable[[], None]:
    """What empties all tables that are in a database now."""
    engine = create_engine(url, poolclass=NullPool)
    tables = MetaData()
    tables.reflect(engine)

    def empty() -> None:
        with engine.begin() as connection:
            for statement in _IMPATIENT.get(engine.dialect.name, ()):
                connection.execute(text(statement))
            for table in reversed(tables.sorted_tables):
                connection.execute(table.delete())

    return empty


def open_transactions(url: str) -> int:
    """How many transactions are open in a database, whoever has them; of SQLite only whether one that writes is."""
    if make_url(url).get_backend_name() != "sqlite":
        return _counted(url, _TRANSACTIONS)
    with closing(sqlite3.connect(make_url(url).database or "", timeout=0)) as connection:
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            return 1
        return 0


def connections(url: str) -> int:
    """How many connections there are to a database on a server, but ours that asks; SQLite knows of none."""
    return 0 if make_url(url).get_backend_name() == "sqlite" else _counted(url, _CONNECTIONS)


def _counted(url: str, statements: dict[str, str]) -> int:
    engine: Engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        return int(connection.execute(text(statements[engine.dialect.name])).scalar_one())
