"""Suspending and activating people: S-058, S-077, S-082, A-049, A-124 to A-126, R-47."""

# ruff: noqa: RUF001 - characters that look like others are what is tested

from __future__ import annotations

from typing import Any

import pytest

from tests.support.apps import HTML, JSON, error_of, sign_in


def put(client, **body):
    return client.put("/identity/update_status", json=body)


@pytest.fixture
def root(site):
    return site.signed_in("root@example.com", roles=["admin"])


def is_in(client, headers=None):
    return client.get("/identity/profile", headers={**JSON, **(headers or {})}).status_code == 200


def test_a_suspended_person_is_out_at_once_and_the_answer_says_how_many_sessions_ended(site_on_each):
    site = site_on_each
    root = site.signed_in("root@example.com", roles=["admin"])
    user = site.person()
    ada, bearer = site.signed_in(), site.bearer()
    answer = put(root, id=user, status="suspended", reason="spam")
    assert answer.status_code == 200
    said = answer.json["response"]
    assert said["sessions_ended"] == 2
    assert (said["user"]["id"], said["user"]["status"], said["user"]["email"]) == (user, "suspended", "ada@example.com")
    assert not is_in(ada)
    assert not is_in(site.program(), bearer)
    assert sign_in(site.client()).status_code == 401
    assert site.row(user)["suspended_reason"] == "spam"


def test_repeating_is_200_and_changes_nothing(site, root):
    """R-47: a state is set, not toggled."""
    user = site.person()
    for status in ("suspended", "active"):
        assert put(root, id=user, status=status).json["response"]["user"]["status"] == status
        version = site.row(user)["version"]
        answer = put(root, id=user, status=status)
        assert answer.status_code == 200
        assert answer.json["response"]["user"]["status"] == status
        assert site.row(user)["version"] == version


def test_activating_unlocks_and_forgets_but_revives_no_session(site, root):
    user = site.person()
    ada = site.signed_in()
    for _ in range(5):
        sign_in(site.client(), password="wrong")
    assert put(root, id=user, status="suspended", reason="spam").status_code == 200
    answer = put(root, id=user, status="active")
    assert answer.json["response"] == {"user": answer.json["response"]["user"], "sessions_ended": 0}
    row = site.row(user)
    assert (row["failed_logins"], row["locked_until"], row["suspended_reason"]) == (0, None, None)
    assert not is_in(ada)
    assert sign_in(site.client()).status_code == 200


@pytest.mark.parametrize("as_text", [False, True])
def test_an_id_is_an_integer_or_its_canonical_text(site, root, as_text):
    user = site.person()
    assert put(root, id=str(user) if as_text else user, status="suspended").status_code == 200


@pytest.mark.parametrize(
    "odd", ["01", "+1", " 1", "1 ", "1.0", 1.0, True, None, [1], {"a": 1}, "", "x", "１", "1e0", "0x1"]
)
def test_an_id_in_another_form_is_400(site, root, odd):
    """A-049: no juggling of types."""
    assert error_of(put(root, id=odd, status="suspended")) == (400, "invalid_input")
    assert {row["active"] for row in site.rows("user")} == {True}


@pytest.mark.parametrize("nobody", [999_999, "999999", 0, -1, 2**31, 2**63, 10**30])
def test_an_id_nobody_has_is_404_or_400(site, root, nobody):
    status, code = error_of(put(root, id=nobody, status="suspended"))
    assert (status, code) in ((404, "not_found"), (400, "invalid_input"))


@pytest.mark.parametrize("status", ["locked", "pending", "deleted", "", "Active", 1, None, [], {}, True])
def test_a_status_that_cannot_be_set_is_400(site, root, status):
    user = site.person()
    assert error_of(put(root, id=user, status=status)) == (400, "invalid_input")


@pytest.mark.parametrize("reason", [1, [], {}, True, "x" * 256, "a\0b", "\ud800"])
def test_a_reason_is_short_text(site, root, reason):
    user = site.person()
    assert error_of(put(root, id=user, status="suspended", reason=reason)) == (400, "invalid_input")


def test_nobody_suspends_himself(site, root):
    """S-082, A-124."""
    me = site.rows("user")[0]["id"]
    answer = put(root, id=me, status="suspended")
    assert error_of(answer) == (409, "own_account")
    assert is_in(root)
    assert put(root, id=me, status="active").status_code == 200


def test_a_second_administrator_can_be_suspended_the_last_one_remains(site, root):
    """S-082."""
    other = site.admin("second@example.com")
    second = site.signed_in("second@example.com")
    assert put(root, id=other, status="suspended").status_code == 200
    assert not is_in(second)
    assert error_of(put(root, id=site.rows("user")[0]["id"], status="suspended")) == (409, "own_account")


def test_an_ordinary_user_may_not_whoever_the_id_is(site):
    """S-077: identical bytes, before the id is read."""
    ada = site.signed_in()
    root = site.admin()
    me = next(row["id"] for row in site.rows("user") if row["email"] == "ada@example.com")
    ids: list[Any] = [root, me, 999_999, "x", None, []]
    answers = [put(ada, id=each, status="suspended") for each in ids]
    assert {error_of(answer) for answer in answers} == {(403, "not_allowed")}
    assert len({answer.data for answer in answers}) == 1


def test_a_bearer_session_of_an_administrator_may(site):
    site.admin()
    user = site.person()
    answer = site.program().put(
        "/identity/update_status", json={"id": user, "status": "suspended"}, headers=site.bearer("root@example.com")
    )
    assert answer.status_code == 200


@pytest.mark.parametrize("field", ["role", "active", "email", "password", "password_hash"])
def test_nothing_else_can_be_changed_on_the_way(site, root, field):
    """A-123, A-124."""
    user = site.person()
    assert error_of(put(root, id=user, status="suspended", **{field: "x"}))[0] in (400, 403)
    assert site.row(user)["active"] is True


def test_without_javascript_a_form_does_the_same_and_leads_back(site, root):
    user = site.person()
    url = f"/identity/users/{user}/status"
    answer = root.post(url, data={"status": "suspended", "back": "/identity/user_list?status=active"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/identity/user_list?status=active")
    assert site.row(user)["active"] is False
    for evil in ("//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"):
        answer = root.post(url, data={"status": "active", "back": evil})
        assert answer.headers["Location"] == "/identity/user_list"
    me = site.rows("user")[0]["id"]
    answer = root.post(f"/identity/users/{me}/status", data={"status": "suspended"}, headers=HTML)
    assert answer.status_code == 409
    assert "own account" in answer.text
