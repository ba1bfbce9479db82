"""F-24, F-28: administrators against each other, and edits against edits."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.races import calls
from tests.races.invariants import assert_hold
from tests.races.site import User

pytestmark = pytest.mark.races

A, B = "a@example.com", "b@example.com"


@pytest.fixture(params=["sqlalchemy-sqlite", "pony-sqlite"])
def cell(request):
    """Two: the same rules are raced for in all of them elsewhere, one change at a time."""
    return request.param


@dataclass
class Cast:
    """Two people who are signed in."""

    cookies: tuple[str, str]
    ids: tuple[int, int]


def cast(site, roles=("admin",)):
    ids = tuple(site.person(email, roles=roles) for email in (A, B))
    return Cast((site.sign_in(A), site.sign_in(B)), ids)


def sent(cookie, method, path, body=None):
    return ("request", (cookie, method, f"/identity{path}", body, 0))


EACH_OTHER = {
    "delete": lambda cookie, other: sent(cookie, "DELETE", f"/delete_user?id={other}"),
    "demote": lambda cookie, other: sent(cookie, "PUT", "/edit_user", {"id": other, "role": "user"}),
    "suspend": lambda cookie, other: sent(cookie, "PUT", "/update_status", {"id": other, "status": "suspended"}),
    "demote in bulk": lambda cookie, other: sent(
        cookie, "POST", "/users/bulk", {"ids": [other], "action": "set_role", "role": "user"}
    ),
    "delete in bulk": lambda cookie, other: sent(cookie, "POST", "/users/bulk", {"ids": [other], "action": "delete"}),
}


@pytest.mark.parametrize("how", [*EACH_OTHER, "bulk against single"])
def test_of_two_administrators_who_turn_on_each_other_one_remains(arena, how):
    """S-082, S-119: the loser gets 401, 403 or 409."""
    people = cast(arena.site)
    (first, second), (one, two) = people.cookies, people.ids
    mine, theirs = ("demote", "delete in bulk") if how == "bulk against single" else (how, how)
    race = arena.race(
        calls.either,
        [EACH_OTHER[mine](first, two), EACH_OTHER[theirs](second, one)] * 8,
    )

    assert {outcome.status for outcome in race.outcomes} <= {200, 401, 403, 404, 409}, race.tally()
    assert_hold(arena.site)
    with Session(arena.site.engine) as session:
        users = session.scalars(select(User)).all()
        assert sum(bool(user.active) and user.role == "admin" for user in users) == 1


def test_of_many_edits_of_one_version_one_is_kept(arena):
    """F-28: one 200, every other 409; in bulk or single."""
    people = cast(arena.site, roles=("admin",))
    bodies = [{"id": people.ids[1], "version": 1, "profile": {"bio": f"by {number}"}} for number in range(32)]
    race = arena.race(
        calls.either,
        [sent(people.cookies[number % 2], "PUT", "/edit_user", body) for number, body in enumerate(bodies)],
        IDENTITY_TRACKABLE=False,
    )

    won = [outcome.given[1][3]["profile"]["bio"] for outcome in race.outcomes if outcome.status == 200]
    assert race.tally() in ({"200": 1, "409 changed_meanwhile": 31},), race.tally()
    assert_hold(arena.site)
    with Session(arena.site.engine) as session:
        user = session.get_one(User, people.ids[1])
        assert (user.version, [user.profile.bio]) == (2, won)


def test_of_many_who_want_one_address_one_gets_it(arena):
    """F-24, A-110: also where both leave an address that the other takes."""
    people = cast(arena.site, roles=("user",))
    wanted = [{"email": f"x{number // 8}@example.com"} for number in range(32)]
    race = arena.race(
        calls.either,
        [sent(people.cookies[number % 2], "PUT", "/edit_user", body) for number, body in enumerate(wanted)],
    )

    assert set(race.tally()) <= {"200", "409 email_taken"}
    assert_hold(arena.site)
    with Session(arena.site.engine) as session:
        emails = session.scalars(select(User.email).order_by(User.id)).all()
        assert len(set(emails)) == 2
        assert all(email.startswith("x") for email in emails)


def test_bulk_and_single_changes_of_the_same_people_leave_nothing_half(arena):
    """S-118, F-28."""
    people = cast(arena.site)
    ids = [arena.site.person(f"p{number}@example.com") for number in range(6)]
    each = [
        sent(people.cookies[0], "POST", "/users/bulk", {"ids": ids, "action": "suspend"}),
        sent(people.cookies[1], "POST", "/users/bulk", {"ids": ids[::-1], "action": "activate"}),
        sent(people.cookies[0], "POST", "/users/bulk", {"ids": ids, "action": "set_role", "role": "admin"}),
        sent(people.cookies[1], "PUT", "/update_status", {"id": ids[0], "status": "suspended"}),
        sent(people.cookies[0], "PUT", "/edit_user", {"id": ids[1], "profile": {"bio": "x"}}),
        sent(people.cookies[1], "DELETE", f"/delete_user?id={ids[2]}"),
        sent(people.cookies[0], "POST", "/users/bulk", {"ids": ids[3:], "action": "delete"}),
    ]
    race = arena.race(calls.either, each * 3)

    assert {outcome.status for outcome in race.outcomes} <= {200, 404}, race.tally()
    assert_hold(arena.site)
    with Session(arena.site.engine) as session:
        assert not {user.id for user in session.scalars(select(User))} & set(ids[2:])
