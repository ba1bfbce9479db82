"""F-19, F-22, F-09: what letters carry works once, and each letter is one deliverer's."""

from __future__ import annotations

from collections import Counter

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from flask_identity import testing, verify_password
from flask_identity.base.ports import Kind
from flask_identity.core.outbox import PASSWORD_CHANGED, Outbox
from tests.races import calls
from tests.races.arena import mixed_too
from tests.races.crowd import CONTENDERS
from tests.races.site import User
from tests.races.test_revoking import assert_nothing_late

pytestmark = pytest.mark.races

LETTERS = {
    "IDENTITY_RECOVERABLE": True,
    "IDENTITY_MAIL_URL": "memory:",
    "IDENTITY_BASE_URL": "http://localhost",
}
CONFIRMED = {**LETTERS, "IDENTITY_CONFIRMABLE": True}
SESSIONS, LINKS = (User.metadata.tables[f"identity_{name}"] for name in ("session", "one_time"))
NEW = "staples of another horse"
USERS = CONTENDERS - 1
DUE = 12


def links(site, email, many=1):
    """Links to choose another password, as so many letters have them."""
    services = site.app.extensions["flask_identity"].services
    with site.app.app_context(), services.store.unit():
        user = services.store.first(Kind.USER, {"email": email}, lock=True)
        return [f"/identity/reset_password/{services.one_time.issue(user, 'reset', 3600).value}" for _ in range(many)]


def left(site, table, user_id):
    with Session(site.engine) as session:
        return session.scalar(select(func.count()).select_from(table).where(table.c.user_id == user_id))


def opens(site, email, password):
    with Session(site.engine) as session, site.app.app_context():
        return verify_password(password, session.scalar(select(User.password).where(User.email == email)))


@mixed_too
def test_of_many_who_use_the_links_of_an_account_one_chooses_the_password(arena):
    """F-19, F-30, S-031: one link many times over, then each a link of its own; and no link or session is left."""
    site = arena.site

    def contest(number):
        email = f"a{number}@example.com"
        user_id = site.person(email)
        site.sign_in(email)
        paths = links(site, email, CONTENDERS if number % 2 else 1)
        bodies = [{"password": f"{each} {NEW}"} for each in range(CONTENDERS)]
        given = [(None, "POST", paths[each % len(paths)], body, 0) for each, body in enumerate(bodies)]
        race = arena.race(calls.request, given, **LETTERS)

        assert race.tally() == {"200": 1, "404 link_expired": CONTENDERS - 1}
        (won,) = [outcome.given[3]["password"] for outcome in race.outcomes if outcome.status == 200]
        assert opens(site, email, won)
        assert left(site, SESSIONS, user_id) == left(site, LINKS, user_id) == 0

    arena.rounds("F-19 a link to choose another password", contest, few=2)


@mixed_too
def test_of_many_sign_ups_under_an_address_the_link_followed_first_brings_its_password(arena, sites):
    """F-16, F-19, F-30: whoever signed up first, last or more often."""
    site = sites.open(arena.url, arena.orms[0], IDENTITY_THROTTLE=False, **CONFIRMED)

    def contest(number):
        email = f"a{number}@example.com"
        testing.outbox.clear()
        passwords = [f"{each} {NEW}" for each in range(CONTENDERS)]
        for password in passwords:
            body = {"email": email, "password": password}
            assert site.client().post("/identity/register", json=body).status_code == 200
        paths = [(letter.link or "").removeprefix("http://localhost") for letter in testing.outbox]
        race = arena.race(calls.request, [(None, "POST", path, {}, 0) for path in paths], **CONFIRMED)

        assert race.tally() == {"200": 1, "404 link_expired": CONTENDERS - 1}
        (won,) = [outcome.given[2] for outcome in race.outcomes if outcome.status == 200]
        assert opens(site, email, passwords[paths.index(won)])
        with Session(site.engine) as session:
            assert session.scalar(select(func.count()).select_from(User)) == number + 1
            assert session.scalar(select(func.count()).select_from(LINKS)) == 0

    arena.rounds("F-19 links to confirm a sign-up", contest)


@mixed_too
def test_an_invitation_is_accepted_once(arena, sites):
    """F-19, F-30."""
    site = sites.open(arena.url, arena.orms[0], IDENTITY_THROTTLE=False, **LETTERS)
    site.person("root@example.com", roles=["admin"])
    root = site.client(cookie=site.sign_in("root@example.com"))

    def contest(number):
        email = f"a{number}@example.com"
        testing.outbox.clear()
        body, own = {"email": email}, {"Sec-Fetch-Site": "same-origin"}
        assert root.post("/identity/invitations", json=body, headers=own).status_code == 200
        (letter,) = testing.outbox
        path = (letter.link or "").removeprefix("http://localhost")
        bodies = [{"password": f"{each} {NEW}"} for each in range(CONTENDERS)]
        race = arena.race(calls.request, [(None, "POST", path, body, 0) for body in bodies], **LETTERS)

        assert race.tally() == {"200": 1, "404 link_expired": CONTENDERS - 1}
        (won,) = [outcome.given[3]["password"] for outcome in race.outcomes if outcome.status == 200]
        assert opens(site, email, won)

    arena.rounds("F-19 an invitation", contest)


def test_nobody_gets_in_after_the_answer_to_a_reset(arena):
    """F-22, F-30, S-033: whoever was signed in is out once another password is chosen by a link."""
    site = arena.site

    def contest(number):
        email = f"a{number}@example.com"
        site.person(email)
        used, (path,) = site.sign_in(email), links(site, email)
        reset = ("request", (None, "POST", path, {"password": NEW}, USERS))
        race = arena.race(calls.either, [("use", (used, "/me"))] * USERS + [reset], **LETTERS)

        assert_nothing_late(race, 401)

    arena.rounds("F-22 a password chosen by a link while in use", contest)


def test_a_letter_is_given_to_one_of_many_who_deliver(arena):
    """F-09, F-30."""
    outbox = Outbox(arena.site.store, b"", on=True)

    def contest(number):
        with arena.site.app.app_context():
            for each in range(DUE):
                outbox.put(PASSWORD_CHANGED, f"a{number}-{each}@example.com")
        race = arena.race(calls.claim, [None] * CONTENDERS, **LETTERS)

        found = Counter(recipient for outcome in race.outcomes for recipient in outcome.note)
        assert found == {f"a{number}-{each}@example.com": 1 for each in range(DUE)}

    arena.rounds("F-09 letters claimed", contest)
