"""M7 and M9: models written by hand, with no more columns than the minimum, and what JSON answers carry of them."""

# Bases are made anew for each test, which mypy cannot follow.
# mypy: disable-error-code="misc, valid-type, assignment"

from __future__ import annotations

import secrets
from typing import Any

import flask_sqlalchemy
import pytest
from sqlalchemy import Boolean, Column, ForeignKey, Integer, String, Table, Text, inspect, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

import flask_identity
from flask_identity import Identity, SQLAlchemyStore
from flask_identity.models.sqlalchemy.types import key_string
from tests.models.sites import JSON, PASSWORD, Site, add_views, bare_app, live_a_day


def minimal(*, roles: bool, mixin: type | None = flask_identity.UserMixin) -> tuple[Any, Any]:
    """A User and a Role with the columns of M7 and no other; with `roles`, their own and a table for them."""

    class Model(DeclarativeBase): ...

    class Role(flask_identity.RoleMixin, Model):
        __tablename__ = "roles"
        id = mapped_column(Integer, primary_key=True)
        name = mapped_column(key_string(80), unique=True)
        description = mapped_column(String(255))

    held = Table(
        "who_holds_what",
        Model.metadata,
        Column("holder", ForeignKey("people.id"), primary_key=True),
        Column("held", ForeignKey("roles.id"), primary_key=True),
    )
    body: dict[str, Any] = {
        "__tablename__": "people",
        "id": mapped_column(Integer, primary_key=True),
        "email": mapped_column(key_string(255), unique=True),
        "password": mapped_column(String(255)),
        "active": mapped_column(Boolean),
        "uniquifier": mapped_column(String(64), unique=True),
    }
    if roles:
        body["roles"] = relationship(Role, secondary=held)
    return type("User", (mixin, Model) if mixin else (Model,), body), Role


def test_the_minimal_model_with_roles_of_its_own_lives_a_whole_day(site_of, database_url):
    """M7: sign-up, sign-in, role guard and suspension need five columns."""
    live_a_day(site_of(*minimal(roles=True), url=database_url))


def test_roles_written_by_hand_are_kept_in_their_own_table_only(site_of, database_url):
    site = site_of(*minimal(roles=True), url=database_url)
    with site.app.app_context():
        site.datastore.create_role("editor")
        ada = site.datastore.create_user("ada@example.com", PASSWORD, roles=["editor"])
        assert sorted(role.name for role in ada.roles) == ["editor", "user"]
        assert [user.id for user in site.datastore.users(role="editor")] == [ada.id]
        assert site.datastore.remove_role_from_user(ada, "editor") is True
        assert [role.name for role in ada.roles] == ["user"]
        site.datastore.delete_user(ada)
        assert site.datastore.users() == []
    assert "user_role" not in inspect(site.engine).get_table_names()


def test_without_roles_a_role_guard_answers_403_and_no_role_table_is_read(site_of, database_url):
    """M7."""
    user, role = minimal(roles=False)
    site = site_of(user, role, url=database_url, IDENTITY_PEOPLE=True)
    role.__table__.drop(site.engine) if database_url.startswith("sqlite") else None
    browser, ada = site.register("ada@example.com")
    assert browser.get("/me").status_code == 200
    assert browser.get("/edit").status_code == 403
    assert browser.get("/identity/user_list", headers=JSON).status_code == 403
    with site.app.app_context():
        row = site.datastore.find_user(id=ada["id"])
        assert (row.role, row.status, site.datastore.users(role="user")) == (None, "active", [])
        with pytest.raises(TypeError, match="no roles"):
            row.role = "editor"
        assert site.datastore.deactivate_user(row) is True
        assert (row.status, [user.id for user in site.datastore.users(status="suspended")]) == ("suspended", [row.id])
    assert browser.get("/me").status_code == 401
    with site.app.app_context():
        site.datastore.activate_user(site.datastore.find_user(id=ada["id"]))
    second, status = site.sign_in("ada@example.com")
    assert (status, second.get("/me").status_code) == (200, 200)


def test_giving_a_role_where_there_are_none_is_refused_in_words(site_of):
    site = site_of(*minimal(roles=False))
    with site.app.app_context():
        ada = site.datastore.create_user("ada@example.com", PASSWORD)
        for call in (site.datastore.add_role_to_user, site.datastore.remove_role_from_user):
            with pytest.raises(TypeError, match="no roles"):
                call(ada, "user")
        with pytest.raises(TypeError, match="no roles"):
            site.datastore.create_user("bob@example.com", PASSWORD, roles=["user"])


def test_a_class_without_any_mixin_of_the_library_works(site_of):
    site = site_of(*minimal(roles=True, mixin=None))
    live_a_day(site)


def test_an_account_whose_active_is_null_counts_as_suspended(site_of):
    user, role = minimal(roles=False)
    site = site_of(user, role)
    site.register("ada@example.com")
    with site.app.app_context(), site.datastore.unit():
        site.datastore.find_user(email="ada@example.com").active = None
    assert site.sign_in("ada@example.com")[1] == 401
    with site.app.app_context():
        row = site.datastore.find_user(email="ada@example.com")
        assert row.status == "suspended"
        assert site.datastore.activate_user(row) is True
    assert site.sign_in("ada@example.com")[1] == 200


def test_the_payload_method_decides_what_json_answers_carry(site_of):
    """M9: and the id is in every answer whether the method gives it or not."""
    user, role = minimal(roles=True)
    user.get_security_payload = lambda self: {"mail": self.email, "shape": ["any", {"json": True}]}
    site = site_of(user, role, IDENTITY_PEOPLE=True, IDENTITY_PROFILE=True)
    expected = {"id": 1, "mail": "ada@example.com", "shape": ["any", {"json": True}]}

    browser, registered = site.register("ada@example.com")
    assert registered == expected
    signed_in = site.client().post("/identity/login", json={"identity": "ada@example.com", "password": PASSWORD})
    assert signed_in.json["response"]["user"] == expected
    assert browser.get("/identity/login", headers=JSON).json["response"]["user"] == expected
    assert expected.items() <= browser.get("/identity/profile", headers=JSON).json["response"]["user"].items()
    with site.app.app_context():
        site.datastore.add_role_to_user(site.datastore.find_user(id=1), "admin")
    listed = browser.get("/identity/user_list", headers=JSON).json["response"]["users"]
    assert [expected.items() <= each.items() for each in listed] == [True]


def test_without_a_payload_method_answers_carry_id_and_address(site_of):
    site = site_of(*minimal(roles=False, mixin=None))
    assert site.register("ada@example.com")[1] == {"id": 1, "email": "ada@example.com"}


def test_the_example_of_the_models_document_runs_with_unique_and_uniquifier_added(sqlite_url):
    """M9: columns made by functions, TextField and BooleanField, on Flask-SQLAlchemy."""
    db: Any = flask_sqlalchemy.SQLAlchemy()

    def TextField(**options: Any) -> Any:
        return db.Column(Text, **options)

    def BooleanField(**options: Any) -> Any:
        return db.Column(Boolean, **options)

    class Role(db.Model, flask_identity.RoleMixin):
        id = db.Column(db.Integer, primary_key=True)
        name = TextField(unique=True)
        description = TextField()

    class User(db.Model, flask_identity.UserMixin):
        id = db.Column(db.Integer, primary_key=True)
        email = TextField(unique=True)
        password = TextField()
        active = BooleanField(default=True)
        uniquifier = TextField(unique=True, default=lambda: secrets.token_hex(16))
        name = db.Column(db.String(80))

        # Custom User Payload
        def get_security_payload(self):
            return {"id": self.id, "name": self.name, "email": self.email}

    app = bare_app(SQLALCHEMY_DATABASE_URI=sqlite_url)
    db.init_app(app)
    identity = Identity(app, SQLAlchemyStore(lambda: db.session, User, Role))
    add_views(app)
    with app.app_context():
        db.create_all()
        engine = db.engine
    site = Site(app, identity, lambda: db.session, engine)
    try:
        browser, user = site.register("ada@example.com")
        assert user == {"id": 1, "name": None, "email": "ada@example.com"}
        assert browser.get("/edit").status_code == 403
        with app.app_context():
            assert db.session.scalars(select(User.active)).all() == [True]
            identity.datastore.deactivate_user(identity.datastore.find_user(id=1))
        assert browser.get("/me").status_code == 401
        assert site.sign_in("ada@example.com")[1] == 401
    finally:
        engine.dispose()


def test_a_column_of_the_mixin_can_be_left_out(site_of):
    """M6: `None` in place of a column is how SQLAlchemy takes one of a mixin's away."""
    from flask_identity.models.sqlalchemy import RoleMixin, UserMixin

    class Model(DeclarativeBase): ...

    class Role(RoleMixin, Model): ...

    class User(UserMixin, Model):
        username = None
        last_login_at = None
        created_at = None
        note: Mapped[str | None] = mapped_column(String(80))

    site = site_of(User, Role)
    live_a_day(site)
    assert not {"username", "last_login_at"} & set(inspect(User).columns.keys())


def test_administrators_see_people_of_a_class_without_any_mixin(site_of):
    site = site_of(*minimal(roles=True, mixin=None), IDENTITY_PEOPLE=True)
    browser, ada = site.register("ada@example.com")
    with site.app.app_context():
        site.datastore.add_role_to_user(site.datastore.find_user(id=ada["id"]), "admin")
    listed = browser.get("/identity/user_list", headers=JSON)
    assert listed.status_code == 200
    (shown,) = listed.get_json()["response"]["users"]
    assert (shown["email"], shown["status"], shown["role"]) == ("ada@example.com", "active", "admin")
