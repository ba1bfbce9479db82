"""What happened: S-122, S-125, S-041, S-114, R-58, A-126; with every act exactly one row, with none of them none."""

from __future__ import annotations

import csv
import io
from contextlib import suppress

from flask_identity.core import sweep
from flask_identity.features.activity import actions, export, recording
from tests.support.apps import HTML, JSON, PASSWORD, error_of, sign_in

NEW = "tin kettle orbit seven"


def log(client, **query):
    answer = client.get("/identity/audit_log", headers=JSON, query_string=query)
    assert answer.status_code == 200, answer.text
    return answer.get_json()["response"]["events"]


def told(events):
    return [(event["what"], event["actor"], event["target"], event["outcome"]) for event in events]


def test_what_people_do_is_told_to_an_administrator_newest_first(site_on_each):
    site = site_on_each
    ada = site.person()
    client = site.signed_in()
    sign_in(site.client(), password="wrong")
    client.post("/identity/change_password", json={"password": PASSWORD, "new_password": NEW})
    client.post("/identity/logout", headers=JSON)
    root = site.signed_in("root@example.com", roles=["admin"])

    assert told(log(root, target=str(ada))) == [
        ("signed_out", ada, ada, "ok"),
        ("password_changed", ada, ada, "ok"),
        ("sign_in_failed", None, ada, "refused"),
        ("signed_in", ada, ada, "ok"),
        ("account_created", None, ada, "ok"),
    ]


def test_what_is_done_to_others_names_who_did_it_and_roles_and_fields_but_no_value(site):
    ada, root_id = site.person(), site.admin()
    root = site.signed_in("root@example.com")
    for status in ("suspended", "active"):
        assert root.put("/identity/update_status", json={"id": ada, "status": status}).status_code == 200
    for change in ({"role": "admin"}, {"email": "countess@example.com"}):
        assert root.put("/identity/edit_user", json={"id": ada, **change}).status_code == 200

    done = ("account_changed", "roles_changed", "account_activated", "account_suspended")
    assert told(log(root, actor="root@", target=str(ada))) == [(what, root_id, ada, "ok") for what in done]
    rows = sorted(site.rows("identity_activity"), key=lambda row: row["id"])
    details = [row["details"] for row in rows if row["target"] == str(ada)]
    assert details == ["", "", "", '{"roles":["admin"]}', '{"fields":["email"]}']


def test_an_act_that_is_undone_leaves_no_row(site):
    with site.app.app_context(), suppress(ZeroDivisionError), site.identity.datastore.unit():
        site.identity.datastore.create_user("ada@example.com")
        raise ZeroDivisionError

    assert site.rows("identity_activity") == []


def test_a_lock_is_told_once_reached_and_what_it_refuses_is_not(site):
    ada = site.person()
    for _ in range(8):
        sign_in(site.client(), password="wrong")

    what = [row["what"] for row in site.rows("identity_activity") if row["target"] == str(ada)]
    assert sorted(what) == ["account_created", "account_locked", *["sign_in_failed"] * 5]


def test_a_name_that_is_nobodys_is_not_kept_and_a_flood_of_them_ends(site, monkeypatch):
    monkeypatch.setattr(recording, "UNKNOWN_AN_HOUR", 2)
    for number in range(4):
        sign_in(site.client(), f"swordfish{number}@example.com", "wrong")

    rows = site.rows("identity_activity")
    assert [(row["what"], row["actor"], row["target"]) for row in rows] == [("sign_in_failed", None, None)] * 2
    assert "swordfish" not in str(rows)


def test_people_see_their_own_and_not_who_else_did_it(site):
    """A-126."""
    ada, root = site.person(), site.signed_in("root@example.com", roles=["admin"])
    for status in ("suspended", "active"):
        root.put("/identity/update_status", json={"id": ada, "status": status})
    client = site.signed_in()

    events = client.get("/identity/activity", headers=JSON).get_json()["response"]["events"]
    assert told(events)[:2] == [("signed_in", ada, ada, "ok"), ("account_activated", None, ada, "ok")]
    assert [event["ip"] for event in events[:2]] == ["127.0.0.1", None]
    assert error_of(client.get("/identity/audit_log?since=nonsense", headers=JSON)) == (403, "not_allowed")
    page = client.get("/identity/activity", headers=HTML).text
    assert "Account activated" in page
    assert "root@example.com" not in page


def test_who_was_deleted_stays_as_an_id_without_any_address(site):
    """S-041."""
    root = site.signed_in("root@example.com", roles=["admin"])
    site.signed_in()
    with site.app.app_context():
        ada = site.identity.datastore.find_user(email="ada@example.com").id
    assert root.delete(f"/identity/delete_user?id={ada}").status_code == 200

    rows = [row for row in site.rows("identity_activity") if row["target"] == str(ada)]
    assert {row["what"]: row["ip"] for row in rows} == {
        "account_created": None,
        "signed_in": None,
        "account_deleted": "127.0.0.1",
    }
    assert "ada@example.com" not in str(rows)
    page = root.get("/identity/audit_log", headers=HTML, query_string={"target": str(ada)}).text
    assert page.count("Deleted account") >= 3


def test_a_persons_page_shows_what_happened_last(site):
    ada, root = site.person(), site.signed_in("root@example.com", roles=["admin"])
    root.put("/identity/update_status", json={"id": ada, "status": "suspended"})

    page = root.get(f"/identity/users/{ada}", headers=HTML).text
    assert "Account suspended" in page
    assert f"/identity/audit_log?target={ada}" in page


def test_the_log_is_filtered_by_kind_and_day_and_read_page_by_page(site, monkeypatch):
    monkeypatch.setattr(actions, "SHOWN", 2)
    for name in ("ada", "bob", "eve"):
        site.person(f"{name}@example.com")
    root = site.signed_in("root@example.com", roles=["admin"])
    seen, query = [], {"what": "account_created"}
    while query.get("cursor", "") is not None:
        answer = root.get("/identity/audit_log", headers=JSON, query_string=query).get_json()["response"]
        seen += [event["target"] for event in answer["events"]]
        query["cursor"] = answer["next"]

    assert len(seen) == len(set(seen)) == 4
    assert seen == sorted(seen, reverse=True)
    assert log(root, until="2020-01-01") == []
    assert len(log(root, since="2020-01-01", until="9999-12-30", target="bob@example.com")) == 1
    for query in ({"since": "soon"}, {"cursor": "x"}, {"what": "password"}):
        answer = root.get("/identity/audit_log", headers=JSON, query_string=query)
        assert error_of(answer)[0] == 400


def exported(client, **query):
    answer = client.get("/identity/audit_log.csv", query_string=query)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/csv; charset=utf-8"), answer.text
    assert answer.headers["Content-Disposition"] == 'attachment; filename="audit_log.csv"'
    return list(csv.DictReader(io.StringIO(answer.text, newline="")))


def test_the_whole_log_comes_as_a_file_with_the_filters_of_the_page(site_on_each, monkeypatch):
    """A-138, A-126."""
    site = site_on_each
    monkeypatch.setattr(actions, "_AT_ONCE", 2)
    people = [site.person(f"+{number}@example.com") for number in range(5)]
    root = site.signed_in("root@example.com", roles=["admin"])
    root.put("/identity/edit_user", json={"id": people[0], "role": "admin"})

    rows = exported(root, what="account_created")
    assert [row["target"] for row in rows] == [row["target"] for row in map(text_of, log(root, what="account_created"))]
    assert [row["target_email"] for row in rows[1:]] == [f"'+{number}@example.com" for number in (4, 3, 2, 1, 0)]
    (row,) = exported(root, actor="root@", what="roles_changed")
    assert tuple(row) == export.COLUMNS
    assert (row["actor_email"], row["outcome"], row["details"]) == ("root@example.com", "ok", '{"roles":["admin"]}')
    assert exported(root, until="2020-01-01") == []
    assert 'href="/identity/audit_log.csv?what=signed_in"' in root.get("/identity/audit_log?what=signed_in").text

    assert error_of(site.signed_in().get("/identity/audit_log.csv?since=x", headers=JSON)) == (403, "not_allowed")
    assert error_of(root.get("/identity/audit_log.csv?since=x", headers=JSON)) == (400, "invalid_input")


def text_of(event):
    return {name: None if value is None else str(value) for name, value in event.items()}


def test_rows_go_when_they_are_older_than_is_wanted(site):
    site.person()
    with site.app.app_context():
        sweep.sweep_activity(site.services.store, 3600)
        assert len(site.rows("identity_activity")) == 1
        sweep.sweep_activity(site.services.store, -1)

    assert site.rows("identity_activity") == []


def test_where_it_is_off_nothing_is_written(build):
    site = build()
    site.signed_in()

    assert site.rows("identity_activity") == []
