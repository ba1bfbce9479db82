"""What every test may ask for: databases, Redis, the size of a race."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import pytest

from flask_identity.core import sweep
from tests.databases import DATABASES, empty_database
from tests.services import Services, need, own_database
from tests.support.apps import create_full_tables
from tests.support.tables import KeptDatabases
from tests.turns import Turns

SERVICES = pytest.StashKey[Services]()
TURNS_IN = "FLASK_IDENTITY_TEST_TURNS"


def pytest_configure(config: pytest.Config) -> None:
    services = config.stash[SERVICES] = Services()
    workers = getattr(config.option, "numprocesses", None)
    if workers and not hasattr(config, "workerinput"):
        services.hand_on()
        os.environ[TURNS_IN] = str(services.folder)


def pytest_unconfigure(config: pytest.Config) -> None:
    config.stash[SERVICES].stop()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # Race tests last, so that the processes of a parallel run wait for each other once, at the end.
    items.sort(key=lambda item: item.get_closest_marker("races") is not None)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, bool, bool]:
    with _turn(item):
        return (yield)


def _turn(item: pytest.Item) -> AbstractContextManager[None]:
    if TURNS_IN not in os.environ:
        return nullcontext()
    turns = Turns(Path(os.environ[TURNS_IN]))
    return turns.alone() if item.get_closest_marker("races") else turns.together()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    found = config.stash[SERVICES].found
    terminalreporter.section("servers")
    for server in found.values():
        terminalreporter.line(str(server))
    if not found:
        terminalreporter.line("none was asked for")


@pytest.fixture(scope="session")
def services(pytestconfig: pytest.Config) -> Services:
    """The servers of this run."""
    return pytestconfig.stash[SERVICES]


@pytest.fixture(scope="session")
def postgres_url(services: Services) -> Iterator[str]:
    """A PostgreSQL database of this process alone, as an SQLAlchemy URL. `empty_database` empties it."""
    with own_database(need(services.find("postgres"))) as url:
        yield url


@pytest.fixture(scope="session")
def mariadb_url(services: Services) -> Iterator[str]:
    """A MariaDB database of this process alone, as an SQLAlchemy URL. `empty_database` empties it."""
    with own_database(need(services.find("mariadb"))) as url:
        yield url


@pytest.fixture(scope="session")
def redis_url(services: Services) -> str:
    """A Redis database of this process alone."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    return f"{need(services.find('redis')).url}/{worker}"


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """An SQLite file that does not exist yet, as an SQLAlchemy URL."""
    return f"sqlite:///{tmp_path / 'test.sqlite3'}"


@pytest.fixture(scope="session")
def kept_databases(services: Services, tmp_path_factory: pytest.TempPathFactory) -> Iterator[KeptDatabases]:
    """Databases with the tables of an application of the column mixins: making those takes longer than most tests."""
    made = KeptDatabases(services, tmp_path_factory.mktemp("kept"), create_full_tables)
    yield made
    made.close()


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest) -> str:
    """An empty database of each kind in turn, as an SQLAlchemy URL."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    if request.param != "sqlite":
        empty_database(url)
    return url


@pytest.fixture(scope="session")
def race_rounds() -> int:
    """How often a race test repeats its race: a few times, or many with RACES=release."""
    return 100 if os.environ.get("RACES") == "release" else 2


@pytest.fixture(autouse=True)
def no_chance(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is swept by chance: a test that counts statements would count more at one run in a hundred."""
    monkeypatch.setattr(sweep, "ONE_IN", 10**9)
