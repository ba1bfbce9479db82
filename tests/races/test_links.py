"""F-19, F-22, F-09: what letters carry works once, and each letter is one deliverer's."""

from __future__ import annotations

from collections import Counter

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from flask_identity import verify_password
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
        with Session(site.engine) as session:
            record = session.scalar(select(User.password).where(User.id == user_id))
        with site.app.app_context():
            assert verify_password(won, record)
        assert left(site, SESSIONS, user_id) == left(site, LINKS, user_id) == 0

    arena.rounds("F-19 a link to choose another password", contest, few=2)


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
