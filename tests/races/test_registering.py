"""F-16: one address, one account, however it is spelled and however many ask at once."""

from __future__ import annotations

import unicodedata

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.races import calls
from tests.races.invariants import assert_hold
from tests.races.site import Role, User, open_site

pytestmark = pytest.mark.races

NAME, DOMAIN = "jürgen", "bücher.example"
SPELLINGS = [
    f"{local}@{domain}"
    for local in (NAME, NAME.upper(), NAME.title(), unicodedata.normalize("NFD", NAME))
    for domain in (DOMAIN, DOMAIN.upper(), unicodedata.normalize("NFD", DOMAIN), "xn--bcher-kva.example")
]


def test_one_address_in_many_spellings_makes_one_account(crowd, url, race_size, figures):
    """F-16, S-119."""
    bodies = [{"email": SPELLINGS[number % len(SPELLINGS)], "full_name": "J"} for number in range(race_size)]
    race = crowd.race(url, calls.register, bodies, IDENTITY_THROTTLE=False)
    figures("F-16", race, winners=race.count(200))

    race.assert_sound()
    assert race.tally() == {"200": 1, "409 email_taken": race_size - 1}
    with open_site(url) as site:
        assert_hold(site)
        with Session(site.engine) as session:
            assert session.scalars(select(User.email)).all() == [f"{NAME}@xn--bcher-kva.example"]
            for table in ("identity_session", "identity_profile", "user_role"):
                assert session.scalar(select(func.count()).select_from(User.metadata.tables[table])) == 1
            assert session.scalars(select(Role.name)).all() == ["user"]


def test_one_username_goes_to_one_account(crowd, url):
    """F-16."""
    bodies = [{"email": f"u{number}@example.com", "username": "Ada" if number % 2 else "ada"} for number in range(64)]
    race = crowd.race(url, calls.register, bodies, IDENTITY_THROTTLE=False)

    race.assert_sound()
    assert race.tally() == {"200": 1, "409 username_taken": 63}
    with open_site(url) as site:
        assert_hold(site)


def test_the_first_people_all_at_once_get_an_account_each_and_share_one_role(crowd, url):
    """F-16: the role every account holds is made on first need, by whoever comes first."""
    bodies = [{"email": f"u{number}@example.com", "full_name": f"U {number}"} for number in range(64)]
    race = crowd.race(url, calls.register, bodies, IDENTITY_THROTTLE=False)

    race.assert_sound()
    assert race.tally() == {"200": 64}
    with open_site(url) as site:
        assert_hold(site)
        with Session(site.engine) as session:
            assert session.scalars(select(Role.name)).all() == ["user"]
            assert session.scalar(select(func.count()).select_from(User.metadata.tables["user_role"])) == 64
