"""F-17, F-18 and A-056: what is counted while many sign in at once, rightly and wrongly."""

from __future__ import annotations

from itertools import groupby

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from flask_identity.core import names
from flask_identity.core.lockout import Lockout
from tests.races import calls
from tests.races.arena import mixed_too
from tests.races.crowd import CONTENDERS
from tests.races.site import PASSWORD, User

pytestmark = pytest.mark.races

ALLOWED = 5
SLOW = {"IDENTITY_ARGON2_MEMORY": 4096, "IDENTITY_ARGON2_TIME": 4}
"""Hashes that take long enough for many to be asked for meanwhile."""


@pytest.fixture
def slow(arena, sites):
    """An application that makes records which take long to compare, with the real limits."""
    return sites.open(arena.url, arena.orms[0], **SLOW)


def addresses(number, count=CONTENDERS):
    """One network address for each caller, so that it is the lock which is met and not the limit of an address."""
    return [f"10.{number}.{each // 250}.{each % 250 + 1}" for each in range(count)]


def forget_limits(arena):
    """Let a round begin as if nobody had asked before: many of them come to more than a whole site may in a minute."""
    throttle = User.metadata.tables["identity_throttle"]
    with arena.site.engine.begin() as connection:
        connection.execute(throttle.delete().where(throttle.c.key.startswith("limit:")))


def row_of(arena, email):
    with Session(arena.site.engine) as session:
        return session.scalars(select(User).where(User.email == email)).one()


@mixed_too
def test_every_success_is_counted_once_and_has_a_session(arena):
    """F-18, F-30, R-42."""
    sessions = User.metadata.tables["identity_session"]

    def contest(number):
        email = f"a{number}@example.com"
        user_id = arena.site.person(email)
        race = arena.race(calls.sign_in, [(email, True, "127.0.0.1")] * CONTENDERS)

        assert race.tally() == {"200": CONTENDERS}
        assert race.evaluated == CONTENDERS
        assert row_of(arena, email).login_count == CONTENDERS
        with Session(arena.site.engine) as session:
            wanted = select(func.count()).select_from(sessions).where(sessions.c.user_id == user_id)
            assert session.scalar(wanted) == CONTENDERS

    arena.rounds("F-18 right passwords for one account", contest)


@mixed_too
def test_no_more_wrong_passwords_are_evaluated_than_allowed(arena, slow):
    """F-17, F-30, A-056: with the real limits; the right password is refused afterwards."""

    def contest(number):
        email = f"a{number}@example.com"
        forget_limits(arena)
        slow.person(email)
        given = [(email, False, address) for address in addresses(number)]
        race = arena.race(calls.sign_in, given, IDENTITY_THROTTLE=True, **SLOW)

        user = row_of(arena, email)
        assert race.tally() == {"401 invalid_credentials": CONTENDERS}
        assert race.evaluated == user.failed_logins == ALLOWED
        assert user.status == "locked"
        client = slow.client(f"10.{number}.9.9")
        right = client.post("/identity/login", json={"identity": email, "password": PASSWORD})
        assert (right.status_code, right.get_json()["response"]["error"]) == (401, "invalid_credentials")

    arena.rounds("F-17 wrong passwords for one account", contest)


def test_a_name_that_is_nobodys_locks_alike(arena):
    """F-17, A-056: the same number of hashes, the same answers."""
    throttle = User.metadata.tables["identity_throttle"]

    def contest(number):
        forget_limits(arena)
        name = f"Nobody{number}@Example.com"
        given = [(name, False, address) for address in addresses(number)]
        race = arena.race(calls.sign_in, given, IDENTITY_THROTTLE=True, **SLOW)

        assert race.tally() == {"401 invalid_credentials": CONTENDERS}
        assert race.evaluated == ALLOWED
        with Session(arena.site.engine) as session:
            key = Lockout.key(None, names.email(name))
            wanted = select(throttle.c["count"], throttle.c.locked_until).where(throttle.c.key == key)
            failures, locked_until = session.execute(wanted).one()
        assert failures == ALLOWED
        assert locked_until

    arena.rounds("F-17 wrong passwords for nobody's name", contest)


def test_right_and_wrong_passwords_mixed_never_get_more_failures_in_a_row_than_allowed(arena, slow):
    """F-17, A-056: one right password in two, or in four; no more failures between two successes than there may be."""

    def contest(number):
        email, every = f"a{number}@example.com", 2 + number % 2 * 2
        slow.person(email)
        before = max((noted.id for noted in arena.site.attempts()), default=0)
        given = [(email, each % every == 0, "127.0.0.1") for each in range(CONTENDERS)]
        race = arena.race(calls.sign_in, given, **SLOW)

        assert set(race.tally()) <= {"200", "401 invalid_credentials"}
        outcomes = [noted.outcome for noted in arena.site.attempts(before)]
        assert len(outcomes) == race.evaluated
        assert outcomes.count("right") == race.count(200)
        runs = [(outcome, len(list(run))) for outcome, run in groupby(outcomes)]
        assert max((length for outcome, length in runs if outcome == "failed"), default=0) <= ALLOWED
        assert ("failed", ALLOWED) not in runs[:-1], "somebody was let in after the account had locked"
        user = row_of(arena, email)
        assert user.login_count == race.count(200)
        assert user.failed_logins == (runs[-1][1] if runs[-1][0] == "failed" else 0)

    arena.rounds("F-17 right and wrong passwords mixed", contest, few=2)
