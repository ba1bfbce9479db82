"""The door for people."""

from __future__ import annotations

from flask import Response

from ...base.errors import NotAllowed
from ...base.roles import ADMIN
from ...web import rows
from ...web.arrival import signed_in
from ...web.current import services, state
from ...web.faces import number
from ...web.language import say
from ...web.replies import go, page
from . import actions
from .inputs import Asked

_STARTS = ("profile", "security")
"""Where anybody else is led: the first that is switched on. Each is a feature and its endpoint."""


def show(asked: Asked) -> Response:
    """Show an administrator the overview, and lead anybody else who is signed in to their own page."""
    if ADMIN not in signed_in().roles:
        return _led_on()
    found = actions.overview(services, int(asked.days), confirmation=state().confirmation)
    return page(
        "overview/overview.html",
        found=found,
        figures=found.figures,
        events=[rows.event(row, found.users) for row in found.events],
        days=int(asked.days),
        counted=_counted,
    )


def _counted(people: int) -> str:
    return f"{number(actions.MOST, say)}+" if people > actions.MOST else number(people, say)


def _led_on() -> Response:
    for start in _STARTS:
        if state().on(start):
            return go(start)
    raise NotAllowed
