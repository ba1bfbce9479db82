"""What the overview reads: four statements, however many people there are and however much has happened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ...base.clock import now, to_micros
from ...base.ports import PeopleQuery, Row
from ...core import activity
from ...core.services import Services
from .figures import Figures, Period, figures

MOST = 100_000
"""How many people of a status are counted; a page must not take longer the more there are."""

_RECENT = 6
_COUNTED = (activity.SIGNED_IN, activity.SIGN_IN_FAILED, activity.CREATED, activity.DELETED)


@dataclass(frozen=True)
class Overview:
    """What the page shows.

    Args:
        figures: What happened in the period.
        people: How many there are of each status; one more than `MOST` stands for more.
        events: What happened last.
        users: The users these name, by their ids as text.
    """

    figures: Figures
    people: Mapping[str, int]
    events: Sequence[Row]
    users: Mapping[str, Row]

    @property
    def everybody(self) -> int:
        """How many people there are, of any status."""
        return sum(self.people.values())

    @property
    def more(self) -> bool:
        """Whether there are more people than were counted."""
        return any(count > MOST for count in self.people.values())


def overview(services: Services, days: int, *, confirmation: bool) -> Overview:
    """Return what happened in the last days and the same time before, and who is there.

    Args:
        services: The application's parts.
        days: How many, today among them.
        confirmation: Whether an account without a confirmed address counts as pending.
    """
    period = Period(days, now())
    since, until = to_micros(period.before), to_micros(period.now) + 1
    hours = activity.by_hour(services.store, _COUNTED, since, until)
    people = services.store.tally(PeopleQuery(), period.now, confirmation, MOST + 1)
    events = activity.page(services.store, activity.Selection(), limit=_RECENT)[:_RECENT]
    return Overview(figures(period, hours), people, events, activity.people(services.store, events))
