"""Hostile bodies, forms and queries, on every route: S-016, S-068, S-078, S-110, S-116, A-123, A-140, R-48, R-49."""

# ruff: noqa: RUF001 - characters that look like others are what is tested

from __future__ import annotations

import io
import itertools
import json
import time
from typing import Any

import pytest

from tests.support.apps import JSON, PASSWORD, error_of
from tests.support.routes import every_route, fields_of, reads_body, unsafe

ODD_VALUES = [
    {},
    {"$ne": ""},
    [],
    ["a", "b"],
    [[["deep"]]],
    0,
    -1,
    1.5,
    10**30,
    True,
    False,
    None,
    "",
    " ",
    "a\0b",
    "\x1b[31m",
    "\u202e",
    "'; DROP TABLE user; --",
    "<script>alert(1)</script>",
    "A" * 5000,
    "\U0010ffff",
    "\ud800",
]
MARK = "canary-value-7f3a"
NUMBERS = itertools.count()


@pytest.fixture
def root(site):
    return site.signed_in("root@example.com", roles=["admin"])


def good_body(site, route):
    """A body that would be carried out, but for the field that is about to be spoilt."""
    every: dict[str, dict[str, Any]] = {
        "/login": {"identity": "ada@example.com", "password": PASSWORD},
        "/register": {"email": f"new{next(NUMBERS)}@example.com", "password": "tin kettle orbit seven"},
        "/verify": {"password": PASSWORD},
        "/change_password": {"password": PASSWORD, "new_password": "tin kettle orbit seven"},
        "/update_status": {"id": 1, "status": "active"},
        "/edit_user": {"id": 1},
    }
    return dict(every.get(route.path, {}))


def test_no_value_of_another_kind_in_any_field_is_ever_more_than_a_refusal(site, root):
    """A-049, A-140, R-48, S-110: each field of each JSON route with each odd value."""
    site.person()
    asked = 0
    for route, url in every_route(site.app):
        if not reads_body(route):
            continue
        with site.app.app_context():
            fields = fields_of(route)
        for field in fields:
            for value in ODD_VALUES:
                body = good_body(site, route) | {field: value}
                answer = root.open(url, method=route.method, json=body)
                assert answer.status_code < 500, (route.path, field, value, answer.text)
                if isinstance(value, dict | list) and field not in ("profile",):
                    assert answer.status_code in (400, 403, 404), (route.path, field, value)
                asked += 1
    assert asked > 300


@pytest.mark.parametrize("value", [{}, [], 1, True, None, 1.5, ["ada@example.com"]])
@pytest.mark.parametrize("field", ["identity", "password", "remember", "next"])
def test_signing_in_names_the_field_whose_kind_is_wrong(site, field, value):
    """A-140, A-079: an explicit null for an optional field is as good as none."""
    site.person()
    body = {"identity": "ada@example.com", "password": PASSWORD, field: value}
    answer = site.client().post("/identity/login", json=body)
    if (field == "remember" and value is True) or (field == "next" and value is None):
        assert answer.status_code == 200
    else:
        assert error_of(answer) == (400, "invalid_input")
        named = set(answer.json["response"]["field_errors"])
        assert named == ({field} if (field, value) != ("identity", None) else {"body"})


@pytest.mark.parametrize("body", [b"[]", b"null", b'"x"', b"1", b"true", b"[{}]"])
def test_a_body_that_is_no_object_is_refused_everywhere(site, root, body):
    """S-110."""
    for route, url in unsafe(site.app):
        if reads_body(route):
            answer = root.open(url, method=route.method, data=body, content_type="application/json")
            assert error_of(answer) == (400, "invalid_input"), route


BROKEN = {
    "empty": b"",
    "cut off": b'{"identity": "ada',
    "trailing": b'{"identity": "a"} x',
    "duplicate key": b'{"identity": "eve@example.com", "identity": "ada@example.com", "password": "x"}',
    "duplicate key below": b'{"identity": {"a": 1, "a": 2}, "password": "x"}',
    "NaN": b'{"identity": NaN, "password": "x"}',
    "Infinity": b'{"identity": -Infinity, "password": "x"}',
    "a number of 5,000 digits": b'{"identity": ' + b"9" * 5000 + b', "password": "x"}',
    "exponent": b'{"identity": 1e999, "password": "x"}',
    "nested 1,000 deep": b'{"identity": ' + b"[" * 1000 + b"]" * 1000 + b"}",
    "nested 30,000 deep": b"[" * 30_000 + b"]" * 30_000,
    "objects 5,000 deep": b'{"a":' * 5000 + b"1" + b"}" * 5000,
    "not UTF-8": b'{"identity": "\xff\xfe"}',
    "UTF-16": '{"identity": "a"}'.encode("utf-16"),
    "half a surrogate pair": b'{"identity": "\\ud800", "password": "x"}',
    "half a pair in the password": b'{"identity": "ada@example.com", "password": "\\udfff"}',
    "half a pair in a key": b'{"\\ud800": 1, "identity": "a", "password": "x"}',
    "NUL in a name": b'{"identity": "ada@example.com\\u0000", "password": "x"}',
    "single quotes": b"{'identity': 'a'}",
    "comment": b'{"identity": "a" /* x */}',
    "form in JSON clothes": b"identity=ada&password=x",
}


@pytest.mark.parametrize("body", BROKEN.values(), ids=BROKEN)
def test_broken_json_is_400_on_every_route(site, root, body):
    """S-110, S-017: never a 500, and nothing of it is echoed."""
    for route, url in unsafe(site.app):
        if reads_body(route):
            answer = root.open(url, method=route.method, data=body, content_type="application/json; charset=utf-8")
            status, _ = error_of(answer)
            assert status in (400, 403), route
            assert b"ada@example.com" not in answer.data


@pytest.mark.parametrize(
    "key", ["nonsense", "__class__", "model_config", "Password", "pass word", "a" * 5000, "", "💥"]
)
def test_a_key_nobody_knows_is_refused_by_name_and_its_value_not_repeated(site, root, key):
    """S-078."""
    site.person()
    for route, url in unsafe(site.app):
        if reads_body(route):
            body = good_body(site, route) | {key: MARK}
            answer = root.open(url, method=route.method, json=body)
            assert error_of(answer) == (400, "unknown_field"), route
            assert MARK not in answer.text
            assert len(answer.text) < 1000


PROTECTED = [
    "roles",
    "role",
    "active",
    "id",
    "uniquifier",
    "confirmed_at",
    "login_count",
    "failed_logins",
    "locked_until",
    "version",
    "created_at",
    "is_admin",
    "admin",
    "permissions",
    "password_hash",
    "status",
    "roles[]",
    "suspended_reason",
    "current_login_ip",
]


@pytest.mark.parametrize("field", PROTECTED)
def test_a_field_nobody_may_set_is_403_named_and_its_value_not_repeated(site, field):
    """A-123, A-124: at sign-up and at sign-in."""
    for url, body in (
        ("/identity/register", {"email": "new@example.com", "password": "tin kettle orbit seven"}),
        ("/identity/login", {"identity": "ada@example.com", "password": PASSWORD}),
    ):
        answer = site.client().post(url, json={**body, field: MARK})
        assert error_of(answer) == (403, "field_not_allowed")
        assert set(answer.json["response"]["field_errors"]) == {field}
        assert MARK not in answer.text
    assert site.rows("user") == []


@pytest.mark.parametrize("field", [*PROTECTED, "email_verified", "fs_uniquifier", "is_superuser"])
def test_a_sign_up_by_form_ignores_what_it_does_not_ask_for(site, field):
    """A-123: nothing of it reaches a column."""
    form = {"email": "new@example.com", "password": "tin kettle orbit seven", field: "99"}
    assert site.client().post("/identity/register", data=form).status_code == 303
    (row,) = site.rows("user")
    assert (row["active"], row["login_count"], row["failed_logins"], row["version"]) == (True, 1, 0, 1)
    assert row["id"] != 99
    assert row["uniquifier"] != "99"
    with site.app.app_context():
        assert site.identity.datastore.find_user(email="new@example.com").role == "user"


def test_a_field_sent_twice_in_a_form_or_query_is_refused(site, root):
    """S-116: one rule everywhere."""
    twice = "identity=eve%40example.com&identity=ada%40example.com&password=x"
    answer = site.client().post("/identity/login", data=twice, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 400
    answer = root.get("/identity/email_exists?email=a@example.com&email=b@example.com", headers=JSON)
    assert error_of(answer) == (400, "invalid_input")
    assert set(answer.json["response"]["field_errors"]) == {"email"}


def chunked(client, url, body, content_type):
    """What a server hands over for a body whose length the client did not say."""
    return client.post(
        url,
        input_stream=io.BytesIO(body),
        content_type=content_type,
        environ_overrides={"wsgi.input_terminated": True, "CONTENT_LENGTH": ""},
        headers={"Transfer-Encoding": "chunked"},
    )


def test_a_body_without_a_length_is_read_all_the_same(site):
    """R-49: chunked JSON and forms are no empty forms."""
    site.person()
    body = json.dumps({"identity": "ada@example.com", "password": PASSWORD}).encode()
    assert chunked(site.client(), "/identity/login", body, "application/json").status_code == 200
    form = f"identity=ada%40example.com&password={PASSWORD.replace(' ', '+')}".encode()
    assert chunked(site.client(), "/identity/login", form, "application/x-www-form-urlencoded").status_code == 303


HUGE = 10_000_000


@pytest.mark.parametrize("kind", ["json", "chunked json", "form", "chunked form", "multipart", "many parts"])
def test_a_huge_body_is_413_and_costs_next_to_nothing(site, kind):
    """S-016, A-119, A-132, A-044: refused before anything is hashed, or even read.

    The time of this thread only: others of this process may be at work.
    """
    site.person()
    client = site.client()
    as_json = json.dumps({"identity": "ada@example.com", "password": "x" * HUGE}).encode()
    as_form = b"identity=ada%40example.com&password=" + b"x" * HUGE
    began = time.thread_time()
    if kind == "json":
        answer = client.post("/identity/login", data=as_json, content_type="application/json")
    elif kind == "chunked json":
        answer = chunked(client, "/identity/login", as_json, "application/json")
    elif kind == "form":
        answer = client.post("/identity/login", data=as_form, content_type="application/x-www-form-urlencoded")
    elif kind == "chunked form":
        answer = chunked(client, "/identity/login", as_form, "application/x-www-form-urlencoded")
    elif kind == "multipart":
        parts = b'--b\r\nContent-Disposition: form-data; name="password"\r\n\r\n' + b"x" * HUGE + b"\r\n--b--\r\n"
        answer = client.post("/identity/login", data=parts, content_type="multipart/form-data; boundary=b")
    else:
        parts = b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nx\r\n' * 1100 + b"--b--\r\n"
        answer = client.post("/identity/login", data=parts, content_type="multipart/form-data; boundary=b")
    spent = time.thread_time() - began
    assert answer.status_code == 413, kind
    assert spent < 1
    if "json" in kind:
        assert error_of(answer) == (413, "too_large")


@pytest.mark.parametrize(
    "content_type", ["multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=x"]
)
def test_a_broken_multipart_body_is_an_empty_form(site, content_type):
    """A-132."""
    answer = site.client().post("/identity/login", data=b"\r--x\r\nContent-Disp", content_type=content_type)
    assert answer.status_code == 400


def test_an_over_long_password_is_400_and_nothing_is_hashed(site, hashes):
    """S-002."""
    site.person()
    hashes.clear()
    for password in ("x" * 257, "é" * 600):
        answer = site.client().post("/identity/login", json={"identity": "ada@example.com", "password": password})
        assert error_of(answer) == (400, "invalid_input")
        assert set(answer.json["response"]["field_errors"]) == {"password"}
    assert hashes == []


@pytest.mark.parametrize("content_type", ["application/json", "application/json; charset=utf-8", "APPLICATION/JSON"])
def test_json_is_read_as_json(site, content_type):
    site.person()
    body = json.dumps({"identity": "ada@example.com", "password": PASSWORD})
    assert site.client().post("/identity/login", data=body, content_type=content_type).status_code == 200


@pytest.mark.parametrize("content_type", ["application/vnd.api+json", "text/json", "text/plain", "application/x-json"])
def test_what_only_resembles_json_is_415_for_who_wants_json(site, content_type):
    """S-068."""
    answer = site.client().post("/identity/login", data=b"{}", content_type=content_type, headers=JSON)
    assert error_of(answer) == (415, "not_json")
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "query", ["%00", "%ff%fe", "%ed%a0%80", "a" * 10_000, "%", "&&&=&=", "email", "email=" + "a" * 400]
)
def test_an_odd_query_is_never_more_than_a_refusal(site, root, query):
    for route, url in every_route(site.app):
        if route.method == "GET":
            with site.app.app_context():
                names = fields_of(route) or ["next"]
            for name in names:
                answer = root.get(f"{url}?{name}={query}", headers=JSON)
                answer.get_data()  # what is sent while it is read has to be read to its end
                assert answer.status_code < 500, (route, name)


@pytest.mark.parametrize("part", ["%00", "..%2f..%2fetc", "%ff", "a" * 5000, "-1", "1e3", "١", "0x1", "1%20", "%0a1"])
def test_an_odd_part_of_a_path_is_never_more_than_a_refusal(site, root, part):
    for route, _ in every_route(site.app):
        if "<" in route.path:
            path = route.path.replace("<id>", part).replace("<handle>", part)
            answer = root.open(f"/identity{path}", method=route.method, headers=JSON)
            assert answer.status_code in (303, 400, 404, 405), (route, part)
