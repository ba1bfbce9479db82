"""When and from where someone signed in."""

from __future__ import annotations

from ..base.clock import now
from ..base.ports import Add, Copy
from ..core.services import Services
from ..core.sign_in import Entry, Phases
from ..web.feature import Feature

COLUMNS = ("last_login_at", "current_login_at", "last_login_ip", "current_login_ip", "login_count")


def note(entry: Entry) -> None:
    """Add to the one UPDATE of a sign-in: what was current becomes the last (on
    the first visit both are this one), and one more is counted."""
    at, address = now(), entry.client.address
    entry.changes.update(
        last_login_at=Copy("current_login_at", at),
        current_login_at=at,
        last_login_ip=Copy("current_login_ip", address),
        current_login_ip=address,
        login_count=Add(1),
    )


def phases(_: Services) -> Phases:
    """Join signing in once it has succeeded."""
    return Phases(after_sign_in=(note,))


FEATURE = Feature(
    "tracking",
    doc="Keep when, from where and how often people sign in.",
    switch="TRACKABLE",
    default=False,
    needs=COLUMNS,
    phases=phases,
)
