"""The pages for people: S-010, S-069, S-072's part of ours, S-111, R-66, R-71, T04."""

from __future__ import annotations

import re

import pytest

from tests.support.apps import HTML, PASSWORD


@pytest.fixture
def orm():
    """What is tested here is read from the request alone, so one ORM is enough."""
    return "plain"


HOSTILE = "<img src=x onerror=alert(1)>"
GOOD = {"email": "ada@example.com", "password": "tin kettle orbit seven"}


def test_signing_up_by_form_leads_on_with_303(site):
    client = site.client()
    answer = client.post("/identity/register", data={**GOOD, "full_name": "Ada", "extra": "ignored"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/identity/profile")
    assert client.get("/identity/profile", headers=HTML).status_code == 200


def test_signing_in_by_form_leads_on_with_303(site):
    site.person()
    client = site.client()
    form = {"identity": "ada@example.com", "password": PASSWORD, "remember": "true"}
    answer = client.post("/identity/login", data=form)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/identity/profile")
    assert "Max-Age" in answer.headers["Set-Cookie"]
    assert answer.data == b""


@pytest.mark.parametrize("method", ["get", "head"])
def test_who_is_signed_in_is_led_on_from_the_login_page(site, method):
    ada = site.signed_in()
    answer = getattr(ada, method)("/identity/login?next=/somewhere", headers=HTML)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/somewhere")


def test_signing_out_by_form_leads_to_the_login_page(site):
    ada = site.signed_in()
    answer = ada.post("/identity/logout", headers=HTML)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/identity/login")
    assert ada.get_cookie("identity") is None


REFUSED = {
    "weak": ({**GOOD, "password": "password123"}, 400),
    "no address": ({**GOOD, "email": "ada"}, 400),
    "taken": ({**GOOD, "email": "eve@example.com"}, 409),
    "taken username": ({**GOOD, "username": "eve"}, 409),
    "empty": ({}, 400),
    "control character": ({**GOOD, "full_name": "a\0b"}, 400),
}


@pytest.mark.parametrize(("form", "status"), REFUSED.values(), ids=REFUSED)
def test_a_refused_sign_up_shows_the_form_again_with_its_status_and_what_was_typed(site, form, status):
    site.person("eve@example.com", username="eve")
    answer = site.client().post("/identity/register", data={"full_name": "Ada & Co", **form})
    assert answer.status_code == status
    assert answer.mimetype == "text/html"
    assert "<title>Error" in answer.text
    assert 'role="alert"' in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    if "full_name" not in form:
        assert 'value="Ada &amp; Co"' in answer.text
    if "email" in form:
        assert f'value="{form["email"]}"' in answer.text
    if "password" in form:
        assert form["password"] not in answer.text


def test_a_refused_sign_in_keeps_the_name_and_the_way_on_but_never_the_password(site):
    form = {"identity": HOSTILE, "password": "my secret guess", "next": "/back?x=1", "remember": "true"}
    answer = site.client().post("/identity/login", data=form)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"]
    assert "my secret guess" not in answer.text
    assert HOSTILE not in answer.text
    assert 'value="&lt;img src=x onerror=alert(1)&gt;"' in answer.text
    assert 'value="/back?x=1"' in answer.text
    assert "checked" in answer.text


@pytest.mark.parametrize("url", ["/identity/login", "/identity/register"])
@pytest.mark.parametrize("field", ["identity", "email", "full_name", "username", "next", "password2", "password"])
def test_what_is_sent_comes_back_as_text_only(site, url, field):
    """S-111, T04."""
    attack = f'"><script>alert(1)</script>{HOSTILE}' + "{{7919*7907}}"
    answer = site.client().post(url, data={field: attack, "password": "x"} if field != "password" else {field: attack})
    assert answer.status_code in (400, 401)
    assert "<script>alert" not in answer.text
    assert "<img src=x" not in answer.text
    assert "62615533" not in answer.text
    assert field != "password" or "alert(1)" not in answer.text
    answer = site.client().get(f"{url}?next=%22%3E%3Cscript%3Ealert(1)%3C/script%3E&{field}=%3Cscript%3E", headers=HTML)
    assert "<script>" not in answer.text


@pytest.mark.parametrize(
    "url", ["/identity/login", "/identity/register", "/identity/change_password", "/identity/verify"]
)
def test_password_fields_are_for_passwords(site, url):
    """S-010, R-71: hidden from shoulders, known to password managers, open to pasting."""
    client = site.client() if url in ("/identity/login", "/identity/register") else site.signed_in()
    page = client.get(url, headers=HTML).text
    fields = re.findall(r"<input[^>]*name=\"\w*password\w*\"[^>]*>", page)
    assert fields
    for each in fields:
        assert 'type="password"' in each
        assert re.search(r'autocomplete="(current|new)-password"', each)
    assert "onpaste" not in page


def test_no_page_has_inline_script_style_or_anything_of_a_third_party(site):
    """S-075, S-072: nothing that a strict content security policy would stop."""
    root = site.signed_in("root@example.com", roles=["admin"])
    pages = [site.client().get(f"/identity/{name}", headers=HTML) for name in ("login", "register", "nothing/there")]
    pages += [
        root.get(f"/identity/{name}", headers=HTML) for name in ("profile", "sessions", "user_list", "change_password")
    ]
    pages += [root.get("/identity/verify", headers=HTML), site.client().post("/identity/profile", headers=HTML)]
    for page in pages:
        assert not re.search(r"\son\w+=", page.text), page.request.path
        assert not re.search(r"<script(?![^>]*\ssrc=)", page.text)
        assert " style=" not in page.text
        assert "<style" not in page.text
        assert not re.search(r"(src|href)=\"(https?:)?//", page.text)


def test_an_error_is_a_page_for_people(site):
    for answer, status in (
        (site.signed_in().get("/identity/user_list", headers=HTML), 403),
        (site.client().put("/identity/login", headers=HTML), 405),
        (site.client().post("/identity/logout", headers=HTML), 401),
    ):
        assert answer.status_code == status
        assert answer.mimetype == "text/html"
        assert str(status) in answer.text


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        ({"Accept": "*/*"}, "text/html"),
        ({}, "text/html"),
        (HTML, "text/html"),
        ({"Accept": "application/json"}, "application/json"),
        ({"Accept": "application/json, text/html"}, "text/html"),
        ({"Accept": "application/json, text/html;q=0.5"}, "application/json"),
        ({"Accept": "application/json;q=0.5, text/html"}, "text/html"),
        ({"Accept": "application/json, */*;q=0.1"}, "application/json"),
        ({"Accept": "text/plain"}, "text/html"),
        ({"Accept": "nonsense"}, "text/html"),
        ({"Accept": "*/*", "Authorization": "Bearer x"}, "application/json"),
    ],
    ids=str,
)
def test_the_door_is_chosen_by_what_is_preferred(site, headers, kind):
    """R-37: not by the type of the request's body alone; `*/*` gets the page."""
    assert site.client().get("/identity/login", headers=headers).mimetype == kind


def test_a_json_body_speaks_json_whatever_is_accepted(site):
    assert site.client().post("/identity/login", json={}, headers=HTML).mimetype == "application/json"
