"""What holds of every route alike: the envelope, the two doors, kinds of bodies, fields that nobody may set."""

from __future__ import annotations

import pytest

from tests.support.apps import HTML, JSON, PASSWORD, error_of
from tests.support.routes import every_route

LOGIN = "/identity/login"
GOOD = {"identity": "ada@example.com", "password": PASSWORD}


@pytest.fixture
def root(site):
    return site.signed_in("root@example.com", roles=["admin"])


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        ({}, "text/html"),
        ({"Accept": "*/*"}, "text/html"),
        ({"Accept": ""}, "text/html"),
        ({"Accept": "application/json"}, "application/json"),
        ({"Accept": "application/*"}, "application/json"),
        ({"Accept": "application/json, text/plain, */*"}, "application/json"),
        ({"Accept": "text/html;q=0.5, application/json;q=0.9"}, "application/json"),
        ({"Accept": "text/html, application/json;q=0.9"}, "text/html"),
        ({"Accept": "text/html, application/json"}, "text/html"),
        (HTML, "text/html"),
        ({"Authorization": "Bearer nobody", "Accept": "text/html"}, "application/json"),
        ({"Content-Type": "application/json"}, "application/json"),
    ],
    ids=str,
)
def test_a_page_or_json_as_the_request_prefers(site, headers, kind):
    assert site.client().get(LOGIN, headers=headers).mimetype == kind


def test_every_json_answer_has_the_envelope_with_its_status(site, root):
    for route, url in every_route(site.app):
        answer = root.open(url, method=route.method, headers=JSON, json={} if route.method != "GET" else None)
        answer.get_data()  # what is sent while it is read has to be read to its end
        if route.api is None or route.media:
            continue
        body = answer.get_json()
        assert set(body) == {"meta", "response"}, url
        assert body["meta"] == {"code": answer.status_code}, url
        if answer.status_code >= 400:
            assert {"error", "message"} <= set(body["response"]) <= {"error", "message", "field_errors"}
        root = root if route.path not in ("/logout",) else site.signed_in("root@example.com")


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "application/octet-stream", "", "text/json"])
@pytest.mark.parametrize("headers", [{}, JSON], ids=["any", "json"])
def test_a_body_that_is_neither_json_nor_a_form_is_415_whoever_answers(site, kind, headers):
    site.person()
    for url in (LOGIN, "/identity/register"):
        answer = site.client().post(url, data='{"identity": "ada@example.com"}', content_type=kind, headers=headers)
        assert answer.status_code == 415, url


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data"])
def test_a_form_is_read_as_one(site, kind):
    site.person()
    answer = site.client().post(LOGIN, data=GOOD, content_type=kind)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/identity/profile")


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("/edit_user", "application/x-www-form-urlencoded"),
        ("/edit_user", "text/plain"),
        ("/update_status", "application/x-www-form-urlencoded"),
        ("/update_status", "multipart/form-data; boundary=x"),
        ("/update_status", "text/plain"),
    ],
)
def test_where_there_is_no_page_only_json_is_read(root, url, kind):
    assert error_of(root.put(f"/identity{url}", data=b"id=1", content_type=kind)) == (415, "not_json")


@pytest.mark.parametrize("field", ["image", "image_url", "user_id", "id"])
def test_a_field_of_a_profile_that_nobody_writes_is_403_and_named_with_its_place(root, field):
    """A-123."""
    answer = root.put("/identity/edit_user", json={"profile": {field: "canary-7f3a"}})
    assert error_of(answer) == (403, "field_not_allowed")
    assert set(answer.get_json()["response"]["field_errors"]) == {f"profile.{field}"}
    assert "canary" not in answer.text


def test_a_field_of_a_profile_that_nobody_knows_is_400_and_named_with_its_place(root):
    answer = root.put("/identity/edit_user", json={"profile": {"shoe_size": "canary-7f3a"}})
    assert error_of(answer) == (400, "unknown_field")
    assert set(answer.get_json()["response"]["field_errors"]) == {"profile.shoe_size"}
    assert "canary" not in answer.text


@pytest.mark.parametrize("sent", ["01", "+1", " 1", "1 ", "1.0", "1e0", "0x1", "\u0661", "", "-0", "1_0", "true"])
def test_an_id_has_one_spelling_in_a_query(site, root, sent):
    for method, url in (("GET", "/identity/edit_user"), ("DELETE", "/identity/delete_user")):
        answer = root.open(url, method=method, query_string={"id": sent}, headers=JSON)
        assert error_of(answer) == (400, "invalid_input"), (method, sent)


@pytest.mark.parametrize("field", ["id", "profile"])
def test_null_is_no_id_and_no_profile(root, field):
    """Left out they mean oneself and no change: a program that sends null has most likely lost a value."""
    assert error_of(root.put("/identity/edit_user", json={field: None})) == (400, "invalid_input")


@pytest.mark.parametrize("version", [2**31, 2**63, 10**30, -1])
def test_a_version_no_column_holds_is_400(site_on_each, version):
    client = site_on_each.signed_in()
    assert error_of(client.put("/identity/edit_user", json={"version": version})) == (400, "invalid_input")


def test_where_there_is_only_a_page_programs_are_refused_in_json(site, root):
    """E11: an Authorization header decides alone, and its answers are JSON."""
    site.person()
    ways = (site.client(), JSON, 401), (site.signed_in(), JSON, 403), (root, JSON, 404)
    for client, headers, status in (*ways, (site.client(), site.bearer(), 403)):
        answer = client.get("/identity/users/999999", headers=headers)
        assert (answer.status_code, answer.get_json()["meta"]) == (status, {"code": status})
    assert root.get("/identity/users/999999", headers=HTML).mimetype == "text/html"


def test_a_method_nobody_has_names_those_of_the_address(site):
    answer = site.client().open(LOGIN, method="TRACE", headers=JSON)
    assert error_of(answer) == (405, "method_not_allowed")
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS, POST"


@pytest.mark.parametrize("sent", [True, 1.0, [1], {"id": 1}, "01", " 1", "1.0", ""])
def test_an_id_has_one_spelling_in_a_body(root, sent):
    for url, more in (("/identity/edit_user", {}), ("/identity/update_status", {"status": "active"})):
        assert error_of(root.put(url, json={"id": sent, **more})) == (400, "invalid_input"), url
