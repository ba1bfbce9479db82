"""M9: what JSON answers carry about a user is for the model to say, on every route; the id is always there."""

from __future__ import annotations

import pytest

from flask_identity import UserMixin
from tests.support.apps import EVERYTHING, JSON, PASSWORD

OWN = {"greeting": "Hello", "shoe_size": 38, "nested": {"a": [1, None]}}
NEW = {"email": "new@example.com", "password": "tin kettle orbit seven"}


@pytest.fixture
def own(build, monkeypatch):
    """An application whose model decides, and which says something else for an id."""
    monkeypatch.setattr(UserMixin, "get_security_payload", lambda _: {**OWN, "id": "not the id"})
    site = build(IDENTITY_THROTTLE=False, **EVERYTHING)
    me = site.admin()
    return site, me, site.bearer("root@example.com")


@pytest.mark.parametrize(
    ("method", "url", "body"),
    [
        ("GET", "/login", None),
        ("GET", "/profile", None),
        ("GET", "/edit_user", None),
        ("PUT", "/edit_user", {"profile": {"bio": "x"}}),
        ("PUT", "/update_status", {"status": "active"}),
    ],
)
def test_an_answer_about_a_user_carries_what_the_model_says(own, method, url, body):
    site, me, headers = own
    sent = {**body, "id": me} if body is not None else None
    answer = site.program().open(f"/identity{url}", method=method, json=sent, headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.get_json()["response"]["user"].items() >= (OWN | {"id": me}).items()
    assert "greeting" in answer.text
    assert "not the id" not in answer.text


def test_signing_in_carries_it_too(own):
    site, me, _ = own
    body = {"identity": "root@example.com", "password": PASSWORD}
    assert site.client().post("/identity/login", json=body).get_json()["response"]["user"] == OWN | {"id": me}
    user = site.program().post("/identity/login?include_auth_token", json=body).get_json()["response"]["user"]
    assert set(user) == {*OWN, "id", "authentication_token"}


def test_signing_up_carries_it_too(own):
    site, me, _ = own
    answer = site.client().post("/identity/register", json=NEW)
    assert answer.get_json()["response"]["user"] == OWN | {"id": me + 1}


def test_everybody_in_the_list_carries_it(own):
    site, me, headers = own
    other = site.person()
    users = site.program().get("/identity/user_list", headers=headers).get_json()["response"]["users"]
    assert {user["id"] for user in users} == {me, other}
    for user in users:
        assert user.items() >= OWN.items()
        assert set(user) == {*OWN, "id", "email", "role", "status", "version", "last_login_at", "created_at"}


def test_what_the_contract_adds_wins_over_the_model(build, monkeypatch):
    monkeypatch.setattr(UserMixin, "get_security_payload", lambda _: {"role": "emperor", "status": "eternal"})
    site = build(IDENTITY_THROTTLE=False, **EVERYTHING)
    site.admin()
    headers = site.bearer("root@example.com") | JSON
    detail = site.program().get("/identity/edit_user", headers=headers).get_json()["response"]["user"]
    assert (detail["role"], detail["status"]) == ("admin", "active")
