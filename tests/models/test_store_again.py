"""Stores made again, profile classes, and tables arriving as migrations (M10)."""

# Bases are made anew for each test, which mypy cannot follow.
# mypy: disable-error-code="misc, valid-type, assignment"

from __future__ import annotations

from typing import Any

import pytest
from alembic.autogenerate import compare_metadata, produce_migrations
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import String, inspect, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from flask_identity import ConfigurationError, SQLAlchemyStore
from flask_identity.models.sqlalchemy import RoleMixin, UserMixin, UserProfileMixin
from tests.models.sites import JSON, PASSWORD, live_a_day, plain_site


def pair() -> tuple[Any, Any, Any]:
    class Model(DeclarativeBase): ...

    return Model, type("User", (UserMixin, Model), {}), type("Role", (RoleMixin, Model), {})


def no_session() -> Any:
    raise AssertionError("making a store asks for no session")


def test_a_store_made_again_reuses_the_tables(site_of):
    model, user, role = pair()
    SQLAlchemyStore(no_session, user, role)
    before = dict(model.metadata.tables)

    live_a_day(site_of(user, role))

    assert all(model.metadata.tables[name] is table for name, table in before.items())
    assert len(model.metadata.tables) == len(before)


def test_two_applications_may_share_a_pair_of_classes(site_of, tmp_path):
    _, user, role = pair()
    one = site_of(user, role)
    other = site_of(user, role, url=f"sqlite:///{tmp_path / 'other.sqlite3'}")
    live_a_day(one)
    live_a_day(other)


def test_the_applications_own_profile_class_is_used(site_of, database_url):
    model, user, role = pair()

    class Profile(UserProfileMixin, model):
        motto: Mapped[str | None] = mapped_column(String(80), default="Onward")

    site = site_of(user, role, url=database_url, profile=Profile, IDENTITY_PROFILE=True)
    with site.app.app_context():
        ada = site.datastore.create_user("ada@example.com", PASSWORD, profile={"full_name": "Ada L", "motto": "Up"})
        profile = site.session().scalars(select(Profile)).one()
        assert (profile.full_name, profile.motto, profile.user_id) == ("Ada L", "Up", ada.id)
        assert ada.profile is profile
        site.datastore.delete_user(ada)
        assert site.session().scalars(select(Profile)).all() == []
    assert "identity_profile" not in inspect(site.engine).get_table_names()
    keys = inspect(site.engine).get_foreign_keys("profile")
    assert [(key["constrained_columns"], key["referred_table"]) for key in keys] == [(["user_id"], "user")]


def test_another_profile_class_for_the_same_pair_is_refused():
    model, user, role = pair()
    SQLAlchemyStore(no_session, user, role)
    with pytest.raises(ConfigurationError):
        SQLAlchemyStore(no_session, user, role, type("Profile", (UserProfileMixin, model), {}))


def test_a_second_pair_of_mixin_classes_on_one_metadata_is_refused():
    model, user, role = pair()
    SQLAlchemyStore(no_session, user, role)
    other = type("Other", (UserMixin, model), {})
    with pytest.raises(ConfigurationError, match="User and Role is on this metadata already"):
        SQLAlchemyStore(no_session, other, role)


def test_registering_makes_a_profile_with_the_full_name(site_of, database_url):
    _, user, role = pair()
    site = site_of(user, role, url=database_url, IDENTITY_PROFILE=True)
    browser = site.client()
    body = {"email": "ada@example.com", "password": PASSWORD, "full_name": "Ada Lovelace"}
    assert browser.post("/identity/register", json=body).status_code == 200
    shown = browser.get("/identity/profile", headers=JSON).json["response"]["user"]["profile"]
    assert (shown["full_name"], shown["bio"]) == ("Ada Lovelace", None)


def test_the_tables_arrive_as_a_migration_and_a_second_one_has_nothing_to_do(database_url):
    """M10: what Alembic writes by itself makes the very tables, and an added column is all it finds next time."""
    model, user, role = pair()
    SQLAlchemyStore(no_session, user, role)
    with plain_site(database_url, user, role) as site:
        model.metadata.drop_all(site.engine)
        with site.engine.begin() as connection:
            context = MigrationContext.configure(connection)
            steps = produce_migrations(context, model.metadata).upgrade_ops
            assert steps is not None
            run = Operations(context)
            for step in steps.ops:
                for each in getattr(step, "ops", [step]):
                    run.invoke(each)
        with site.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            assert compare_metadata(context, model.metadata) == []
        live_a_day(site)


def test_a_column_added_later_is_the_whole_next_migration(database_url):
    """M10, M3."""
    _, user, role = pair()
    with plain_site(database_url, user, role):
        pass

    class Model(DeclarativeBase): ...

    class Role(RoleMixin, Model): ...

    class User(UserMixin, Model):
        nickname: Mapped[str | None] = mapped_column(String(80))

    SQLAlchemyStore(no_session, User, Role)
    with plain_site(database_url, user, role) as site, site.engine.connect() as connection:
        found = compare_metadata(MigrationContext.configure(connection), Model.metadata)
    assert [(step[0], step[2], step[3].name) for step in found] == [("add_column", "user", "nickname")]
