"""Rounds of one race in one cell, and what came of them in figures."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.races.crowd import CONTENDERS, RELEASE, Crowd, Outcome, Race, Seat
from tests.races.invariants import assert_hold
from tests.races.site import Site

FIGURES = Path(__file__).parents[2] / "build" / "races.jsonl"
ROUNDS = 50
"""Of each race before a release."""

MIXED = "mixed"
"""Half of the processes on each ORM."""

mixed_too = pytest.mark.parametrize(
    "cell",
    [f"{orm}-{database}" for orm in ("sqlalchemy", "pony", MIXED) for database in ("sqlite", "postgres", "mariadb")],
)
"""Run a test in all cells, those with both ORMs at once among them."""


@dataclass
class Arena:
    """One cell.

    Args:
        crowd: The processes.
        url: The database.
        cell: The ORM, or `mixed`, and the kind of database.
        orms: What the processes' applications are on, in turn.
        site: An application of our own on the same database, to set the scene and to look.
    """

    crowd: Crowd
    url: str
    cell: str
    orms: Sequence[str]
    site: Site
    figures: dict[str, Any] = field(default_factory=dict)
    _races: list[Race] = field(default_factory=list)

    def race(self, call: Callable[[Seat, Any], Outcome], given: Sequence[Any], **config: Any) -> Race:
        """One contest; see `Crowd.race`. It fails where anything failed on the server's side."""
        config = {"IDENTITY_THROTTLE": False, **config}
        race = self.crowd.race(self.url, call, given, self.orms, **config)
        self._races.append(race)
        race.assert_sound()
        return race

    def rounds(self, case: str, contest: Callable[[int], object], few: int = 1, **invariants: Any) -> None:
        """Run a contest, given its number, so often; check the invariants after each.

        Args:
            case: The cases it stands for and what is contended for, as the published table has them.
            contest: Sets the scene, races, and asserts what must hold.
            few: How often in an ordinary test run.
            **invariants: See `assert_hold`.
        """
        failures = []
        rounds = ROUNDS if RELEASE else few
        for number in range(rounds):
            try:
                contest(number)
                assert_hold(self.site, **invariants)
            except AssertionError as failure:
                failures.append(failure)
                if len(failures) == 3:
                    break
        outcomes = [outcome for race in self._races for outcome in race.outcomes]
        self.figures.update(
            {
                "case": case,
                "cell": self.cell,
                "n": len(outcomes),
                "rounds": rounds,
                "contenders": CONTENDERS,
                "violations": len(failures),
                "5xx": sum(outcome.status >= 500 for outcome in outcomes),
                "faults": sum(len(race.faults) for race in self._races),
                "retried": sum(len(race.outages) for race in self._races),
                "seconds": round(sum(race.seconds for race in self._races), 1),
            }
        )
        if failures:
            raise failures[0]


def write(figures: Mapping[str, Any]) -> None:
    """Add a line to the figures of a release run."""
    FIGURES.parent.mkdir(exist_ok=True)
    with FIGURES.open("a") as file:
        file.write(json.dumps(figures) + "\n")
