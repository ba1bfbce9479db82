"""Invent people: the same ones for the same seed."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from . import names

DOMAIN = "people.example"
"""Where all of them have their address; nobody's real one ends so."""

OFTEN = (1, 1, 0, 0, 1, 2, 5, 12, 26, 34, 30, 24, 16, 24, 28, 26, 20, 12, 7, 5, 4, 3, 2, 1)
"""How many sign in at each hour of the day."""

_MONTHS = 14 * 30  # days over which their accounts were made


@dataclass(frozen=True)
class Invented:
    """A person: address, columns of the account, fields of the profile, roles, and sessions under way."""

    email: str
    account: dict[str, Any]
    profile: dict[str, str]
    role: str
    sessions: list[tuple[int, str, str]] = field(default_factory=list)
    """Seconds since it was last used, network address, user agent."""


def invented(count: int, now: datetime, seed: int) -> Iterator[Invented]:
    """Yield people, one after the other.

    Args:
        count: How many.
        now: The present, with its zone.
        seed: Whom; each address has the seed or a number in it where it would otherwise come twice.
    """
    draw = random.Random(seed)  # noqa: S311 - decides nothing that is secret
    for number in range(count):
        yield _one(draw, number, seed, now)


def _one(draw: random.Random, number: int, seed: int, now: datetime) -> Invented:
    region = draw.choice(names.REGIONS)
    (given, given_latin), (family, family_latin) = draw.choice(region.given), draw.choice(region.family)
    written = (family, given) if region.family_first else (given, family)
    local = re.sub(r"[^a-z]", "", given_latin.lower()) + "." + re.sub(r"[^a-z]", "", family_latin.lower())
    unique = f"{number + 1}" if seed == 0 else f"{seed}-{number + 1}"
    email = f"{local}.{unique}@{DOMAIN}"
    account, away = _account(draw, now)
    profile = {"full_name": region.joint.join(written)}
    if draw.random() < 0.7:
        profile |= {"phone": f"{region.dialling} {draw.randrange(1000, 9999)}", "address": draw.choice(region.places)}
        profile["zipcode"] = f"{draw.randrange(10000, 99999)}"
    if draw.random() < 0.4:
        profile |= {"bio": draw.choice(names.BIOS), "website": f"https://{DOMAIN}/{local}"}
    role = draw.choices(("", "editor", "auditor", "support"), (80, 9, 4, 7))[0]
    sessions = [(draw.randrange(0, 1500), _address(draw), draw.choice(names.AGENTS)) for _ in range(2)]
    signed_in = account["active"] and away is not None and away < timedelta(days=3)
    return Invented(email, account, profile, role, sessions[: draw.randint(1, 2)] if signed_in else [])


def _account(draw: random.Random, now: datetime) -> tuple[dict[str, Any], timedelta | None]:
    age = timedelta(days=_MONTHS * draw.random() ** 1.5, seconds=draw.randrange(86400))
    made = now - age
    account: dict[str, Any] = {"created_at": made, "updated_at": made, "active": True}
    if draw.random() < 0.9:
        account["confirmed_at"] = made + age * 0.01
    away: timedelta | None = None
    if draw.random() < 0.88:  # the others have never signed in
        away = now - _at_work(draw, now - age * draw.random() ** 3, made, now)
        before = away + (age - away) * draw.random()
        account |= {"current_login_at": now - away, "last_login_at": now - before}
        account |= {"current_login_ip": _address(draw), "last_login_ip": _address(draw)}
        account["login_count"] = draw.randrange(2, 3 + age.days)
    chance = draw.random()
    if chance < 0.06:
        account |= {"active": False, "suspended_reason": draw.choice(names.REASONS)}
    elif chance < 0.10:
        account |= {
            "failed_logins": draw.randrange(5, 12),
            "locked_until": now + timedelta(hours=draw.randrange(1, 48)),
        }
    elif chance < 0.16:
        account["failed_logins"] = draw.randrange(1, 4)
    return account, away


def _at_work(draw: random.Random, time: datetime, earliest: datetime, now: datetime) -> datetime:
    """Return a time near another, mostly on a working day and in its middle."""
    day = time.replace(hour=0, minute=0, second=0, microsecond=0)
    if day.weekday() >= 5 and draw.random() < 0.8:
        day -= timedelta(days=day.weekday() - 4)
    moved = day + timedelta(hours=draw.choices(range(24), OFTEN)[0], seconds=draw.randrange(3600))
    if moved >= now:
        moved -= timedelta(days=3 if day.weekday() == 0 else 1)
    return moved if moved > earliest else time


def _address(draw: random.Random) -> str:
    # Networks that are reserved for examples.
    if draw.random() < 0.2:
        return f"2001:db8::{draw.randrange(1, 0xFFFF):x}"
    return f"{draw.choice(('192.0.2', '198.51.100', '203.0.113'))}.{draw.randrange(1, 255)}"
