"""F-23 and its like: of several who change the same thing at once, the database lets the right number through."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from flask_identity import verify_password
from tests.races import calls
from tests.races.invariants import assert_hold
from tests.races.site import PASSWORD, Attempt, Role, Site, User, open_site

pytestmark = pytest.mark.races

ADA = "ada@example.com"
NEW = "staples of another horse"
QUIET = {"IDENTITY_THROTTLE": False}


@pytest.fixture
def site(url):
    with open_site(url, **QUIET) as made:
        yield made


def administrators(site: Site, count: int) -> list[tuple[int, str]]:
    """Id and session of so many administrators."""
    made = []
    with site.app.app_context():
        for number in range(count):
            made.append(site.identity.datastore.create_user(f"a{number}@example.com", PASSWORD, roles=["admin"]).id)
    return [(user_id, site.sign_in(f"a{number}@example.com")) for number, user_id in enumerate(made)]


def suspend(cookie: str, user_id: int) -> Any:
    return (cookie, "PUT", "/identity/update_status", {"id": user_id, "status": "suspended"}, 0)


def active(site: Site) -> int:
    with Session(site.engine) as session:
        return session.scalar(select(func.count()).select_from(User).where(User.active.is_(True))) or 0


def test_two_administrators_who_suspend_each_other_never_both_succeed(crowd, url, site, race_rounds):
    """F-23: the loser is told 401, 403 or 409."""
    (one, _), (other, _) = administrators(site, 2)
    for _ in range(race_rounds):
        with site.app.app_context():
            for user_id in (one, other):
                site.identity.datastore.activate_user(site.identity.datastore.find_user(id=user_id))
        cookies = [site.sign_in(f"a{number}@example.com") for number in range(2)]
        race = crowd.race(url, calls.request, [suspend(cookies[0], other), suspend(cookies[1], one)], **QUIET)

        race.assert_sound()
        assert race.count(200) == 1
        assert {outcome.status for outcome in race.outcomes} <= {200, 401, 403, 409}
        assert active(site) == 1
        assert_hold(site)


def test_a_ring_of_administrators_who_suspend_each_other_leaves_one(crowd, url, site):
    """F-23."""
    ring = administrators(site, 16)
    given = [suspend(cookie, ring[(number + 1) % 16][0]) for number, (_, cookie) in enumerate(ring)]
    race = crowd.race(url, calls.request, given * 4, **QUIET)

    race.assert_sound()
    assert {outcome.status for outcome in race.outcomes} <= {200, 401, 403, 409}
    assert active(site) >= 1
    with Session(site.engine) as session:
        noted = session.scalars(select(Attempt.outcome).where(Attempt.outcome.not_in(["right"])).order_by(Attempt.id))
        suspended = [int(user_id) for user_id in noted]
    assert suspended
    by = {ring[(number + 1) % 16][0]: ring[number][0] for number in range(16)}
    for position, user_id in enumerate(suspended):
        assert by[user_id] not in suspended[:position], "somebody suspended already had a say"
    assert_hold(site)


def test_of_several_password_changes_at_once_one_wins(crowd, url, site):
    """F-22: and the password that works afterwards is that of the answer that said so."""
    with site.app.app_context():
        site.identity.datastore.create_user(ADA, PASSWORD)
    cookies = [site.sign_in(ADA) for _ in range(16)]
    given = [
        (cookie, "POST", "/identity/change_password", {"password": PASSWORD, "new_password": f"{number} {NEW}"}, 0)
        for number, cookie in enumerate(cookies)
    ]
    race = crowd.race(url, calls.request, given, **QUIET)

    race.assert_sound()
    assert {outcome.status for outcome in race.outcomes} <= {200, 400, 401}
    (won,) = [outcome.given[3]["new_password"] for outcome in race.outcomes if outcome.status == 200]
    with site.app.app_context():
        record = site.identity.datastore.find_user(email=ADA).password
        assert verify_password(record, won)
        rows = User.metadata.tables["identity_session"]
        with Session(site.engine) as session:
            assert session.scalar(select(func.count()).select_from(rows)) == 1
    assert_hold(site)


def test_a_role_is_given_once_and_taken_once(crowd, url, site):
    with site.app.app_context():
        site.identity.datastore.create_user(ADA, PASSWORD)
        site.identity.datastore.create_role("editor")
    for name in ("add_role_to_user", "remove_role_from_user"):
        race = crowd.race(url, calls.verb, [(name, ADA, ("editor",), 0)] * 64, **QUIET)
        race.assert_sound()
        assert Counter(outcome.note for outcome in race.outcomes) == {True: 1, False: 63}
        assert_hold(site)


def test_a_role_made_on_first_need_by_many_is_made_once(crowd, url, site):
    with site.app.app_context():
        for number in range(32):
            site.identity.datastore.create_user(f"u{number}@example.com", PASSWORD)
    given = [("add_role_to_user", f"u{number}@example.com", ("admin",), 0) for number in range(32)]
    race = crowd.race(url, calls.verb, given, **QUIET)

    race.assert_sound()
    assert Counter(outcome.note for outcome in race.outcomes) == {True: 32}
    with Session(site.engine) as session:
        assert sorted(session.scalars(select(Role.name))) == ["admin", "user"]
    assert_hold(site)


def test_a_role_of_one_name_is_created_once(crowd, url, site):
    race = crowd.race(url, calls.verb, [("create_role", "", ("editor",), 0)] * 64, **QUIET)
    race.assert_sound()
    assert race.tally() == {"200": 1, "409 already_there": 63}
    assert_hold(site)


@pytest.mark.parametrize(("name", "back"), [("deactivate_user", "activate_user"), ("activate_user", "deactivate_user")])
def test_a_status_is_changed_once(crowd, url, site, name, back):
    with site.app.app_context():
        ada = site.identity.datastore.create_user(ADA, PASSWORD)
        getattr(site.identity.datastore, back)(ada)
    race = crowd.race(url, calls.verb, [(name, ADA, (), 0)] * 64, **QUIET)

    race.assert_sound()
    assert Counter(outcome.note for outcome in race.outcomes) == {True: 1, False: 63}
    assert_hold(site)


def test_unlocking_while_passwords_fail_keeps_the_counts_together(crowd, url, site):
    """F-17: what the row shows is what the throttle has, whoever came last."""
    with site.app.app_context():
        site.identity.datastore.create_user(ADA, PASSWORD)
    wrong = [("sign_in", (ADA, False, "127.0.0.1"))] * 96
    unlocking = [("verb", ("activate_user", ADA, (), 0))] * 32
    given = [each for number in range(32) for each in (*wrong[number * 3 : number * 3 + 3], unlocking[number])]
    race = crowd.race(url, calls.either, given, **QUIET)

    race.assert_sound()
    assert set(race.tally()) <= {"200", "401 invalid_credentials"}
    assert_hold(site)


def test_suspending_and_activating_while_people_sign_in_leaves_no_session_of_the_suspended(crowd, url, site):
    """F-22."""
    with site.app.app_context():
        site.identity.datastore.create_user(ADA, PASSWORD)
    given: list[Any] = []
    for number in range(32):
        given += [("sign_in", (ADA, True, "127.0.0.1"))] * 2
        given.append(("verb", ("deactivate_user" if number % 2 else "activate_user", ADA, (), 0)))
    race = crowd.race(url, calls.either, given, **QUIET)
    race.assert_sound()
    assert set(race.tally()) <= {"200", "401 invalid_credentials"}
    assert_hold(site, suspended_between=True)


def test_deleting_while_people_sign_in_leaves_nothing_behind(crowd, url, site):
    """F-22, A-055: deleted once, and no session or profile of nobody."""
    with site.app.app_context():
        site.identity.datastore.create_user(ADA, PASSWORD)
    given: list[Any] = []
    for _ in range(16):
        given += [("sign_in", (ADA, True, "127.0.0.1"))] * 3 + [("verb", ("delete_user", ADA, (), 0))]
    race = crowd.race(url, calls.either, given, **QUIET)

    race.assert_sound()
    deleted = [outcome for outcome in race.outcomes if outcome.given[0] == "verb"]
    assert Counter(outcome.note for outcome in deleted)[True] == 1
    assert_hold(site)
