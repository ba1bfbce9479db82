"""Requests on Pony: what is kept of one that succeeds, and nothing of one that does not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from pony.orm import core, db_session

from flask_identity import user_created
from tests.pony.site import Site, open_site
from tests.support.apps import PASSWORD

WHOLE = {"email": "ada@example.com", "password": PASSWORD, "full_name": "Ada Lovelace"}


@pytest.fixture
def site(database_url: str) -> Iterator[Site]:
    with open_site(database_url) as site:
        yield site


def test_someone_registers_signs_in_and_is_out_once_suspended(site):
    ada = site.client()
    registered = ada.post("/identity/register", json=WHOLE)
    assert registered.status_code == 200
    assert ada.get("/me").text == "ada@example.com None user"

    site.person("root@example.com", roles=["admin"])
    root, elsewhere = site.signed_in("root@example.com"), site.signed_in()
    user_id = registered.json["response"]["user"]["id"]
    answer = root.put("/identity/update_status", json={"id": user_id, "status": "suspended"})

    assert answer.json["response"]["sessions_ended"] == 2
    assert (ada.get("/me").status_code, elsewhere.get("/me").status_code) == (401, 401)
    again = site.client().post("/identity/login", json={"identity": "ada@example.com", "password": PASSWORD})
    assert again.status_code == 401
    listed = root.get("/identity/user_list?status=suspended", headers={"Accept": "application/json"})
    assert [user["email"] for user in listed.json["response"]["users"]] == ["ada@example.com"]
    assert listed.json["response"]["counts"] == {"active": 1, "suspended": 1, "pending": 0, "locked": 0}


def test_a_sign_in_is_tracked_and_wrong_passwords_lock(site):
    site.person()
    site.signed_in()
    for _ in range(6):
        site.client().post("/identity/login", json={"identity": "ada@example.com", "password": "wrong horse battery"})

    row = site.row(email="ada@example.com")

    assert (row["login_count"], row["failed_logins"], row["current_login_ip"]) == (1, 5, "127.0.0.1")
    assert row["locked_until"] is not None
    assert row["current_login_at"].tzinfo is None


@pytest.mark.parametrize("end", ["raise", "refuse", "abort"])
def test_a_request_that_ends_in_an_exception_leaves_nothing(site, end):
    """R-40"""
    site.app.config["TESTING"] = False
    site.person()

    assert site.client().post(f"/rename?end={end}").status_code in (400, 404, 500)

    assert site.row(email="ada@example.com")["nickname"] is None


def test_a_request_whose_exception_is_passed_on_leaves_nothing(site):
    """R-40"""
    site.person()

    with pytest.raises(ZeroDivisionError):
        site.client().post("/rename?end=raise")

    assert site.row(email="ada@example.com")["nickname"] is None


@pytest.mark.parametrize("status", [200, 302, 500])
def test_a_request_whose_exception_the_application_answers_leaves_nothing(site, status):
    """R-40"""
    site.app.register_error_handler(ZeroDivisionError, lambda error: ("caught", status))
    site.person()

    assert site.client().post("/rename?end=raise").text == "caught"

    assert site.row(email="ada@example.com")["nickname"] is None


@pytest.mark.parametrize(("status", "nickname"), [(200, "changed"), (302, "changed"), (409, None), (503, None)])
def test_a_request_keeps_what_it_did_where_it_is_answered_below_400(site, status, nickname):
    """R-40"""
    site.person()

    assert site.client().post(f"/rename/{status}").status_code == status

    assert site.row(email="ada@example.com")["nickname"] == nickname


def test_a_unit_that_is_refused_leaves_nothing_of_what_came_before_in_it(site):
    """R-43"""
    site.person()

    assert site.client().post("/half").status_code == 409

    assert site.count() == 1


def test_a_receiver_that_fails_undoes_a_registration_with_its_profile_and_session(site):
    """R-43"""

    def fail(app: Any, **_: Any) -> None:
        raise ZeroDivisionError

    with user_created.connected_to(fail, sender=site.app), pytest.raises(ZeroDivisionError):
        site.client().post("/identity/register", json=WHOLE)

    assert [site.count(each) for each in ("User", "IdentityProfile", "IdentitySession")] == [0, 0, 0]


def test_no_session_of_pony_s_is_left_open_behind_a_request_or_a_verb(site):
    """R-41"""
    site.person()
    for path in ("/me", "/identity/login", "/nowhere"):
        site.client().get(path)
        assert core.local.db_session is None
        assert not core.local.db2cache

    with site.app.app_context():
        site.identity.datastore.find_user(email="ada@example.com")
        assert core.local.db_session is None
    assert site.store.idle()


def test_a_session_of_the_application_s_own_is_joined(site):
    site.person()
    with db_session:
        site.client().post("/rename/200")
        assert core.local.db_session is not None
        row = site.User.get(email="ada@example.com")
        assert row.nickname == "changed"
        core.rollback()

    assert site.row(email="ada@example.com")["nickname"] is None


def test_a_user_that_was_deleted_takes_everything_along_and_is_gone_at_once(site):
    """R-44"""
    browser = site.client()
    browser.post("/identity/register", json=WHOLE)
    with site.app.app_context():
        datastore = site.identity.datastore
        assert datastore.delete_user(datastore.find_user(email="ada@example.com")) is True

    assert [site.count(each) for each in ("User", "IdentityProfile", "IdentitySession")] == [0, 0, 0]
    assert browser.get("/me").status_code == 401


def test_a_user_is_created_with_roles_by_name_and_by_row(site):
    """R-45"""
    with site.app.app_context():
        datastore = site.identity.datastore
        editor = datastore.create_role("editor", permissions=("posts.write",), rank=5)
        user = datastore.create_user("ada@example.com", roles=[editor, "admin"])

    assert {role.name for role in user.roles} == {"user", "editor", "admin"}
    assert user.role == "admin"


def test_suspending_says_whether_it_changed_anything(site):
    """R-47"""
    site.person()
    with site.app.app_context():
        datastore = site.identity.datastore
        user = datastore.find_user(email="ada@example.com")
        assert [datastore.deactivate_user(user), datastore.deactivate_user(user)] == [True, False]
        assert [datastore.activate_user(user), datastore.activate_user(user)] == [True, False]
