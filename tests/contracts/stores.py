"""The stores that keep the contract, each in turn, with an application's classes and fresh tables.

Those on Pony are built in `tests/pony/build.py`. Every User has an extra field, a text `nickname` that may be NULL.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import NullPool, create_engine, event
from sqlalchemy.orm import scoped_session, sessionmaker

from flask_identity.base.ports import Store
from flask_identity.stores.memory import MemoryStore
from flask_identity.stores.sqlalchemy import SQLAlchemyStore
from tests.contracts.models import PlainUser, models
from tests.databases import DATABASES, empty_database
from tests.support.tables import emptier, open_transactions

ON_SQLALCHEMY = tuple(f"sqlalchemy-{name}" for name in DATABASES)
IN_A_DATABASE = (*ON_SQLALCHEMY, *(f"pony-{name}" for name in DATABASES))
EVERY = ("memory", *IN_A_DATABASE)
PATIENCE = 30  # seconds after which a thread hangs


@dataclass
class Case:
    """A store and what tests have to know of it.

    Args:
        store: The store.
        url: Its database, None where it has none.
        leave: What the end of a request does in an application: it gives the thread's session back.
        engine: Its engine, where it is on SQLAlchemy.
        session: The registry of sessions, where it is on SQLAlchemy.
        models: The application's classes, where it is on SQLAlchemy.
    """

    store: Store
    url: str | None = None
    leave: Callable[[], object] = lambda: None
    engine: Any = None
    session: Any = None
    models: Any = None

    def elsewhere(self, call: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        """What `call` returns or raises in a thread of its own, and so on a connection of its own."""
        return self._begin(call, *arguments, **options).result(PATIENCE)

    def race(self, size: int, call: Callable[[int], Any]) -> list[Any]:
        """What `call(0)` … `call(size - 1)` return, or the exception they raise, when all begin at once."""
        line = Barrier(size)

        def run(number: int) -> Any:
            line.wait(PATIENCE)
            try:
                return call(number)
            except Exception as error:
                return error

        begun = [self._begin(run, number) for number in range(size)]
        return [each.result(PATIENCE) for each in begun]

    def _begin(self, call: Callable[..., Any], *arguments: Any, **options: Any) -> Future[Any]:
        # A thread that hangs fails its test and keeps neither the next one nor the end of the run waiting.
        future: Future[Any] = Future()

        def run() -> None:
            try:
                future.set_result(self._alone(call, *arguments, **options))
            except BaseException as error:
                future.set_exception(error)

        Thread(target=run, daemon=True).start()
        return future

    def _alone(self, call: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        try:
            return call(*arguments, **options)
        finally:
            self.leave()


@contextmanager
def on_sqlalchemy(url: str, *, key: type = int, create: bool = True, **options: Any) -> Iterator[Case]:
    """A store on SQLAlchemy; `create` makes its tables, `options` are those of the engine."""
    made = models(key)
    engine = create_engine(url, **options)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _check_foreign_keys)
    session = scoped_session(sessionmaker(engine))
    store = SQLAlchemyStore(session, made.User, made.Role)
    if create:
        made.Model.metadata.create_all(engine)
    try:
        yield Case(store, url, session.remove, engine, session, made)
    finally:
        session.remove()
        engine.dispose()


@contextmanager
def on_pony(url: str, *, key: type = int, create: bool = True, **options: Any) -> Iterator[Case]:
    """A store on Pony; `create` makes its tables, `options` are those of the driver."""
    make_parts = import_module("tests.pony.build").make_parts
    parts = make_parts(url, key=key, create_tables=create, check_tables=create, **options)
    try:
        yield Case(parts.store, url)
    finally:
        parts.store.close()
        parts.db.disconnect()


_ON = {"sqlalchemy": on_sqlalchemy, "pony": on_pony}


@contextmanager
def made(name: str, url_of: Callable[[str], str], key: type = int) -> Iterator[Case]:
    """The store of a name in `EVERY` in an empty database; `url_of` gives the URL of a kind of database."""
    orm, _, database = name.partition("-")
    if orm == "memory":
        yield Case(MemoryStore(PlainUser, key=key))
        return
    url = url_of(database)
    if database != "sqlite":
        empty_database(url)
    with _ON[orm](url, key=key) as case:
        yield case


@pytest.fixture(scope="module")
def url_of(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], str]:
    """The URL of a database of a kind: a new file for SQLite, this process's database on a server."""

    def find(database: str) -> str:
        if database == "sqlite":
            return f"sqlite:///{tmp_path_factory.mktemp('store') / 'test.sqlite3'}"
        return str(request.getfixturevalue(f"{database}_url"))

    return find


@pytest.fixture(scope="module", params=EVERY)
def home(request: pytest.FixtureRequest, url_of: Callable[[str], str]) -> Iterator[tuple[Case, Callable[[], None]]]:
    """Each store in turn with its tables, which last for a module, and what empties them. `in_a_database`,
    `on_sqlalchemy_only` and `on_a_server` choose among the stores."""
    with made(request.param, url_of) as found:
        yield found, emptier(found.url) if found.url else lambda: None


@pytest.fixture
def case(home: tuple[Case, Callable[[], None]]) -> Iterator[Case]:
    """Each store in turn, with fresh tables: nothing is in them."""
    found, empty = home
    if found.url is None:
        found = Case(MemoryStore(PlainUser))
    empty()
    yield found
    found.leave()


@pytest.fixture
def store(case: Case) -> Store:
    """The store of this case."""
    return case.store


@pytest.fixture
def sql(case: Case) -> Iterator[Callable[[Any], Any]]:
    """Run one statement on another connection, committed at once, past the store; returns the rows of a SELECT."""
    engine = create_engine(case.url or "", poolclass=NullPool, isolation_level="AUTOCOMMIT")

    def run(statement: Any) -> Any:
        with engine.connect() as connection:
            result = connection.execute(statement)
            return result.all() if result.returns_rows else None

    yield run
    engine.dispose()


def among(names: Sequence[str]) -> pytest.MarkDecorator:
    """Run a test with these stores only."""
    return pytest.mark.parametrize("home", names, indirect=True, scope="module")


in_a_database = among(IN_A_DATABASE)
on_sqlalchemy_only = among(ON_SQLALCHEMY)
on_a_server = among([name for name in IN_A_DATABASE if "sqlite" not in name])


def _check_foreign_keys(connection: Any, _: Any) -> None:
    connection.execute("PRAGMA foreign_keys = ON")


@pytest.fixture
def transactions(case: Case) -> Callable[[], int]:
    """Count the transactions that are open in this case's database, whoever has them."""
    return lambda: open_transactions(case.url or "")
