"""All that is kept about oneself, as a file."""

from __future__ import annotations

import json

import pytest

from flask_identity.features.profile import export
from tests.support.apps import HTML, JSON, error_of

KEPT = {"exported_at", "user", "profile", "roles", "sessions", "tokens", "activity"}


@pytest.mark.parametrize("accept", [HTML, JSON])
def test_everything_kept_about_oneself_comes_as_a_file_and_no_secret_does(site, accept):
    ada = site.signed_in("ada@example.com", username="ada", profile={"full_name": "Zoë Ädams", "phone": "1"})
    site.signed_in("bob@example.com", profile={"full_name": "Bob"})
    site.signed_in("ada@example.com")
    token = site.token(ada, "read")["Authorization"].removeprefix("Bearer ")

    answer = ada.get("/identity/profile/export", headers=accept)

    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="my-data.json"'
    assert answer.headers["Cache-Control"] == "no-store"
    kept = json.loads(answer.data)
    assert set(kept) == KEPT
    user = kept["user"]
    assert (user["email"], user["username"], user["active"], user["login_count"]) == ("ada@example.com", "ada", True, 2)
    assert user["current_login_at"].endswith("+00:00")
    assert (kept["profile"]["full_name"], kept["profile"]["phone"], kept["roles"]) == ("Zoë Ädams", "1", ["user"])
    assert sorted(each["current"] for each in kept["sessions"]) == [False, True]
    assert [(each["name"], each["scopes"]) for each in kept["tokens"]] == [("a program", ["read"])]

    row = site.row(user["id"])
    secrets = [row["password"], row["uniquifier"], token, *(each["digest"] for each in site.rows("identity_session"))]
    assert not [secret for secret in secrets if secret in answer.text]
    assert not [each["id"] for each in site.rows("identity_session") if each["id"] in answer.text]
    assert "bob" not in answer.text.lower()


def test_it_is_for_people_who_are_signed_in(site):
    ada = site.signed_in("ada@example.com")
    program = site.token(ada, "read")

    assert error_of(site.client().get("/identity/profile/export", headers=JSON)) == (401, "not_signed_in")
    assert error_of(site.program().get("/identity/profile/export", headers=program)) == (403, "token_not_allowed")
    assert 'href="/identity/profile/export" download' in ada.get("/identity/profile", headers=HTML).text


def test_what_happened_to_oneself_comes_along_the_newest_and_not_who_else_did_it(site, monkeypatch):
    """A-126."""
    monkeypatch.setattr(export, "_AT_ONCE", 2)
    monkeypatch.setattr(export, "MOST_EVENTS", 5)
    ada, root = site.person(), site.signed_in("root@example.com", roles=["admin"])
    for status in ("suspended", "active") * 2:
        root.put("/identity/update_status", json={"id": ada, "status": status})
    client = site.signed_in()

    kept = json.loads(client.get("/identity/profile/export").data)["activity"]
    told = client.get("/identity/activity", headers=JSON).get_json()["response"]["events"]
    assert [event["what"] for event in kept] == ["signed_in", *["account_activated", "account_suspended"] * 2]
    assert kept == told[:5]
    assert {(event["actor"], event["ip"]) for event in kept[1:]} == {(None, None)}
    page = client.get("/identity/profile", headers=HTML).text
    assert "up to 10,000 entries of what happened" in page


def test_it_says_nothing_of_what_happened_where_that_is_not_kept(build):
    ada = build(IDENTITY_PROFILE=True).signed_in()

    assert "activity" not in json.loads(ada.get("/identity/profile/export").data)
    assert "roles, sessions and API tokens." in ada.get("/identity/profile", headers=HTML).text
