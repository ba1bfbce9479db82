"""M5: when a row was made and last changed, aware and in UTC on every database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
import time_machine
from sqlalchemy import DateTime
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from flask_identity.models.sqlalchemy import RoleMixin, UserMixin
from tests.models.sites import PASSWORD, Site

BEGIN = datetime(2026, 5, 1, 12, 0, 0, 123456, UTC)


def pair() -> tuple[Any, Any]:
    class Model(DeclarativeBase): ...

    class Role(RoleMixin, Model): ...

    class User(UserMixin, Model):
        likes: Mapped[int] = mapped_column(default=0)

    return User, Role


@pytest.fixture
def site(site_of, database_url) -> Site:
    made: Site = site_of(*pair(), url=database_url, IDENTITY_TRACKABLE=True)
    return made


def stamps(site: Site) -> tuple[datetime, datetime]:
    with site.app.app_context():
        row = site.datastore.find_user(email="ada@example.com")
        return row.created_at, row.updated_at


def test_both_times_are_aware_utc_to_the_microsecond_and_alike_at_first(site):
    with time_machine.travel(BEGIN, tick=False):
        site.register("ada@example.com")
    created, updated = stamps(site)
    assert created == updated == BEGIN
    assert created.tzinfo is updated.tzinfo is UTC


def test_an_edit_by_the_application_moves_the_update_time_only(site):
    with time_machine.travel(BEGIN, tick=False):
        site.register("ada@example.com")
    later = BEGIN + timedelta(hours=1)
    with time_machine.travel(later, tick=False), site.app.app_context():
        site.datastore.find_user(email="ada@example.com").likes = 1
        site.session().commit()
    assert stamps(site) == (BEGIN, later)


def test_a_suspension_moves_the_update_time(site):
    with time_machine.travel(BEGIN, tick=False):
        site.register("ada@example.com")
    later = BEGIN + timedelta(hours=1)
    with time_machine.travel(later, tick=False), site.app.app_context():
        site.datastore.deactivate_user(site.datastore.find_user(email="ada@example.com"))
    assert stamps(site) == (BEGIN, later)


def test_signing_in_rightly_or_wrongly_leaves_the_update_time_alone(site):
    with time_machine.travel(BEGIN, tick=False):
        site.register("ada@example.com")
    with time_machine.travel(BEGIN + timedelta(hours=1), tick=False):
        assert site.sign_in("ada@example.com", "wrong horse battery staple")[1] == 401
        assert site.sign_in("ada@example.com")[1] == 200
    assert stamps(site) == (BEGIN, BEGIN)
    with site.app.app_context():
        row = site.datastore.find_user(email="ada@example.com")
        assert (row.last_login_at, row.current_login_at) == (BEGIN, BEGIN + timedelta(hours=1))
        assert row.current_login_at.tzinfo is UTC


def test_roles_and_profiles_have_times_too(site):
    with time_machine.travel(BEGIN, tick=False), site.app.app_context():
        role = site.datastore.create_role("editor")
        assert (role.created_at, role.updated_at) == (BEGIN, BEGIN)


def test_a_time_of_another_zone_is_kept_as_the_moment_it_is(site):
    local = BEGIN.astimezone(timezone(timedelta(hours=5, minutes=30)))
    with site.app.app_context():
        ada = site.datastore.create_user("ada@example.com", PASSWORD, confirmed_at=local)
        found = site.datastore.find_user(id=ada.id)
        assert found.confirmed_at == BEGIN
        assert found.confirmed_at.tzinfo is UTC


def test_a_naive_time_is_refused_since_it_names_no_moment(site):
    with site.app.app_context():
        ada = site.datastore.create_user("ada@example.com", PASSWORD)
        ada.confirmed_at = datetime(2026, 5, 1)
        with pytest.raises(StatementError, match="aware"):
            site.session().commit()
        site.session().rollback()


def test_a_hand_written_column_without_a_zone_is_given_naive_utc(site_of, database_url):
    class Model(DeclarativeBase): ...

    class Role(RoleMixin, Model): ...

    class User(UserMixin, Model):
        current_login_at: Mapped[datetime | None] = mapped_column(DateTime)
        last_login_at: Mapped[datetime | None] = mapped_column(DateTime)
        locked_until: Mapped[datetime | None] = mapped_column(DateTime)

    site = site_of(User, Role, url=database_url, IDENTITY_TRACKABLE=True, IDENTITY_LOCKOUT_MAX_FAILURES=1)
    whole = BEGIN.replace(microsecond=0)
    with time_machine.travel(whole, tick=False):
        site.register("ada@example.com")
        assert site.sign_in("ada@example.com", "wrong horse battery staple")[1] == 401
        with site.app.app_context():
            row = site.datastore.find_user(email="ada@example.com")
            assert row.current_login_at == whole.replace(tzinfo=None)
            assert row.locked_until == (whole + timedelta(seconds=30)).replace(tzinfo=None)
            assert row.status == "locked"
            assert [each.id for each in site.datastore.users(status="locked")] == [row.id]
