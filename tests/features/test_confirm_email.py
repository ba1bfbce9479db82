"""Confirmed addresses: S-026, S-028, S-034, S-035, S-084, A-009, A-046 to A-049, A-093, A-106, F-16, F-19."""

from __future__ import annotations

import pytest

from flask_identity.testing import outbox
from tests.support.apps import EVERYTHING, JSON, error_of, sign_in

NEW = "tin kettle orbit seven"
STRANGERS = "walnut harbour pencil sky"
MAIL = {"IDENTITY_CONFIRMABLE": True, "IDENTITY_MAIL_URL": "memory:", "IDENTITY_BASE_URL": "http://localhost"}
DAY = 86_400


@pytest.fixture(autouse=True)
def empty_outbox():
    outbox.clear()


@pytest.fixture
def site(build):
    return build(IDENTITY_THROTTLE=False, IDENTITY_RECOVERABLE=True, **EVERYTHING, **MAIL)


def register(site, email="ada@example.com", password=NEW, **more):
    return site.client().post("/identity/register", json={"email": email, "password": password, **more})


def path_of(letter):
    return (letter.link or "").removeprefix("http://localhost")


def signed_up(site, email="ada@example.com", password=NEW, **more):
    """The path of the link of somebody who just signed up."""
    assert register(site, email, password, **more).status_code == 200
    return path_of(outbox[-1])


def confirm(site, path):
    return site.client().post(path, headers=JSON)


def test_an_account_can_be_used_once_its_address_is_confirmed(build, database_url):
    site = build(database_url, IDENTITY_THROTTLE=False, **EVERYTHING, **MAIL)
    answer = register(site, full_name="Ada Lovelace")
    assert answer.json == {"meta": {"code": 200}, "response": {}}
    assert "Set-Cookie" not in answer.headers
    (row,) = site.rows("user")
    assert (row["email"], row["active"], row["confirmed_at"], row["password"]) == ("ada@example.com", True, None, None)
    assert error_of(sign_in(site.client(), password=NEW)) == (401, "invalid_credentials")
    (letter,) = outbox
    answer = confirm(site, path_of(letter))
    assert (answer.status_code, answer.json["response"]) == (200, {})
    assert "Set-Cookie" not in answer.headers
    client = site.client()
    assert sign_in(client, password=NEW).status_code == 200
    user = client.get("/identity/edit_user", headers=JSON).json["response"]["user"]
    assert (user["status"], user["role"], user["profile"]["full_name"]) == ("active", "user", "Ada Lovelace")
    assert site.rows("identity_mail") == site.rows("identity_one_time") == []
    happened = [row["what"] for row in sorted(site.rows("identity_activity"), key=lambda row: row["id"])]
    assert happened == ["account_created", "sign_in_failed", "address_confirmed", "signed_in"]
