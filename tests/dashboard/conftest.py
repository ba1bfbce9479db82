"""The dashboard, as a process and in this one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from identity_dashboard import create_app, schema
from identity_dashboard.models import db
from tests.dashboard.processes import Server, environment


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    """The environment of a dashboard that nobody has configured."""
    return environment(tmp_path / "instance")


@pytest.fixture
def env_on(env: dict[str, str], database_url: str) -> dict[str, str]:
    """The environment of a dashboard on each database in turn; nothing has been migrated."""
    return env | {"DATABASE_URL": database_url}


@pytest.fixture(params=["sqlalchemy", "pony"])
def env_on_both(env_on: dict[str, str], request: pytest.FixtureRequest) -> dict[str, str]:
    """The environment of a dashboard on each database with each ORM; nothing has been migrated."""
    return env_on | {"DASHBOARD_ORM": request.param}


@pytest.fixture
def start() -> Iterator[Callable[..., Server]]:
    """Starts a server, and stops it at the end of the test."""
    servers: list[Server] = []

    def begin(env: dict[str, str], *arguments: str) -> Server:
        servers.append(Server(env, *arguments))
        return servers[-1]

    yield begin
    for server in servers:
        server.stop()


@pytest.fixture
def migrated(env: dict[str, str]) -> dict[str, str]:
    """The environment of a dashboard on SQLite whose tables are there."""
    app = create_app(env)
    with app.app_context():
        schema.migrate(db.engine)
        db.engine.dispose()
    return env


@pytest.fixture
def app_on(env_on: dict[str, str]) -> Iterator[Flask]:
    """The application in this process, inside its context, on each database in turn; nothing has been migrated."""
    app = create_app(env_on)
    with app.app_context():
        yield app
        db.session.close()
        db.engine.dispose()


@pytest.fixture
def app(env: dict[str, str]) -> Iterator[Flask]:
    """The application in this process on a migrated SQLite file; there is no context."""
    app = create_app(env | {"IDENTITY_BASE_URL": "http://localhost"})
    with app.app_context():
        engine = db.engine
        schema.migrate(engine)
    yield app
    engine.dispose()
