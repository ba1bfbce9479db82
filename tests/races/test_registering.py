"""F-16: one address, one account, however it is spelled and however many ask at once."""

from __future__ import annotations

import unicodedata

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.races import calls
from tests.races.arena import mixed_too
from tests.races.crowd import CONTENDERS
from tests.races.site import Role, User

pytestmark = pytest.mark.races

NAME, DOMAIN = "jürgen", "bücher.example"
SPELLINGS = [
    f"{local}@{domain}"
    for local in (NAME, NAME.upper(), NAME.title(), unicodedata.normalize("NFD", NAME))
    for domain in (DOMAIN, DOMAIN.upper(), unicodedata.normalize("NFD", DOMAIN), "xn--bcher-kva.example")
]


@mixed_too
def test_one_address_in_many_spellings_makes_one_account(arena):
    """F-16, F-30, S-119."""

    def contest(number):
        spelled = (SPELLINGS[each % len(SPELLINGS)] for each in range(CONTENDERS))
        race = arena.race(calls.register, [{"email": f"{number}{each}", "full_name": "J"} for each in spelled])

        assert race.tally() == {"200": 1, "409 email_taken": CONTENDERS - 1}
        with Session(arena.site.engine) as session:
            made = session.scalars(select(User.id).where(User.email == f"{number}{NAME}@xn--bcher-kva.example")).all()
            assert len(made) == 1
            for name in ("identity_session", "identity_profile", "user_role"):
                assert session.scalar(select(func.count()).select_from(User.metadata.tables[name])) == number + 1
            assert session.scalars(select(Role.name)).all() == ["user"]

    arena.rounds("F-16 one address registered in many spellings", contest)


def test_one_username_goes_to_one_account(arena):
    """F-16."""

    def contest(number):
        names = [f"{'Ada' if each % 2 else 'ada'}{number}" for each in range(CONTENDERS)]
        bodies = [{"email": f"u{number}-{each}@example.com", "username": name} for each, name in enumerate(names)]
        race = arena.race(calls.register, bodies)

        assert race.tally() == {"200": 1, "409 username_taken": CONTENDERS - 1}

    arena.rounds("F-16 one user name registered", contest)


@mixed_too
def test_the_first_people_all_at_once_get_an_account_each_and_share_one_role(arena):
    """F-16, F-30: the role every account holds is made on first need, by whoever comes first."""
    pairs, roles = User.metadata.tables["user_role"], Role.__table__

    def contest(number):
        with arena.site.engine.begin() as connection:
            connection.execute(pairs.delete())
            connection.execute(roles.delete())
        bodies = [{"email": f"u{number}-{each}@example.com", "full_name": f"U {each}"} for each in range(CONTENDERS)]
        race = arena.race(calls.register, bodies)

        assert race.tally() == {"200": CONTENDERS}
        with Session(arena.site.engine) as session:
            assert session.scalars(select(Role.name)).all() == ["user"]
            assert session.scalar(select(func.count()).select_from(pairs)) == CONTENDERS

    arena.rounds("F-16 the default role made on first need", contest)
