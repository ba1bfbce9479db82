"""Changing one's password: S-009, S-033, R-17, A-111, A-113."""

from __future__ import annotations

import pytest

from tests.support.apps import JSON, PASSWORD, error_of, sign_in

NEW = "tin kettle orbit seven"


def change(client, password=PASSWORD, new_password=NEW, **more):
    return client.post("/identity/change_password", json={"password": password, "new_password": new_password}, **more)


def is_in(client, headers=None):
    return client.get("/identity/sessions", headers={**JSON, **(headers or {})}).status_code == 200


def test_the_new_password_opens_and_the_old_does_not(site_on_each):
    site = site_on_each
    ada = site.signed_in()
    assert change(ada).json["response"] == {}
    assert sign_in(site.client(), password=PASSWORD).status_code == 401
    assert sign_in(site.client(), password=NEW).status_code == 200


def test_all_other_sessions_end_and_this_one_goes_on_under_a_new_value(site_on_each):
    """R-17, S-033, S-054."""
    site = site_on_each
    ada, elsewhere = site.signed_in(), site.signed_in()
    bearer = site.bearer()
    old = ada.get_cookie("identity").value
    uniquifier = site.rows("user")[0]["uniquifier"]
    assert change(ada).status_code == 200
    assert is_in(ada)
    assert ada.get_cookie("identity").value != old
    assert not is_in(elsewhere)
    assert not is_in(site.program(), bearer)
    assert not is_in(site.app.test_client(use_cookies=False), {"Cookie": f"identity={old}"})
    assert site.rows("user")[0]["uniquifier"] != uniquifier
    assert len(site.rows("identity_session")) == 1


def test_a_program_gets_its_new_value_in_the_answer(site):
    site.person()
    bearer = site.bearer()
    answer = change(site.program(), headers=bearer)
    token = answer.json["response"]["authentication_token"]
    assert "Set-Cookie" not in answer.headers
    assert not is_in(site.program(), bearer)
    assert is_in(site.program(), {"Authorization": f"Bearer {token}"})


def test_a_remembered_session_stays_remembered(site):
    site.person()
    client = site.client()
    sign_in(client, remember=True)
    assert "Max-Age" in change(client).headers["Set-Cookie"]


@pytest.mark.parametrize("wrong", ["wrong", "", PASSWORD + " ", PASSWORD.upper(), "x" * 256])
def test_the_present_password_is_needed(site, wrong):
    """S-009, A-113."""
    ada = site.signed_in()
    answer = change(ada, password=wrong)
    assert error_of(answer) == (400, "wrong_password")
    assert set(answer.json["response"]["field_errors"]) == {"password"}
    assert sign_in(site.client()).status_code == 200
    assert is_in(ada)


def test_a_wrong_one_counts_as_a_failed_sign_in(site):
    """S-009."""
    ada = site.signed_in()
    change(ada, password="wrong")
    assert site.rows("user")[0]["failed_logins"] == 1
    change(ada)
    assert site.rows("user")[0]["failed_logins"] == 0


@pytest.mark.parametrize(
    ("new", "code"),
    [
        ("password123", "weak_password"),
        ("short", "weak_password"),
        ("", "weak_password"),
        ("my ada.lovelace password", "weak_password"),
        ("my countess password 7", "weak_password"),
        ("x" * 257, "invalid_input"),
        ("\ud800 tin kettle orbit", "invalid_input"),
    ],
)
def test_a_weak_new_one_is_refused_under_its_own_name(site, new, code):
    """S-006, S-007: on this path too."""
    ada = site.signed_in("ada.lovelace@example.com", username="countess")
    answer = change(ada, new_password=new)
    assert error_of(answer) == (400, code)
    assert set(answer.json["response"]["field_errors"]) == {"new_password"}
    assert sign_in(site.client(), "ada.lovelace@example.com").status_code == 200


def test_a_new_password_that_is_too_weak_costs_no_try(site, hashes):
    ada = site.signed_in()
    hashes.clear()
    change(ada, new_password="short")
    assert hashes == []
    assert site.rows("user")[0]["failed_logins"] == 0


def test_it_can_be_switched_off(build):
    site = build(IDENTITY_CHANGEABLE=False)
    assert change(site.signed_in()).status_code == 404


def test_the_form_says_what_was_wrong_and_keeps_no_password(site):
    ada = site.signed_in()
    answer = ada.post("/identity/change_password", data={"password": "my wrong guess", "new_password": NEW})
    assert answer.status_code == 400
    assert "not your current password" in answer.text
    assert "my wrong guess" not in answer.text
    assert NEW not in answer.text
    answer = ada.post("/identity/change_password", data={"password": PASSWORD, "new_password": NEW})
    assert answer.status_code == 200
    assert "is changed" in answer.text
    assert is_in(ada)
