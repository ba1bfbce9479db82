"""The numbers behind the charts, from counts by the hour. Days and hours are those of UTC."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from statistics import median_low

from ...base.clock import from_micros
from ...base.ports import Hourly
from ...core import activity

LEVELS = 5
"""Steps of the heat map beside that of nothing."""

_LINES = 5
_SPIKE, _MANY = 3, 10
"""How many times the usual number of failures is worth a sentence, and from how many failures on."""


@dataclass(frozen=True)
class Period:
    """Some days up to now, and as long a time before: to the same minute, since today is not over."""

    days: int
    now: datetime

    @property
    def first(self) -> datetime:
        """When the first day began."""
        return self.now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=self.days - 1)

    @property
    def before(self) -> datetime:
        """When the first day of the time before began."""
        return self.first - timedelta(days=self.days)


@dataclass(frozen=True)
class Day:
    """What happened on one day."""

    date: datetime
    signed_in: int
    failed: int
    created: int


@dataclass(frozen=True)
class Total:
    """How often something happened in the period, and in the time before."""

    count: int
    before: int

    @property
    def percent(self) -> int | None:
        """By how much it has changed; None where there was nothing before."""
        return round((self.count - self.before) * 100 / self.before) if self.before else None


@dataclass(frozen=True)
class Cell:
    """An hour of a weekday, Monday being 0: the sign-ins of all such hours, and their level among all cells."""

    weekday: int
    hour: int
    count: int
    level: int


@dataclass(frozen=True)
class Figures:
    """What the charts show.

    Args:
        days: The days of the period, the oldest first.
        signed_in: Sign-ins.
        failed: Sign-ins that failed.
        grown: By how many the accounts have become more.
        week: Seven weekdays of 24 hours.
        ways: How people signed in, and how often; most often first.
    """

    days: Sequence[Day]
    signed_in: Total
    failed: Total
    grown: int
    week: Sequence[Sequence[Cell]]
    ways: Sequence[tuple[str, int]]

    @property
    def scale(self) -> Sequence[int]:
        """Where the lines of the chart by days are."""
        return scale(max(day.signed_in + day.failed for day in self.days))

    @property
    def busiest(self) -> Day:
        """The day with the most sign-ins."""
        return max(self.days, key=lambda day: day.signed_in)

    @property
    def busiest_hour(self) -> Cell:
        """The hour of the week with the most sign-ins, among those with the highest average."""
        return max((cell for row in self.week for cell in row), key=lambda cell: (cell.level, cell.count))

    @property
    def spike(self) -> tuple[Day, int] | None:
        """The day with far more failures than usual, and how many are usual; None where there is none."""
        worst = max(self.days, key=lambda day: day.failed)
        usual = median_low([day.failed for day in self.days if day is not worst])
        return (worst, usual) if worst.failed >= max(_MANY, _SPIKE * usual) else None


def figures(period: Period, hours: Iterable[Hourly]) -> Figures:
    """Return the figures of a period from what happened since `period.before`."""
    by_day: Counter[tuple[str, datetime]] = Counter()
    now, before, ways = Counter[str](), Counter[str](), Counter[str]()
    week: Counter[tuple[int, int]] = Counter()
    for what, details, begins, times in hours:
        at = from_micros(begins)
        if at >= period.first:
            now[what] += times
            by_day[what, at.replace(hour=0)] += times
            if what == activity.SIGNED_IN:
                week[at.weekday(), at.hour] += times
                ways[_way(details)] += times
        elif at <= period.now - timedelta(days=period.days):
            before[what] += times
    dates = [period.first + timedelta(days=number) for number in range(period.days)]
    shown = (activity.SIGNED_IN, activity.SIGN_IN_FAILED, activity.CREATED)
    return Figures(
        [Day(date, *(by_day[what, date] for what in shown)) for date in dates],
        Total(now[activity.SIGNED_IN], before[activity.SIGNED_IN]),
        Total(now[activity.SIGN_IN_FAILED], before[activity.SIGN_IN_FAILED]),
        now[activity.CREATED] - now[activity.DELETED],
        _week(week, Counter(date.weekday() for date in dates)),
        ways.most_common(),
    )


def scale(most: int) -> Sequence[int]:
    """Return up to six round numbers at equal distances from 0, the last of which is not below `most`."""
    most = max(most, 1)
    steps = (unit * 10**power for power in range(len(str(most))) for unit in (10, 20, 25, 50))
    step = next(step for step in itertools.chain((1, 2, 5), steps) if step * _LINES >= most)
    return range(0, ceil(most / step) * step + 1, step)


def _week(counts: Counter[tuple[int, int]], times: Counter[int]) -> list[list[Cell]]:
    # A period of 30 days has some weekdays five times: what is compared is the average.
    most = max((count / times[weekday] for (weekday, _), count in counts.items()), default=1)

    def cell(weekday: int, hour: int) -> Cell:
        count = counts[weekday, hour]
        share = count / times[weekday] / most if count else 0
        return Cell(weekday, hour, count, ceil(share * LEVELS))

    return [[cell(weekday, hour) for hour in range(24)] for weekday in range(7)]


def _way(details: str) -> str:
    return str(json.loads(details).get("by", "")) if details else ""
