"""The store in memory under an application, and what only its plain objects do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask

from flask_identity import Identity, auth_required, current_user
from flask_identity.base.errors import UnknownRole
from flask_identity.base.ports import Kind
from flask_identity.stores.memory import MemoryStore
from flask_identity.testing import fast_hashing
from tests.contracts.models import PlainUser
from tests.contracts.rows import add_person, add_role, person, session, undone

PASSWORD = "correct horse battery staple"


@pytest.fixture
def store():
    return MemoryStore(PlainUser)


@pytest.fixture
def identity():
    return Identity()


@pytest.fixture
def app(identity, store):
    """An application that keeps its people in memory."""
    app = Flask(__name__)
    app.config.update(SECRET_KEY="x" * 32, TESTING=True, IDENTITY_REGISTERABLE=True, IDENTITY_TRACKABLE=True)
    app.config.update(IDENTITY_PEOPLE=True, IDENTITY_PROFILE=True)
    identity.init_app(app, store)

    @app.get("/me")
    @auth_required
    def me():
        return {"id": current_user.id, "roles": sorted(current_user.roles), "nickname": current_user.nickname}

    with fast_hashing():
        yield app


def test_an_application_signs_people_up_and_in_and_out(app, store):
    client = app.test_client()
    sent = {"email": "Ada@Example.com", "password": PASSWORD, "full_name": "Ada Lovelace"}

    assert client.post("/identity/register", json=sent).status_code == 200
    store.change(Kind.USER, {"email": "ada@example.com"}, {"nickname": "The Countess"})
    assert client.get("/me").json == {"id": 1, "roles": ["user"], "nickname": "The Countess"}
    user = store.first(Kind.USER, {"email": "ada@example.com"})
    assert (user.profile.full_name, user.login_count, user.status) == ("Ada Lovelace", 1, "active")

    assert client.post("/identity/logout", json={}, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 200
    assert client.get("/me").status_code == 401
    wrong = {"identity": "ada@example.com", "password": "wrong horse battery"}
    assert client.post("/identity/login", json=wrong).status_code == 401
    assert user.failed_logins == 1
    assert client.post("/identity/login", json=wrong | {"password": PASSWORD}).status_code == 200
    assert (user.failed_logins, user.login_count) == (0, 2)


def test_an_administrator_lists_suspends_and_deletes_people(app, identity, store):
    datastore = identity.datastore
    with app.app_context():
        datastore.create_user("root@example.com", PASSWORD, roles=["admin"])
        bob = datastore.create_user("bob@example.com", PASSWORD)
    client, headers = app.test_client(), {"Accept": "application/json", "Sec-Fetch-Site": "same-origin"}
    client.post("/identity/login", json={"identity": "root@example.com", "password": PASSWORD})

    listed = client.get("/identity/user_list?sort=email", headers=headers).json["response"]
    assert [user["email"] for user in listed["users"]] == ["bob@example.com", "root@example.com"]
    suspended = client.put("/identity/update_status", json={"id": bob.id, "status": "suspended"}, headers=headers)
    assert suspended.status_code == 200
    assert store.first(Kind.USER, {"id": bob.id}).status == "suspended"
    assert client.delete(f"/identity/delete_user?id={bob.id}", headers=headers).status_code == 200
    assert store.first(Kind.USER, {"id": bob.id}) is None


def test_setting_the_role_of_a_user_replaces_the_roles(store):
    user_id = add_person(store)
    add_role(store, "editor")
    user = store.first(Kind.USER, {"id": user_id})

    user.role = "editor"

    assert store.first(Kind.MEMBERSHIP, {"user_id": user_id}) is not None
    assert user.role == "editor"
    user.role = "admin"
    assert store.first(Kind.ROLE, {"name": "admin"}).rank == 100, "made on first need"
    with pytest.raises(UnknownRole):
        user.role = "unheard_of"
    with pytest.raises(TypeError):
        PlainUser(email="of no store").role = "editor"


def test_what_is_set_on_a_user_inside_a_unit_is_undone_with_it(store):
    user_id = add_person(store, nickname="A")
    add_role(store, "editor")

    with undone(store):
        user = store.first(Kind.USER, {"id": user_id})
        user.nickname = "B"
        user.role = "editor"

    assert (user.nickname, user.roles) == ("A", [])


def test_rows_of_the_library_are_seen_as_they_were_when_read(store):
    store.add(Kind.SESSION, session(add_person(store)))
    read = store.first(Kind.SESSION, {"id": "s1"})

    store.touch("s1", 5)

    assert read.last_seen_at != 5


def test_a_user_class_without_roles_has_no_role_table():
    @dataclass(eq=False, repr=False)
    class Bare:
        email: str
        password: str | None
        active: bool | None
        uniquifier: str | None
        id: Any = None

    store: Any = MemoryStore(Bare)
    store.add(Kind.SESSION, session(store.add(Kind.USER, person()).id))

    assert not store.has(Kind.MEMBERSHIP, "user_id")
    assert not store.has(Kind.USER, "nickname")
    assert (store.resume("s1").roles, store.resume("s1").confirmed) == ("", True)
    assert list(store.admins("admin")) == []


def test_the_representation_of_a_user_shows_no_secret(store):
    store.add(Kind.USER, person(password="a record", uniquifier="a uniquifier"))

    assert repr(store.first(Kind.USER, {})) == "<PlainUser 1>"
