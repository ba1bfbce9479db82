"""How a person is shown without a picture, how a role is called, and how long ago something was."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from zlib import crc32

from ..base.clock import now
from ..base.roles import ADMIN, USER

TINTS = 8
_STEPS = ((60, 60), (3600, 24), (86400, 7))
"""Seconds of a minute, an hour and a day, and how many are told as such."""
_GAP = re.compile(r"[\s._+-]+")
_PIECE = re.compile(r"[^@.]*[@.]|[^@.]+")


Say = Callable[[str], str]
Plural = Callable[[str, str, int], str]


def initials(name: str) -> str:
    """Return one or two capitals for a name or an address: `AL` for Ada Lovelace and for ada.lovelace@example.com."""
    parts = [part for part in _GAP.split(name.partition("@")[0]) if part]
    if not parts:
        return "?"
    return (parts[0][:1] + (parts[-1][:1] if len(parts) > 1 else "")).upper()


def pieces(address: str) -> list[str]:
    """Return an address in pieces between which a line may end: behind `@` and each dot."""
    return _PIECE.findall(address)


def tint(key: Any) -> int:
    """Return which of the eight tints somebody has, 1 to 8; the same for the same id for ever."""
    return crc32(str(key).encode()) % TINTS + 1


def role_label(name: str, _: Say) -> str:
    """Return what a role is called on pages: the two every application has in words, any other by its name."""
    return {ADMIN: _("Admin"), USER: _("User")}.get(name, name)


def moment_of(value: Any) -> datetime | None:
    """Return a time in UTC, from a datetime (naive is UTC) or ISO 8601 text; None for None."""
    if value is None or value == "":
        return None
    time: datetime = datetime.fromisoformat(value) if isinstance(value, str) else value
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)


def number(count: int, _: Say) -> str:
    """Return a number as it is written: `1,234` in English."""
    thousand = _("1,000")  # translated as a thousand is written
    return f"{count:,}".replace(",", thousand[1:-3])


def ago(time: datetime, _: Say, plural: Plural) -> str:
    """Return how long ago a time was, in words; from a week on the date."""
    seconds = (now() - time).total_seconds()
    if -60 < seconds < 60:
        return _("just now")
    for size, below in _STEPS:
        count = int(seconds // size)
        if 0 < count < below:
            return _counted(size, count, plural) % {"n": count}
    return day(time, _)


def _counted(size: int, count: int, ngettext: Plural) -> str:
    if size == 60:
        return ngettext("%(n)s minute ago", "%(n)s minutes ago", count)
    if size == 3600:
        return ngettext("%(n)s hour ago", "%(n)s hours ago", count)
    return ngettext("yesterday", "%(n)s days ago", count)


def day(time: datetime, _: Say) -> str:
    """Return a date: `24 Nov 2026`."""
    return _("%(day)s %(month)s %(year)s") % {"day": time.day, "month": _month(time, _), "year": time.year}


def short_day(time: datetime, _: Say) -> str:
    """Return a date of which the year is known: `24 Nov`."""
    return _("%(day)s %(month)s") % {"day": time.day, "month": _month(time, _)}


def _month(time: datetime, _: Say) -> str:
    months = (
        _("Jan"), _("Feb"), _("Mar"), _("Apr"), _("May"), _("Jun"),
        _("Jul"), _("Aug"), _("Sep"), _("Oct"), _("Nov"), _("Dec"),
    )  # fmt: skip
    return months[time.month - 1]
