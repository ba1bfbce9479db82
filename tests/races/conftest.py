"""The crowd, and the cells it races in: an ORM and a database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.databases import DATABASES
from tests.races.arena import MIXED, Arena, write
from tests.races.crowd import RELEASE, Crowd
from tests.races.invariants import settled
from tests.races.site import PONY, SQLALCHEMY, Sites, create_tables
from tests.services import Services
from tests.support.tables import KeptDatabases, connections


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
def databases(services: Services, tmp_path_factory: pytest.TempPathFactory) -> Iterator[KeptDatabases]:
    """Databases that only races use."""
    made = KeptDatabases(services, tmp_path_factory.mktemp("races"), create_tables)
    yield made
    made.close()


@pytest.fixture(params=[f"{orm}-{database}" for orm in (SQLALCHEMY, PONY) for database in DATABASES])
def cell(request: pytest.FixtureRequest) -> str:
    """Each ORM on each database in turn."""
    return str(request.param)


@pytest.fixture
def arena(crowd: Crowd, sites: Sites, databases: KeptDatabases, cell: str) -> Iterator[Arena]:
    """Where the races of a test are run: one cell, with empty tables and no limits but the lock."""
    orm, _, database = cell.partition("-")
    url = databases.emptied(database)
    orms = (SQLALCHEMY, PONY) if orm == MIXED else (orm,)
    made = Arena(crowd, url, cell, orms, sites.open(url, orms[0], IDENTITY_THROTTLE=False))
    yield made
    crowd.leave()
    sites.rest()
    assert settled(lambda: connections(url)), "a connection is left open"
    if RELEASE and made.figures:
        write(made.figures)
