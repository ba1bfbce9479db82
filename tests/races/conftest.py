"""The crowd, and the cells it races in: an ORM and a database."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.databases import empty_database
from tests.races.arena import MIXED, Arena, write
from tests.races.crowd import RELEASE, Crowd
from tests.races.site import PONY, SQLALCHEMY, create_tables, open_site

DATABASES = ("sqlite", "postgres", "mariadb")


@pytest.fixture(scope="session")
def crowd() -> Iterator[Crowd]:
    """The processes of all races of this run."""
    made = Crowd()
    yield made
    made.close()


@pytest.fixture(scope="session")
def url_of(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], str]:
    """Empties the database of a kind, makes the tables, and returns its URL."""

    def make(database: str) -> str:
        if database == "sqlite":
            url = f"sqlite:///{tmp_path_factory.mktemp('race') / 'test.sqlite3'}"
        else:
            url = str(request.getfixturevalue(f"{database}_url"))
            empty_database(url)
        create_tables(url)
        return url

    return make


@pytest.fixture(params=[f"{orm}-{database}" for orm in (SQLALCHEMY, PONY) for database in DATABASES])
def cell(request: pytest.FixtureRequest) -> str:
    """Each ORM on each database in turn."""
    return str(request.param)


@pytest.fixture
def arena(crowd: Crowd, url_of: Callable[[str], str], cell: str) -> Iterator[Arena]:
    """Where the races of a test are run: one cell, with fresh tables and no limits but the lock."""
    orm, _, database = cell.partition("-")
    url = url_of(database)
    orms = (SQLALCHEMY, PONY) if orm == MIXED else (orm,)
    with open_site(url, orms[0], IDENTITY_THROTTLE=False) as site:
        made = Arena(crowd, url, cell, orms, site)
        yield made
    crowd.leave()
    if RELEASE and made.figures:
        write(made.figures)
