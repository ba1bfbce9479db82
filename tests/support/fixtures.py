"""Fixtures over the builders; a folder's conftest imports those it uses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.databases import DATABASES
from tests.support.apps import EVERYTHING, Site, build_app
from tests.support.tables import KeptDatabases


@pytest.fixture(params=["plain", "pony"])
def orm(request: pytest.FixtureRequest) -> str:
    """The flavour of applications that a test does not choose itself: either ORM in turn (M1, M2)."""
    return str(request.param)


@pytest.fixture
def build(tmp_path: Path, orm: str) -> Iterator[Callable[..., Site]]:
    """Makes applications, each on an SQLite file of its own unless `url` says otherwise."""
    made: list[Site] = []

    def make(url: str | None = None, **given: Any) -> Site:
        if given.get("models", "full") == "full":
            given.setdefault("flavour", orm)
        made.append(build_app(url or f"sqlite:///{tmp_path / f'{len(made)}.sqlite3'}", **given))
        return made[-1]

    yield make
    for site in made:
        site.close()


@pytest.fixture
def site(build: Callable[..., Site]) -> Site:
    """An application with every feature on, and no limits but the lock."""
    return build(IDENTITY_THROTTLE=False, **EVERYTHING)


@pytest.fixture(params=DATABASES)
def site_on_each(build: Callable[..., Site], kept_databases: KeptDatabases, request: pytest.FixtureRequest) -> Site:
    """`site` on each database in turn."""
    return build(kept_databases.emptied(request.param), IDENTITY_THROTTLE=False, **EVERYTHING)


@pytest.fixture
def hashes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """One entry for every password hash computed, `hash` or `verify`; counted, not replaced."""
    from argon2 import PasswordHasher

    seen: list[str] = []
    for name in ("hash", "verify"):
        computed = getattr(PasswordHasher, name)

        def counting(*given: Any, _name: str = name, _computed: Any = computed, **more: Any) -> Any:
            seen.append(_name)
            return _computed(*given, **more)

        monkeypatch.setattr(PasswordHasher, name, counting)
    return seen
