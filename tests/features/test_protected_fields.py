"""What may be sent about an account and by whom, by both ORMs: A-123 to A-127, A-136, A-140, S-077, S-078."""

from __future__ import annotations

import pytest

from tests.support.apps import JSON, error_of

NEVER = 987654


@pytest.fixture
def ada(site):
    return site.signed_in("ada@example.com")


@pytest.fixture
def root(site):
    return site.signed_in("root@example.com", roles=["admin"])


def edit(client, **body):
    return client.put("/identity/edit_user", json=body)


KNOWN = ("active", "password", "uniquifier", "roles", "roles[]", "status", "is_admin", "failed_logins", "locked_until")


@pytest.mark.parametrize("field", [*KNOWN, "confirmed_at", "password_hash", "permissions", "created_at", "nickname"])
def test_a_known_field_that_the_caller_may_not_set_is_403_named_and_not_echoed(root, field):
    """A-123, A-124, S-078: nor may an administrator."""
    answer = edit(root, **{field: "canary-value"})

    assert error_of(answer) == (403, "field_not_allowed")
    assert set(answer.json["response"]["field_errors"]) == {field}
    assert "canary-value" not in answer.text


@pytest.mark.parametrize("field", ["fs_uniquifier", "email_verified", "data", "nonsense"])
def test_an_unknown_field_is_400_and_not_echoed(ada, field):
    """A-123, A-124."""
    answer = edit(ada, **{field: "canary-value"})

    assert error_of(answer) == (400, "unknown_field")
    assert "canary-value" not in answer.text


@pytest.mark.parametrize("field", ["user_id", "id", "image", "search_name", "role", "nonsense"])
def test_a_field_beside_those_of_a_profile_is_refused_and_changes_nothing(ada, site, field):
    """A-123, A-126: a profile is not given to somebody else."""
    other = site.person("bob@example.com")

    answer = edit(ada, profile={"bio": "mine", field: other})

    assert error_of(answer)[0] in (400, 403)
    assert all(row["bio"] is None and row["image"] is None for row in site.rows("identity_profile"))


@pytest.mark.parametrize("value", [{"a": 1}, ["a"], 7, True, 1.5])
@pytest.mark.parametrize("field", ["email", "username", "role", "full_name", "website", "version", "profile", "id"])
def test_a_value_of_another_kind_is_400_in_every_field(root, field, value):
    """A-140."""
    value = [value] if field in ("version", "id") else value  # where a number belongs
    body = {"profile": {field: value}} if field in ("full_name", "website") else {field: value}

    wanted = "unknown_field" if field == "profile" and isinstance(value, dict) else "invalid_input"
    assert error_of(edit(root, **body)) == (400, wanted)


@pytest.mark.parametrize("role", ["no such role", "x" * 81, "admin\n", "", " admin", "Admin ", "user,admin", "\0"])
def test_a_role_that_is_none_is_400_and_stored_nowhere(root, site, role):
    """A-127."""
    ada = site.person()

    assert error_of(edit(root, id=ada, role=role))[0] == 400
    assert {row["name"] for row in site.rows("role")} == {"user", "admin"}
    (held,) = [row["role_id"] for row in site.rows("user_role") if row["user_id"] == ada]
    assert held == next(row["id"] for row in site.rows("role") if row["name"] == "user")


def test_one_administrator_cannot_take_over_the_account_of_another_unseen(root, site):
    """A-125: an administrator's address changes with a fresh sign-in only, and the last one cannot be demoted."""
    root_id = next(row["id"] for row in site.rows(site.users))

    assert error_of(edit(root, id=root_id, role="user")) == (409, "own_account")
    assert error_of(root.delete(f"/identity/delete_user?id={root_id}")) == (409, "own_account")


def test_an_ordinary_user_changes_nobody_and_learns_nothing(ada, site):
    """A-125, A-126, S-077."""
    other = site.person("bob@example.com")
    for answers in (
        [edit(ada, id=each, profile={"bio": "x"}) for each in (other, NEVER)],
        [ada.get(f"/identity/edit_user?id={each}", headers=JSON) for each in (other, NEVER)],
    ):
        assert {error_of(answer) for answer in answers} == {(404, "not_found")}
        assert len({answer.data for answer in answers}) == 1
    assert error_of(edit(ada, role="admin")) == (403, "field_not_allowed")
    assert error_of(edit(ada, id=other, role="admin"))[0] in (403, 404)
    for answers in (
        [ada.put("/identity/update_status", json={"id": each, "status": "suspended"}) for each in (other, NEVER, "x")],
        [ada.delete(f"/identity/delete_user?id={each}") for each in (other, NEVER, "x")],
    ):
        assert {error_of(answer) for answer in answers} == {(403, "not_allowed")}
        assert len({answer.data for answer in answers}) == 1


@pytest.mark.parametrize(
    "website", ["javascript:alert(1)", " java\nscript:x", "data:text/html,x", "//evil.example", "vbscript:x", "http://"]
)
def test_a_website_is_one_of_the_web_or_400(ada, website):
    """A-136."""
    assert error_of(edit(ada, profile={"website": website})) == (400, "invalid_input")


def test_what_is_written_comes_back_as_it_was_in_json_and_as_text_on_every_page(ada, root, site):
    """A-136: markup, attribute break-out, template syntax, script strings."""
    hostile = "\"'><img src=x onerror=alert(1)>{{7*7}}</script><script>alert(1)</script>\\u003c"
    user = edit(ada, profile={"full_name": hostile, "bio": hostile}).json["response"]["user"]

    assert user["profile"]["full_name"] == user["profile"]["bio"] == hostile
    for client, path in ((ada, "profile"), (ada, "edit_user"), (root, f"users/{user['id']}"), (root, "user_list")):
        page = client.get(f"/identity/{path}", headers={"Accept": "text/html"})
        assert page.status_code == 200
        assert "<img src=x" not in page.text
        assert "<script>alert" not in page.text


def test_an_answer_without_a_picture_has_no_warnings(ada):
    assert "warnings" not in edit(ada, profile={"bio": "x"}).json["response"]


def test_an_id_is_an_integer_or_its_canonical_text(root, site):
    ada = site.person()

    for sent in (ada, str(ada)):
        assert edit(root, id=sent, profile={"bio": str(sent)}).json["response"]["user"]["id"] == ada
    for sent in (f"0{ada}", f" {ada}", f"{ada}.0", float(ada) + 0.5, "+1", [ada], True, ""):
        assert error_of(edit(root, id=sent, profile={"bio": "x"})) == (400, "invalid_input"), sent
        if isinstance(sent, str):
            assert error_of(root.delete("/identity/delete_user", query_string={"id": sent}))[0] == 400
    assert error_of(root.delete("/identity/delete_user")) == (400, "invalid_input")
    assert error_of(root.delete(f"/identity/delete_user?id={NEVER}")) == (404, "not_found")
