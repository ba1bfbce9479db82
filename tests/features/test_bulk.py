"""One thing done to many people: S-081, S-082, A-124, A-127, F-28."""

from __future__ import annotations

from typing import Any

import pytest

from flask_identity import user_deleted
from tests.support.apps import HTML, JSON, error_of

NEVER = 987654


def bulk(client, **body):
    return client.post("/identity/users/bulk", json=body)


def came_to(answer):
    assert answer.status_code == 200, answer.text
    return answer.json["response"]


@pytest.fixture
def root(site):
    return site.signed_in("root@example.com", roles=["admin"])


@pytest.fixture
def root_id(site, root):
    with site.app.app_context():
        return site.identity.datastore.find_user(email="root@example.com").id


@pytest.fixture
def people(site):
    return [site.person(f"p{number}@example.com") for number in range(4)]


def test_those_named_are_suspended_and_out_at_once_and_who_cannot_be_is_skipped_with_the_reason(
    site, root, root_id, people
):
    ada = site.signed_in("p0@example.com")

    found = came_to(bulk(root, ids=[people[0], str(people[1]), root_id, NEVER, 2**40, people[0]], action="suspend"))

    skipped = {(each["id"], each["code"]) for each in found["skipped"]}
    assert (found["done"], found["more"]) == (2, False)
    assert skipped == {(root_id, "own_account"), (NEVER, "not_found"), (2**40, "not_found")}
    assert [bool(site.row(each)["active"]) for each in people] == [False, False, True, True]
    assert ada.get("/identity/profile", headers=JSON).status_code == 401


def test_activating_unlocks_and_repeating_is_no_fault(site, root, people):
    site.write(people[0], active=False, failed_logins=5)

    assert came_to(bulk(root, ids=people, action="activate"))["done"] == 4
    assert came_to(bulk(root, ids=people, action="activate"))["done"] == 4
    assert (bool(site.row(people[0])["active"]), site.row(people[0])["failed_logins"]) == (True, 0)


def test_a_role_replaces_all_others_and_an_open_edit_is_told(site, root, people):
    """F-28: whoever edits on what was before gets 409."""
    with site.app.app_context():
        site.identity.datastore.create_role("editor", rank=10)
    seen = site.row(people[0])["version"]

    assert came_to(bulk(root, ids=people, action="set_role", role="editor")) == {
        **{"done": 4, "skipped": [], "more": False}
    }
    listed = root.get("/identity/user_list?role=editor", headers=JSON).json["response"]["users"]
    assert [user["id"] for user in listed] == people
    edit = {"id": people[0], "profile": {"bio": "x"}, "version": seen}
    assert error_of(root.put("/identity/edit_user", json=edit)) == (409, "changed_meanwhile")


def test_nobody_demotes_himself_nor_deletes_himself(site, root, root_id, people):
    """S-082, A-124."""
    for body in ({"action": "set_role", "role": "user"}, {"action": "delete"}, {"action": "suspend"}):
        found = came_to(bulk(root, ids=[root_id], **body))
        assert found == {"done": 0, "skipped": [{"id": root_id, "code": "own_account"}], "more": False}
    assert bool(site.row(root_id)["active"])
    assert root.get("/identity/user_list", headers=JSON).status_code == 200


def test_one_who_cannot_be_deleted_keeps_everything_and_the_others_go(site, root, people):
    """S-118: of each person all happens or nothing."""
    from flask_identity.base.errors import InUse

    def refuse(_, *, user, **__):
        if user.id == people[1]:
            raise InUse

    with user_deleted.connected_to(refuse, sender=site.app):
        found = came_to(bulk(root, ids=people, action="delete"))

    assert found == {"done": 3, "skipped": [{"id": people[1], "code": "in_use"}], "more": False}
    assert bool(site.row(people[1])["active"])
    assert {row["user_id"] for row in site.rows("identity_profile")} >= {people[1]}
    assert not {row["user_id"] for row in site.rows("user_role")} & {people[0], people[2], people[3]}


@pytest.mark.parametrize(
    "body",
    [
        {"action": "suspend"},
        {"action": "suspend", "ids": []},
        {"action": "suspend", "ids": [1], "all_matching": {}},
        {"action": "suspend", "ids": ["01"]},
        {"action": "suspend", "ids": [True]},
        {"action": "suspend", "ids": [{"id": 1}]},
        {"action": "suspend", "ids": "1"},
        {"action": "suspend", "ids": list(range(1001))},
        {"action": "suspend", "ids": [1], "role": "user"},
        {"action": "set_role", "ids": [1]},
        {"action": "set_role", "ids": [1], "role": "no such role"},
        {"action": "set_role", "ids": [1], "role": "x" * 81},
        {"action": "set_role", "ids": [1], "role": {"name": "admin"}},
        {"action": "promote", "ids": [1]},
        {"action": ["suspend"], "ids": [1]},
        {"action": "suspend", "all_matching": {"status": "gone"}},
        {"action": "suspend", "all_matching": []},
    ],
    ids=str,
)
def test_what_is_no_bulk_change_is_400_and_changes_nobody(root, body):
    """A-127, A-140."""
    assert error_of(bulk(root, **body)) == (400, "invalid_input")


def test_an_unknown_role_and_an_unknown_field_are_named(root, people):
    assert error_of(bulk(root, ids=people, action="set_role", role="nobody")) == (400, "unknown_role")
    assert error_of(bulk(root, ids=people, action="suspend", reason="x")) == (400, "unknown_field")
    assert error_of(bulk(root, action="suspend", all_matching={"sort": "email"})) == (400, "unknown_field")


def test_an_ordinary_user_may_not_whoever_is_named(site, people):
    """S-080: and learns nothing of who is there."""
    ada = site.signed_in("ada@example.com")
    answers = {bulk(ada, ids=[each], action="delete").data for each in (people[0], NEVER)}

    assert len(answers) == 1
    assert error_of(bulk(ada, ids=["x"], action="nonsense")) == (403, "not_allowed")


def test_roles_and_deletions_need_a_fresh_sign_in(build):
    """S-081."""
    site = build(IDENTITY_PEOPLE=True, IDENTITY_FRESH_FOR=-1)
    root, ada = site.signed_in("root@example.com", roles=["admin"]), site.person()

    for body in ({"action": "delete"}, {"action": "set_role", "role": "admin"}):
        assert error_of(bulk(root, ids=[ada], **body)) == (403, "fresh_sign_in_required")
    assert came_to(bulk(root, ids=[ada], action="suspend"))["done"] == 1


def test_all_that_match_are_changed_some_at_a_time_until_there_are_no_more(site, root, people, monkeypatch):
    from flask_identity.features.people import bulk as parts

    monkeypatch.setattr(parts, "AT_ONCE", 2)
    with site.app.app_context():
        site.identity.datastore.create_role("editor")
    for action in ({"action": "suspend"}, {"action": "activate"}, {"action": "set_role", "role": "editor"}):
        done: list[dict[str, Any]] = []
        while not done or done[-1]["more"]:
            done.append(came_to(bulk(root, all_matching={"q": "p"}, **action)))
        assert [(each["done"], each["more"]) for each in done] == [(2, True), (2, False)], action

    assert came_to(bulk(root, all_matching={"role": "editor", "status": "active"}, action="delete"))["more"]
    assert came_to(bulk(root, all_matching={}, action="suspend"))["skipped"][0]["code"] == "own_account"
    assert len(site.rows(site.users)) == 3


def test_forms_do_the_same_and_ask_before_deleting(site, root, people):
    form = {"action": "suspend", "ids": [str(people[0]), str(people[1])], "back": "/identity/user_list?q=p"}
    page = root.post("/identity/users/bulk", data=form, headers=HTML)
    assert (page.status_code, page.mimetype) == (200, "text/html")
    assert "2 suspended" in page.text
    assert "/identity/user_list?q=p" in page.text

    asked = root.post("/identity/users/bulk", data={**form, "action": "delete"}, headers=HTML)
    assert "Delete 2 users?" in asked.text
    assert len(site.rows(site.users)) == 5
    root.post("/identity/users/bulk", data={**form, "action": "delete", "confirmed": "true"}, headers=HTML)
    assert len(site.rows(site.users)) == 3

    empty = root.post("/identity/users/bulk", data={"action": "suspend"}, headers=HTML)
    assert (empty.status_code, empty.mimetype) == (400, "text/html")
    every = {"action": "suspend", "all_matching": "true", "q": "p", "status": "active"}
    assert "2 suspended" in root.post("/identity/users/bulk", data=every, headers=HTML).text
