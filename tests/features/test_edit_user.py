"""E6: read, edit and delete accounts, as JSON and by form."""

from __future__ import annotations

import pytest

from tests.support.apps import HTML, JSON, error_of

NEVER = 987654


def edit(client, **body):
    return client.put("/identity/edit_user", json=body)


def read(client, user_id=None):
    return client.get("/identity/edit_user", headers=JSON, query_string={} if user_id is None else {"id": user_id})


@pytest.fixture
def ada(site):
    return site.signed_in("ada@example.com")


@pytest.fixture
def root(site):
    return site.signed_in("root@example.com", roles=["admin"])


def test_one_reads_and_edits_ones_own_account(site, ada):
    answer = edit(
        ada, profile={"full_name": "Ada Lovelace", "website": "https://ada.example"}, username="Ada", version=1
    )
    user = answer.json["response"]["user"]

    assert answer.status_code == 200
    assert (user["username"], user["profile"]["full_name"], user["version"]) == ("ada", "Ada Lovelace", 2)
    assert read(ada).json["response"]["user"] == user


def test_a_field_left_out_stays_and_null_empties_it(ada):
    edit(ada, profile={"full_name": "Ada", "phone": "1"})

    profile = edit(ada, profile={"phone": None}).json["response"]["user"]["profile"]

    assert (profile["full_name"], profile["phone"]) == ("Ada", None)


def test_an_edit_over_somebody_elses_is_refused_and_changes_nothing(ada, root, site):
    """F-28."""
    seen = read(ada).json["response"]["user"]
    edit(root, id=seen["id"], profile={"full_name": "By the administrator"})

    assert error_of(edit(ada, profile={"full_name": "Mine"}, version=seen["version"])) == (409, "changed_meanwhile")
    assert read(ada).json["response"]["user"]["profile"]["full_name"] == "By the administrator"
    assert edit(ada, profile={"full_name": "Mine"}).status_code == 200


def test_somebody_elses_id_and_an_invented_one_look_alike(ada, site):
    """A-126, S-077."""
    other = site.person("bob@example.com")

    answers = {(answer.status_code, answer.data) for answer in (read(ada, other), read(ada, NEVER))}
    assert len(answers) == 1
    assert error_of(read(ada, other)) == (404, "not_found")
    assert error_of(edit(ada, id=other, profile={"bio": "x"})) == (404, "not_found")


@pytest.mark.parametrize(
    "field",
    ["active", "password", "uniquifier", "failed_logins", "roles", "status", "is_admin", "version_id", "created_at"],
)
def test_no_protected_field_is_set_or_echoed(ada, site, field):
    """A-123."""
    answer = edit(ada, **{field: "canary-value"})

    assert error_of(answer)[0] == (400 if field == "version_id" else 403)
    assert "canary-value" not in answer.text


def test_only_an_administrator_sets_a_role(ada, root, site):
    """A-124."""
    ada_id = read(ada).json["response"]["user"]["id"]

    assert error_of(edit(ada, role="admin")) == (403, "field_not_allowed")
    assert error_of(edit(ada, role=None)) == (403, "field_not_allowed")
    assert error_of(edit(root, id=ada_id, role="emperor")) == (400, "unknown_role")
    assert edit(root, id=ada_id, role="admin").json["response"]["user"]["role"] == "admin"
    assert ada.get("/identity/user_list", headers=JSON).status_code == 200, "at the next request (S-079)"


def test_a_taken_address_is_refused_in_every_spelling(ada, site):
    site.person("bob@example.com")

    assert error_of(edit(ada, email=" BOB@Example.com ")) == (409, "email_taken")
    assert error_of(edit(ada, email=None)) == (400, "invalid_input")
    assert edit(ada, email="ADA@example.com").json["response"]["user"]["email"] == "ada@example.com"


@pytest.mark.parametrize(
    "website", ["javascript:alert(1)", " java\nscript:x", "data:text/html,x", "//evil", "vbscript:x"]
)
def test_a_website_is_one_of_the_web(ada, website):
    """A-136, T07."""
    answer = edit(ada, profile={"website": website})

    assert error_of(answer) == (400, "invalid_input")
    assert list(answer.json["response"]["field_errors"]) == ["profile.website"]


def test_renaming_needs_a_fresh_sign_in_and_a_profile_does_not(build):
    site = build(IDENTITY_THROTTLE=False, IDENTITY_PROFILE=True, IDENTITY_PEOPLE=True, IDENTITY_FRESH_FOR=-1)
    ada = site.signed_in()

    assert error_of(edit(ada, email="new@example.com")) == (403, "fresh_sign_in_required")
    assert error_of(edit(ada, username="new")) == (403, "fresh_sign_in_required")
    assert edit(ada, email="ada@example.com", profile={"bio": "x"}).status_code == 200, "the same address is no change"


def test_nobody_demotes_or_deletes_themselves(root):
    own = read(root).json["response"]["user"]["id"]

    assert error_of(edit(root, role="user")) == (409, "own_account")
    assert error_of(root.delete(f"/identity/delete_user?id={own}")) == (409, "own_account")


def test_an_administrator_deletes_an_account_with_all_that_is_its(site, ada, root):
    """S-041, S-058."""
    ada_id = read(ada).json["response"]["user"]["id"]

    assert root.delete(f"/identity/delete_user?id={ada_id}").status_code == 200
    assert error_of(read(ada)) == (401, "not_signed_in")
    assert error_of(root.delete(f"/identity/delete_user?id={ada_id}")) == (404, "not_found")
    left = [row for table in ("identity_session", "identity_profile", "user_role") for row in site.rows(table)]
    assert not [row for row in left if row["user_id"] == ada_id]


@pytest.mark.parametrize("sent", ["", "x", "1.0", "01", "-1", "null", "1e3"])
def test_an_id_of_another_form_is_refused(root, sent):
    status = root.delete("/identity/delete_user", query_string={"id": sent}).status_code
    assert status == (404 if sent == "-1" else 400)


def test_an_ordinary_user_deletes_nobody(ada, site):
    """S-080: refused before the id is read."""
    answers = {
        ada.delete(f"/identity/delete_user?id={sent}").data for sent in (site.person("b@example.com"), NEVER, "x")
    }
    assert len(answers) == 1
    assert error_of(ada.delete("/identity/delete_user?id=x")) == (403, "not_allowed")


def test_the_form_saves_shows_what_was_wrong_and_asks_before_deleting(site, ada, root):
    ada_id = read(ada).json["response"]["user"]["id"]
    form = {"account_email": "ada@example.com", "full_name": "Ada <b>", "website": "nope"}

    refused = ada.post(f"/identity/users/{ada_id}/edit", data=form, headers=HTML)
    assert refused.status_code == 400
    assert "Ada &lt;b&gt;" in refused.text
    assert "Enter a web address" in refused.text
    saved = ada.post(f"/identity/users/{ada_id}/edit", data={**form, "website": ""}, headers=HTML)
    assert (saved.status_code, saved.headers["Location"]) == (303, "/identity/profile")
    assert "Ada &lt;b&gt;" in ada.get("/identity/profile", headers=HTML).text

    asked = root.get(f"/identity/users/{ada_id}/delete", headers=HTML)
    assert "1 session ends at once" in asked.text
    assert root.post(f"/identity/users/{ada_id}/delete", headers=HTML).status_code == 303
    assert error_of(read(root, ada_id)) == (404, "not_found")
