"""F-19, F-24, F-28: what may happen once, happens once."""

from __future__ import annotations

from collections import Counter

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from flask_identity import verify_password
from flask_identity.base.ports import Kind
from tests.contracts.rows import throttle
from tests.races import calls
from tests.races.arena import mixed_too
from tests.races.crowd import CONTENDERS
from tests.races.site import PASSWORD, User

pytestmark = pytest.mark.races

NEW = "staples of another horse"
SESSIONS = User.metadata.tables["identity_session"]


def row_of(arena, email):
    with Session(arena.site.engine) as session:
        return session.scalars(select(User).where(User.email == email)).one()


@mixed_too
def test_a_row_that_may_be_taken_once_is_taken_once(arena):
    """F-19, F-30: as one-time secrets are."""

    def contest(number):
        with arena.site.app.app_context():
            arena.site.store.add(Kind.THROTTLE, throttle(f"k{number}"))
        race = arena.race(calls.take, [(Kind.THROTTLE, {"key": f"k{number}"})] * CONTENDERS)

        assert Counter(outcome.note for outcome in race.outcomes) == {True: 1, False: CONTENDERS - 1}

    arena.rounds("F-19 a row taken", contest)


@mixed_too
def test_a_session_goes_on_under_one_new_secret(arena):
    """F-19, F-30."""

    def contest(number):
        email = f"a{number}@example.com"
        arena.site.person(email)
        session_id = arena.site.sign_in(email).partition(".")[0]
        race = arena.race(calls.renew, [session_id] * CONTENDERS)

        assert Counter(outcome.note for outcome in race.outcomes) == {True: 1, False: CONTENDERS - 1}
        with Session(arena.site.engine) as session:
            assert session.scalar(select(func.count()).select_from(SESSIONS)) == number + 1

    arena.rounds("F-19 a session renewed", contest)


@mixed_too
def test_of_many_password_changes_from_the_same_old_one_one_wins(arena):
    """F-22, F-30: and the password that works afterwards is that of the answer that said so."""

    def contest(number):
        email = f"a{number}@example.com"
        user_id = arena.site.person(email)
        cookies = [arena.site.sign_in(email) for _ in range(8)]
        bodies = [{"password": PASSWORD, "new_password": f"{each} {NEW}"} for each in range(CONTENDERS)]
        race = arena.race(
            calls.request,
            [(cookies[each % 8], "POST", "/identity/change_password", body, 0) for each, body in enumerate(bodies)],
        )

        assert {outcome.status for outcome in race.outcomes} <= {200, 400, 401}
        (won,) = [outcome.given[3]["new_password"] for outcome in race.outcomes if outcome.status == 200]
        with arena.site.app.app_context():
            assert verify_password(won, row_of(arena, email).password)
        with Session(arena.site.engine) as session:
            mine = select(func.count()).select_from(SESSIONS).where(SESSIONS.c.user_id == user_id)
            assert session.scalar(mine) == 1

    arena.rounds("F-22 a password changed from the same old one", contest)


@mixed_too
def test_one_address_goes_to_one_of_many_who_change_to_it(arena):
    """F-24, F-30."""
    many = CONTENDERS // 2
    ids = [arena.site.person(f"a{each}@example.com") for each in range(many)]
    cookies = [arena.site.sign_in(f"a{each}@example.com") for each in range(many)]

    def contest(number):
        email = f"x{number}@example.com"
        bodies = [{"id": user_id, "email": email} for user_id in ids]
        race = arena.race(
            calls.request,
            [
                (cookies[each % many], "PUT", "/identity/edit_user", bodies[each % many], 0)
                for each in range(CONTENDERS)
            ],
        )

        assert set(race.tally()) <= {"200", "409 email_taken"}
        assert len({outcome.given[0] for outcome in race.outcomes if outcome.status == 200}) == 1
        assert row_of(arena, email).id in ids

    arena.rounds("F-24 one address taken by many", contest)


@mixed_too
def test_an_account_whose_address_changes_many_times_at_once_has_one_of_them(arena):
    """F-24, F-30, A-110: and that is free for nobody else, and the others are."""

    def contest(number):
        user_id = arena.site.person(f"a{number}@example.com")
        cookies = [arena.site.sign_in(f"a{number}@example.com") for _ in range(2)]
        bodies = [{"id": user_id, "email": f"x{number}-{each}@example.com"} for each in range(CONTENDERS)]
        race = arena.race(
            calls.request,
            [(cookies[each % 2], "PUT", "/identity/edit_user", body, 0) for each, body in enumerate(bodies)],
        )

        won = {outcome.given[3]["email"] for outcome in race.outcomes if outcome.status == 200}
        with Session(arena.site.engine) as session:
            assert session.scalar(select(User.email).where(User.id == user_id)) in won
            assert session.scalar(select(func.count()).select_from(User)) == number + 1
        assert race.tally() == {"200": CONTENDERS}

    arena.rounds("F-24 one account's address changed", contest)


@mixed_too
def test_of_many_edits_with_one_version_one_is_made(arena):
    """F-28, F-30: an administrator's and the user's own."""
    arena.site.person("root@example.com", roles=["admin"])
    root = arena.site.sign_in("root@example.com")

    def contest(number):
        email = f"a{number}@example.com"
        user_id = arena.site.person(email)
        cookies = [root, arena.site.sign_in(email)]
        version = row_of(arena, email).version
        bodies = [
            {"id": user_id, "version": version, "profile": {"full_name": f"{each}"}} for each in range(CONTENDERS)
        ]
        race = arena.race(
            calls.request,
            [(cookies[each % 2], "PUT", "/identity/edit_user", body, 0) for each, body in enumerate(bodies)],
        )

        assert race.tally() == {"200": 1, "409 changed_meanwhile": CONTENDERS - 1}
        (won,) = [outcome.given[3]["profile"]["full_name"] for outcome in race.outcomes if outcome.status == 200]
        profiles = User.metadata.tables["identity_profile"]
        with Session(arena.site.engine) as session:
            assert session.scalar(select(profiles.c.full_name).where(profiles.c.user_id == user_id)) == won
        assert row_of(arena, email).version == version + 1

    arena.rounds("F-28 edits with one version", contest)
