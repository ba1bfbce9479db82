"""F-17, F-18 and A-056: what is counted while many sign in at once, rightly and wrongly."""

from __future__ import annotations

from itertools import groupby

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from flask_identity.core import names
from flask_identity.core.lockout import Lockout
from tests.races import calls
from tests.races.invariants import assert_hold
from tests.races.site import PASSWORD, Attempt, Site, User, open_site

pytestmark = pytest.mark.races

ADA = "ada@example.com"
ALLOWED = 5
SLOW = {"IDENTITY_ARGON2_MEMORY": 4096, "IDENTITY_ARGON2_TIME": 4}
"""Hashes that take long enough for many to be asked for meanwhile."""


@pytest.fixture
def ada(url):
    with open_site(url, **SLOW) as site, site.app.app_context():
        site.identity.datastore.create_user(ADA, PASSWORD)


def addresses(count: int) -> list[str]:
    """One network address for each caller, so that it is the lock which is met and not the limit of an address."""
    return [f"10.0.{number // 250}.{number % 250 + 1}" for number in range(count)]


def attempts(site: Site) -> list[str]:
    with Session(site.engine) as session:
        return list(session.scalars(select(Attempt.outcome).order_by(Attempt.id)))


def test_every_success_is_counted_once_and_has_a_session(crowd, url, ada, race_size, figures):
    """F-18."""
    given = [(ADA, True, "127.0.0.1")] * race_size
    race = crowd.race(url, calls.sign_in, given, IDENTITY_THROTTLE=False, **SLOW)
    figures("F-18", race, winners=race.count(200))

    race.assert_sound()
    assert race.tally() == {"200": race_size}
    assert race.evaluated == race_size
    with open_site(url) as site:
        assert_hold(site)
        with Session(site.engine) as session:
            assert session.scalars(select(User.login_count)).one() == race_size
            rows = User.metadata.tables["identity_session"]
            assert session.scalar(select(func.count()).select_from(rows)) == race_size


def test_no_more_wrong_passwords_are_evaluated_than_allowed(crowd, url, ada, race_size, figures):
    """F-17, A-056: with the real limits; the right password is refused afterwards."""
    given = [(ADA, False, address) for address in addresses(race_size)]
    race = crowd.race(url, calls.sign_in, given, **SLOW)
    with open_site(url) as site:
        with Session(site.engine) as session:
            user = session.scalars(select(User)).one()
        figures("F-17", race, winners=race.count(200), failed_logins=user.failed_logins)

        race.assert_sound()
        assert race.tally() == {"401 invalid_credentials": race_size}
        assert race.evaluated == user.failed_logins == ALLOWED
        assert user.status == "locked"
        assert_hold(site)
        right = site.client("10.9.9.9").post("/identity/login", json={"identity": ADA, "password": PASSWORD})
        assert (right.status_code, right.get_json()["response"]["error"]) == (401, "invalid_credentials")


def test_a_name_that_is_nobodys_locks_alike(crowd, url, ada, race_size):
    """F-17, A-056: the same number of hashes, the same answers."""
    given = [("Nobody@Example.com", False, address) for address in addresses(race_size)]
    race = crowd.race(url, calls.sign_in, given, **SLOW)

    race.assert_sound()
    assert race.tally() == {"401 invalid_credentials": race_size}
    assert race.evaluated == ALLOWED
    with open_site(url) as site:
        assert_hold(site)
        throttle = User.metadata.tables["identity_throttle"]
        key = Lockout.key(None, names.email("nobody@example.com"))
        with Session(site.engine) as session:
            wanted = select(throttle.c["count"], throttle.c.locked_until).where(throttle.c.key == key)
            failures, locked_until = session.execute(wanted).one()
        assert failures == ALLOWED
        assert locked_until


@pytest.mark.parametrize("every", [2, 4])
def test_right_and_wrong_passwords_mixed_never_get_more_failures_in_a_row_than_allowed(crowd, url, ada, every):
    """F-17, A-056: one right password in `every`; no more failures between two successes than there may be."""
    given = [(ADA, number % every == 0, "127.0.0.1") for number in range(128)]
    race = crowd.race(url, calls.sign_in, given, IDENTITY_THROTTLE=False, **SLOW)

    race.assert_sound()
    assert set(race.tally()) <= {"200", "401 invalid_credentials"}
    with open_site(url) as site:
        outcomes = attempts(site)
        assert len(outcomes) == race.evaluated
        assert outcomes.count("right") == race.count(200)
        runs = [(outcome, len(list(run))) for outcome, run in groupby(outcomes)]
        longest = max((length for outcome, length in runs if outcome == "failed"), default=0)
        assert longest <= ALLOWED
        assert ("failed", ALLOWED) not in runs[:-1], "somebody was let in after the account had locked"
        with Session(site.engine) as session:
            user = session.scalars(select(User)).one()
            assert user.login_count == race.count(200)
            assert user.failed_logins == (runs[-1][1] if runs[-1][0] == "failed" else 0)
        assert_hold(site)
