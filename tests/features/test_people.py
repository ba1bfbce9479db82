"""The administrators' list: S-078, S-114, S-116, A-121, A-126, F-43's shape, S-077."""

from __future__ import annotations

import base64
import json
import re
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from tests.support.apps import HTML, JSON, error_of, sign_in


def listed(client, **query):
    answer = client.get("/identity/user_list", query_string=query, headers=JSON)
    assert answer.status_code == 200, answer.text
    return answer.json["response"]


def refused(client, **query):
    return error_of(client.get("/identity/user_list", query_string=query, headers=JSON))


def emails(page):
    return [user["email"] for user in page["users"]]


@pytest.fixture
def crowd(site_on_each):
    """An administrator, and eleven people whose times have gaps and doubles."""
    site = site_on_each
    site.root = site.signed_in("root@example.com", roles=["admin"])
    began = datetime(2026, 1, 1, tzinfo=UTC)
    with site.app.app_context():
        store = site.identity.datastore
        store.create_role("editor", rank=10)
        for number in range(11):
            user = store.create_user(
                f"p{number:02}@example.com",
                active=number % 4 != 3,
                created_at=began + timedelta(days=number // 2),
                last_login_at=None if number % 3 == 0 else began + timedelta(hours=number // 2),
                current_login_at=None,
            )
            if number < 3:
                store.add_role_to_user(user, "editor")
    return site


def test_a_person_in_the_list_has_what_the_contract_names_and_no_more(crowd):
    """S-126, R-22, A-121."""
    page = listed(crowd.root, q="p00")
    (user,) = page["users"]
    assert user == {
        "id": user["id"],
        "email": "p00@example.com",
        "role": "editor",
        "status": "active",
        "version": 1,
        "last_login_at": None,
        "created_at": "2026-01-01T00:00:00+00:00",
    } | {key: value for key, value in user.items() if key in ("full_name", "username")}
    assert set(page) == {"users", "next", "previous", "counts"}
    assert "argon2" not in json.dumps(listed(crowd.root, limit=100))


def test_pages_found_by_key_show_everybody_once_forwards_and_backwards(crowd):
    """Each order, and each filter that has an order of its own."""
    sorts = [{"sort": down + name} for name in ("email", "created_at", "last_login_at") for down in ("", "-")]
    for select, limit in product((*sorts, {"role": "user"}, {"q": "p", "role": "user"}), (1, 3, 100)):
        asked = {**select, "limit": limit}
        whole = emails(listed(crowd.root, **select, limit=100))
        assert len(whole) == (11 if "q" in select else 12)
        page = listed(crowd.root, **asked)
        assert page["previous"] is None
        forwards = emails(page)
        while page["next"]:
            page = listed(crowd.root, **asked, cursor=page["next"])
            forwards += emails(page)
        assert forwards == whole, asked
        backwards = emails(page)
        while page["previous"]:
            page = listed(crowd.root, **asked, cursor=page["previous"])
            backwards = emails(page) + backwards
        assert backwards == whole, asked


def test_a_page_stays_where_it_is_when_people_come_and_go(crowd):
    """A cursor names a place, not a number of rows to leave out."""
    first = listed(crowd.root, sort="email", limit=4)
    with crowd.app.app_context():
        store = crowd.identity.datastore
        store.create_user("a@example.com")
        store.delete_user(store.find_user(email=first["users"][-1]["email"]))
    second = listed(crowd.root, sort="email", limit=4, cursor=first["next"])
    assert emails(second) == [f"p{number:02}@example.com" for number in range(4, 8)]


def test_the_list_can_be_narrowed_by_status_role_and_beginning(crowd):
    suspended = {f"p{number:02}@example.com" for number in (3, 7)}
    assert set(emails(listed(crowd.root, status="suspended"))) == suspended
    assert len(emails(listed(crowd.root, status="active"))) == 10
    assert emails(listed(crowd.root, status="locked")) == []
    assert set(emails(listed(crowd.root, role="editor"))) == {f"p{number:02}@example.com" for number in range(3)}
    assert emails(listed(crowd.root, role="nobody")) == []
    assert emails(listed(crowd.root, q="p1")) == ["p10@example.com"]
    assert emails(listed(crowd.root, q="P1")) == ["p10@example.com"]
    assert emails(listed(crowd.root, q="p03", status="active")) == []


def test_counts_heed_the_beginning_and_the_role(crowd):
    assert listed(crowd.root)["counts"] == {"active": 10, "suspended": 2, "pending": 0, "locked": 0}
    assert listed(crowd.root, q="p0")["counts"] == {"active": 8, "suspended": 2, "pending": 0, "locked": 0}
    assert listed(crowd.root, role="editor")["counts"]["active"] == 3
    assert listed(crowd.root, status="suspended")["counts"]["active"] == 10


def test_a_locked_person_is_listed_as_locked(crowd):
    for _ in range(5):
        sign_in(crowd.client(), "root@example.com", "wrong")
    page = listed(crowd.root, status="locked")
    assert emails(page) == ["root@example.com"]
    assert page["users"][0]["status"] == "locked"
    assert page["counts"]["locked"] == 1


def test_the_beginning_is_taken_literally(crowd):
    """S-114: no wildcard and no quoting gets through, and nothing at the edge of Unicode fails."""
    odd = ["%", "_", "p%", "p_0", "*", "\\", "'", "p0'--", "[p]", "p0%%", '"']
    odd += ["\U0010ffff", "\ud7ff", "ﬁ", "é", "\uffff", "🔑", "a" * 254, "p0\U0010ffff"]
    for q in odd:
        assert emails(listed(crowd.root, q=q)) == [], q


@pytest.mark.parametrize(
    "query",
    [
        {"limit": 101},
        {"limit": 0},
        {"limit": -1},
        {"limit": "x"},
        {"limit": "1e1"},
        {"limit": 10**20},
        {"sort": "password"},
        {"sort": "uniquifier"},
        {"sort": "--email"},
        {"sort": "id"},
        {"sort": "email,password"},
        {"sort": "email; DROP TABLE user"},
        {"status": "deleted"},
        {"status": "ACTIVE"},
        {"q": "a" * 255},
        {"q": "a\0"},
        {"role": "x" * 81},
        {"cursor": "x" * 1001},
    ],
    ids=str,
)
def test_what_the_list_does_not_offer_is_400(site, query):
    """S-114, A-121: no column of secrets can be sorted or filtered by."""
    root = site.signed_in("root@example.com", roles=["admin"])
    assert refused(root, **query) == (400, "invalid_input")


def test_a_search_has_the_order_of_what_it_matches(crowd):
    assert refused(crowd.root, q="p", sort="created_at") == (400, "sort_not_offered")
    assert refused(crowd.root, q="p", sort="-last_login_at") == (400, "sort_not_offered")
    assert emails(listed(crowd.root, q="p", limit=2)) == ["p00@example.com", "p01@example.com"]


def encoded(value):
    text = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(text).decode().rstrip("=")


TAMPERED = {
    "no base64": "!!!",
    "not ASCII": "é",
    "base64 of a blank": encoded(b" "),
    "not UTF-8": encoded(b"\xff\xfe"),
    "an object": encoded({"sort": "email"}),
    "null": encoded(None),
    "too short": encoded(["email", "a", 1]),
    "too long": encoded(["email", "a", 1, False, 1]),
    "another order": encoded(["created_at", None, 1, False]),
    "a column of secrets": encoded(["password", "a", 1, False]),
    "an object for a value": encoded(["email", {"$ne": 1}, 1, False]),
    "a number for a value": encoded(["email", 7, 1, False]),
    "half a surrogate pair": encoded(b'["email", "\\ud800", 1, false]'),
    "NUL": encoded(["email", "a\0b", 1, False]),
    "an id of another kind": encoded(["email", "a", ["x"], False]),
    "an id of text": encoded(["email", "a", "x", False]),
    "true for an id": encoded(["email", "a", True, False]),
    "a huge id": encoded(["email", "a", 10**30, False]),
    "a negative id": encoded(["email", "a", -1, False]),
    "a fraction for an id": encoded(["email", "a", 1.5, False]),
    "a number for the direction": encoded(["email", "a", 1, 1]),
    "nested deep": encoded(b"[" * 700),
    "huge digits": encoded(b'["email", "a", ' + b"9" * 500 + b", false]"),
}


@pytest.fixture
def root(site):
    return site.signed_in("root@example.com", roles=["admin"])


@pytest.mark.parametrize("cursor", TAMPERED.values(), ids=TAMPERED)
def test_a_cursor_that_was_not_made_here_is_400(root, cursor):
    """S-114, A-126."""
    assert refused(root, sort="email", cursor=cursor) == (400, "invalid_input")


def test_a_cursor_that_a_database_could_choke_on_is_400_on_each(site_on_each):
    """S-114: NUL, half a surrogate pair, a time outside the calendar."""
    root = site_on_each.signed_in("root@example.com", roles=["admin"])
    for name in ("half a surrogate pair", "NUL", "a huge id"):
        assert refused(root, sort="email", cursor=TAMPERED[name]) == (400, "invalid_input")
    for time in ("0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"):
        assert refused(root, sort="created_at", cursor=encoded(["created_at", time, 1, False])) == (
            400,
            "invalid_input",
        )
    for time in ("0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59+00:00"):
        listed(root, sort="created_at", cursor=encoded(["created_at", time, 1, False]))


@pytest.mark.parametrize("time", ["yesterday", "2026-01-01", "2026-01-01T00:00:00", "", "24:00", "a\0b"])
@pytest.mark.parametrize("sort", ["created_at", "last_login_at"])
def test_a_cursor_with_no_time_where_one_belongs_is_400(root, sort, time):
    assert refused(root, sort=sort, cursor=encoded([sort, time, 1, False])) == (400, "invalid_input")


def test_a_cursor_of_one_list_means_nothing_in_another(crowd):
    cursor = listed(crowd.root, sort="email", limit=2)["next"]
    assert refused(crowd.root, sort="created_at", cursor=cursor) == (400, "invalid_input")


def test_a_cursor_tells_no_secret(crowd):
    cursor = listed(crowd.root, sort="email", limit=2)["next"]
    text = base64.urlsafe_b64decode(cursor + "==").decode()
    assert "argon2" not in text
    assert json.loads(text)[0] == "email"


def test_an_empty_page_has_no_way_on(crowd):
    page = listed(crowd.root, q="zzz")
    assert (page["users"], page["next"], page["previous"]) == ([], None, None)


def test_the_smallest_model_has_a_list_too(build):
    """M7: without tracking, roles by hand, in the order of addresses."""
    site = build(models="minimal", IDENTITY_PEOPLE=True)
    root = site.signed_in("root@example.com", roles=["admin"])
    site.person("ada@example.com", active=False)
    page = listed(root)
    assert emails(page) == ["ada@example.com", "root@example.com"]
    assert [user["status"] for user in page["users"]] == ["suspended", "active"]
    assert [user["role"] for user in page["users"]] == ["user", "admin"]
    assert error_of(root.get("/identity/user_list?sort=created_at", headers=JSON)) == (400, "sort_not_offered")
    assert root.get("/identity/user_list", headers=HTML).status_code == 200
    answer = root.put("/identity/update_status", json={"id": page["users"][0]["id"], "status": "active"})
    assert answer.json["response"]["user"]["status"] == "active"


def test_the_page_shows_addresses_as_text_and_keeps_its_filters(site):
    """T04, S-111."""
    root = site.signed_in("root@example.com", roles=["admin"])
    site.person("a'b{{7*7}}@example.com")
    with site.app.app_context():
        store = site.identity.datastore
        store.deactivate_user(store.find_user(email="a'b{{7*7}}@example.com"), "<img src=x onerror=alert(1)>")
    page = root.get("/identity/user_list?q=<script>alert(1)</script>", headers=HTML)
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    page = root.get("/identity/user_list?status=suspended", headers=HTML)
    assert "<img src=x" not in page.text
    assert "&lt;img src=x onerror=alert(1)&gt;" in page.text
    assert "{{7*7}}" in page.text
    bad = root.get("/identity/user_list?limit=101", headers=HTML)
    assert (bad.status_code, bad.mimetype) == (400, "text/html")


def test_the_roles_of_every_application_are_shown_in_words_and_others_by_their_names(site):
    root = site.signed_in("root@example.com", roles=["admin"])
    with site.app.app_context():
        site.identity.datastore.create_role("editor", rank=5)
    site.person("ed@example.com", roles=["user", "editor"])

    listed = root.get("/identity/user_list?role=admin", headers=HTML).text
    assert re.findall(r'<option value="([\w ]*)"[^>]*>([\w ]*)</option>', listed)[:4] == [
        ("", "Any role"),
        ("user", "User"),
        ("admin", "Admin"),
        ("editor", "editor"),
    ]
    assert re.search(r"</span>Admin</td>", listed)
    assert "Role: Admin" in listed
    assert re.search(r"</span>editor</td>", root.get("/identity/user_list?role=editor", headers=HTML).text)
