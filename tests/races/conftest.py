"""The crowd, databases with tables, and where the figures of a release run go."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.races.crowd import Crowd, Race
from tests.races.site import create_tables

FIGURES = Path(__file__).parents[2] / "build" / "races.jsonl"


@pytest.fixture(scope="session")
def crowd() -> Iterator[Crowd]:
    """The processes of all races of this run."""
    made = Crowd()
    yield made
    made.close()


@pytest.fixture
def url(database_url: str) -> str:
    """A database of each kind in turn, with tables."""
    create_tables(database_url)
    return database_url


@pytest.fixture(scope="session")
def race_size() -> int:
    """How many calls one of the big races has."""
    return 1000 if os.environ.get("RACES") == "release" else 96


@pytest.fixture
def figures(request: pytest.FixtureRequest, url: str) -> Callable[..., None]:
    """Notes the figures of a race, as one line of JSON, where a release run keeps them."""

    def note(case: str, race: Race, **more: Any) -> None:
        line = {"case": case, "database": url.partition(":")[0], "n": len(race.outcomes), **more}
        line |= {
            "5xx": sum(outcome.status >= 500 for outcome in race.outcomes),
            "evaluated": race.evaluated,
            "seconds": round(race.seconds, 2),
            "answers": race.tally(),
        }
        print(json.dumps(line))
        if os.environ.get("RACES") == "release":
            FIGURES.parent.mkdir(exist_ok=True)
            with FIGURES.open("a") as file:
                file.write(json.dumps(line) + "\n")

    return note
