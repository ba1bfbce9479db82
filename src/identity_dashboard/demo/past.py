"""Invent what happened to invented people: they signed in on working days, and not always at the first try."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from .people import OFTEN

_SIGN_INS, _ACCOUNTS = 60, 360
"""Days over which sign-ins, and the making of accounts, are told."""

_BURST = 8
"""How many days ago somebody tried the names of people who are not there."""

Row = dict[str, Any]
_EPOCH = timedelta(microseconds=1)


@dataclass(frozen=True)
class Known:
    """Whom it happened to: the id as text, when the account was made and last used, and from where."""

    id: str
    created_at: datetime
    last_at: datetime | None
    ip: str


def past(who: Known, now: datetime, draw: random.Random) -> Iterator[Row]:
    """Yield the rows of one person.

    Args:
        who: They.
        now: The present, with its zone.
        draw: What decides.
    """
    if who.created_at > now - timedelta(days=_ACCOUNTS):
        yield _row(draw, who.created_at, "account_created", who.id, who.id, who.ip)
    if who.last_at is None:
        return
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    eager = draw.uniform(0.1, 0.6)
    for ago in range(_SIGN_INS):
        day = midnight - timedelta(days=ago)
        if draw.random() < (eager if day.weekday() < 5 else eager / 8):
            at = day + timedelta(hours=draw.choices(range(24), OFTEN)[0], seconds=draw.randrange(3600))
            if who.created_at < at < who.last_at:
                yield from _came(draw, at, who)
    yield from _came(draw, who.last_at, who)


def burst(now: datetime, draw: random.Random) -> Iterator[Row]:
    """Yield the rows of a night in which somebody tried many names from one address."""
    night = now.replace(hour=2, minute=40, second=0, microsecond=0) - timedelta(days=_BURST)
    for second in sorted(draw.sample(range(2400), 48)):
        yield _row(draw, night + timedelta(seconds=second), "sign_in_failed", None, None, "203.0.113.77")


def _came(draw: random.Random, at: datetime, who: Known) -> Iterator[Row]:
    if draw.random() < 0.07:
        failed = at - timedelta(seconds=draw.randrange(5, 50))
        yield _row(draw, failed, "sign_in_failed", None, who.id, who.ip)
    yield _row(draw, at, "signed_in", who.id, who.id, who.ip)


def _row(draw: random.Random, time: datetime, what: str, actor: str | None, target: str | None, ip: str) -> Row:
    at = (time - datetime.fromtimestamp(0, time.tzinfo)) // _EPOCH
    details = "" if what == "account_created" else json.dumps({"by": "password"}, separators=(",", ":"))
    outcome = "refused" if what == "sign_in_failed" else "ok"
    row = {"id": f"{at:016x}{draw.getrandbits(32):08x}", "at": at, "what": what, "actor": actor, "target": target}
    return {**row, "outcome": outcome, "ip": ip, "details": details}
