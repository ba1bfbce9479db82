"""The crowd, and the cells it races in: an ORM and a database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.conftest import need
from tests.races.arena import MIXED, Arena, write
from tests.races.crowd import RELEASE, Crowd
from tests.races.invariants import settled
from tests.races.site import PONY, SQLALCHEMY, Sites, create_tables
from tests.services import Services, own_database
from tests.support.tables import connections, emptier

DATABASES = ("sqlite", "postgres", "mariadb")


@pytest.fixture(scope="session")
def crowd() -> Iterator[Crowd]:
    """The processes of all races of this run."""
    made = Crowd()
    yield made
    made.close()


@pytest.fixture(scope="session")
def sites() -> Iterator[Sites]:
    """The applications of this process."""
    made = Sites()
    yield made
    made.close()


@pytest.fixture(scope="session")
def url_of(services: Services, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], str]]:
    """Empties the database of a kind, which only races use and whose tables are there, and returns its URL."""
    known: dict[str, tuple[str, Callable[[], None]]] = {}

    def make(database: str) -> str:
        if database == "sqlite":
            url = f"sqlite:///{tmp_path_factory.mktemp('races') / 'test.sqlite3'}"
        else:
            url = own.enter_context(own_database(need(services.find(database))))
        create_tables(url)
        return url

    def find(database: str) -> str:
        if database not in known:
            url = make(database)
            known[database] = (url, emptier(url))
        url, empty = known[database]
        empty()
        return url

    with ExitStack() as own:
        yield find


@pytest.fixture(params=[f"{orm}-{database}" for orm in (SQLALCHEMY, PONY) for database in DATABASES])
def cell(request: pytest.FixtureRequest) -> str:
    """Each ORM on each database in turn."""
    return str(request.param)


@pytest.fixture
def arena(crowd: Crowd, sites: Sites, url_of: Callable[[str], str], cell: str) -> Iterator[Arena]:
    """Where the races of a test are run: one cell, with empty tables and no limits but the lock."""
    orm, _, database = cell.partition("-")
    url = url_of(database)
    orms = (SQLALCHEMY, PONY) if orm == MIXED else (orm,)
    made = Arena(crowd, url, cell, orms, sites.open(url, orms[0], IDENTITY_THROTTLE=False))
    yield made
    crowd.leave()
    sites.rest()
    assert settled(lambda: connections(url)), "a connection is left open"
    if RELEASE and made.figures:
        write(made.figures)
