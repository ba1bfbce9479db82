"""F-23 and its like: of several who change the same thing at once, the database lets the right number through."""

from __future__ import annotations

from collections import Counter

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.races import calls
from tests.races.arena import mixed_too
from tests.races.crowd import CONTENDERS
from tests.races.site import Role, User

pytestmark = pytest.mark.races

ADA = "ada@example.com"
PAIRS, ROLES = User.metadata.tables["user_role"], Role.__table__
AGAINST = {
    "suspend": lambda user_id: ("PUT", "/identity/update_status", {"id": user_id, "status": "suspended"}),
    "demote": lambda user_id: ("PUT", "/identity/edit_user", {"id": user_id, "role": "user"}),
    "delete": lambda user_id: ("DELETE", f"/identity/delete_user?id={user_id}", None),
}


def against(how, cookie, user_id):
    return (cookie, *AGAINST[how](user_id), 0)


@mixed_too
@pytest.mark.parametrize("how", [*AGAINST, "any"])
def test_two_administrators_who_turn_on_each_other_leave_one(arena, how):
    """F-23, F-30: the losers are told 401, 403, 404 or 409."""
    site = arena.site

    def contest(number):
        emails = [f"a{number}@example.com", f"b{number}@example.com"]
        one, other = (site.person(email, roles=["admin"]) for email in emails)
        cookies = [site.sign_in(email) for email in emails]
        ways = list(AGAINST) if how == "any" else [how]
        given = [
            against(ways[each // 2 % len(ways)], cookies[each % 2], (other, one)[each % 2])
            for each in range(CONTENDERS)
        ]
        race = arena.race(calls.request, given)

        assert {outcome.status for outcome in race.outcomes} <= {200, 401, 403, 404, 409}, race.tally()
        winners = {outcome.given[0] for outcome in race.outcomes if outcome.status == 200}
        assert len(winners) == 1
        with site.app.app_context():
            left = site.store.admins("admin")
            assert left == [(one, other)[cookies.index(*winners)]]
            # Who stays is no administrator of the next round.
            site.identity.datastore.delete_user(site.identity.datastore.find_user(id=left[0]))

    named = "suspend, demote or delete" if how == "any" else how
    arena.rounds(f"F-23 two administrators {named} each other", contest, administrator=False)


@mixed_too
def test_a_ring_of_administrators_who_suspend_each_other_leaves_one(arena):
    """F-23, F-30."""
    emails = [f"a{each}@example.com" for each in range(16)]
    ids = [arena.site.person(email, roles=["admin"]) for email in emails]
    by = {ids[(each + 1) % 16]: ids[each] for each in range(16)}

    def contest(_):
        with arena.site.engine.begin() as connection:
            connection.execute(User.__table__.update().values(active=True))
        cookies = [arena.site.sign_in(email) for email in emails]
        before = arena.site.attempts()[-1].id
        given = [against("suspend", cookies[each % 16], ids[(each + 1) % 16]) for each in range(CONTENDERS)]
        race = arena.race(calls.request, given)

        assert {outcome.status for outcome in race.outcomes} <= {200, 401, 403, 409}
        with Session(arena.site.engine) as session:
            assert session.scalar(select(func.count()).select_from(User).where(User.active.is_(True)))
        suspended = [noted.user_id for noted in arena.site.attempts(before) if noted.outcome == "status"]
        assert suspended
        for position, user_id in enumerate(suspended):
            assert by[user_id] not in suspended[:position], "somebody suspended already had a say"

    arena.rounds("F-23 a ring of sixteen administrators", contest)


@mixed_too
def test_a_role_is_given_once_and_taken_once(arena):
    """F-30."""
    arena.site.person(ADA)
    with arena.site.app.app_context():
        arena.site.identity.datastore.create_role("editor")

    def contest(number):
        name = ("add_role_to_user", "remove_role_from_user")[number % 2]
        race = arena.race(calls.verb, [(name, ADA, ("editor",), 0)] * CONTENDERS)

        assert Counter(outcome.note for outcome in race.outcomes) == {True: 1, False: CONTENDERS - 1}

    arena.rounds("a role given, and taken", contest, few=2)


@mixed_too
def test_a_role_made_on_first_need_by_many_is_made_once(arena):
    """F-30."""
    emails = [f"u{each}@example.com" for each in range(CONTENDERS)]
    for email in emails:
        arena.site.person(email)

    def contest(_):
        with arena.site.engine.begin() as connection:
            connection.execute(PAIRS.delete())
            connection.execute(ROLES.delete())
        race = arena.race(calls.verb, [("add_role_to_user", email, ("admin",), 0) for email in emails])

        assert Counter(outcome.note for outcome in race.outcomes) == {True: CONTENDERS}
        with Session(arena.site.engine) as session:
            assert session.scalars(select(Role.name)).all() == ["admin"]

    arena.rounds("a role made on first need", contest)


def test_a_role_of_one_name_is_created_once(arena):
    def contest(number):
        race = arena.race(calls.verb, [("create_role", "", (f"editor{number}",), 0)] * CONTENDERS)
        assert race.tally() == {"200": 1, "409 already_there": CONTENDERS - 1}

    arena.rounds("a role created", contest)


@mixed_too
def test_a_status_is_changed_once(arena):
    """F-30, R-47."""
    arena.site.person(ADA)

    def contest(number):
        name = ("deactivate_user", "activate_user")[number % 2]
        race = arena.race(calls.verb, [(name, ADA, (), 0)] * CONTENDERS)

        assert Counter(outcome.note for outcome in race.outcomes) == {True: 1, False: CONTENDERS - 1}

    arena.rounds("a status changed", contest, few=2)


def test_unlocking_while_passwords_fail_keeps_the_counts_together(arena):
    """F-17: what the row shows is what the throttle has, whoever came last."""
    arena.site.person(ADA)
    wrong, unlocking = ("sign_in", (ADA, False, "127.0.0.1")), ("verb", ("activate_user", ADA, (), 0))

    def contest(_):
        race = arena.race(calls.either, [wrong, wrong, wrong, unlocking] * (CONTENDERS // 4))

        assert set(race.tally()) <= {"200", "401 invalid_credentials"}

    arena.rounds("F-17 unlocking while passwords fail", contest, few=2)


def test_suspending_and_activating_while_people_sign_in_leaves_no_session_of_the_suspended(arena):
    """F-22."""
    arena.site.person(ADA)
    right = ("sign_in", (ADA, True, "127.0.0.1"))
    changes = [("verb", (name, ADA, (), 0)) for name in ("activate_user", "deactivate_user")]

    def contest(_):
        race = arena.race(calls.either, [right, changes[0], right, changes[1]] * (CONTENDERS // 4))

        assert set(race.tally()) <= {"200", "401 invalid_credentials"}

    arena.rounds("F-22 suspending while people sign in", contest, few=2, suspended_between=True)


def test_deleting_while_people_sign_in_leaves_nothing_behind(arena):
    """F-22, A-055: deleted once, and no session or profile of nobody."""

    def contest(number):
        email = f"a{number}@example.com"
        arena.site.person(email)
        right, deleting = ("sign_in", (email, True, "127.0.0.1")), ("verb", ("delete_user", email, (), 0))
        race = arena.race(calls.either, [right, right, right, deleting] * (CONTENDERS // 4))

        deleted = [outcome.note for outcome in race.outcomes if outcome.given[0] == "verb"]
        assert Counter(deleted)[True] == 1

    arena.rounds("F-22 deleting while people sign in", contest)
