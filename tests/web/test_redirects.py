"""Where one is led after signing in: A-001 to A-005, A-008, S-074, R-12 to R-14, R-38."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flask_identity.web.redirects import safe_next
from tests.support.apps import HTML, JSON, PASSWORD


@pytest.fixture
def orm():
    """What is tested here is read from the request alone, so one ORM is enough."""
    return "plain"


EVIL = [
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "/\\/evil.example",
    "\t//evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r\n/evil.example",
    " //evil.example",
    "/ /evil.example",
    "/%09/evil.example",
    "/%0a/evil.example",
    "/%0d%0aLocation:%20https://evil.example",
    "/%5cevil.example",
    "/%5Cevil.example",
    "/%2f/evil.example",
    "/%2fevil.example",
    "/%252fevil.example",
    "/%255cevil.example",
    "/%25250a/evil.example"[:0] or "/%250aevil.example",
    "/\x00/evil.example",
    "/\x0b/evil.example",
    "/\x7fevil.example",
    "/\u2028/evil.example",
    "/\x85/evil.example",
    "https://evil.example",
    "HTTPS://evil.example",
    "https:evil.example",
    "https:/evil.example",
    "https:///evil.example",
    "http:///evil.example",
    "http://localhost@evil.example/",
    "http://localhost:80@evil.example/",
    "https://evil.example\\.localhost",
    "https://evil.example%5C.localhost",
    "http://localhost.evil.example/",
    "//localhost@evil.example/",
    "http://localhost/",
    "//localhost/",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "file:///etc/passwd",
    "evil.example",
    "profile",
    "?next=//evil.example",
    "#//evil.example",
    "",
    " ",
    "/" + "a" * 2048,
    "/" + "a" * 10_000,
    "@evil.example",
    ".evil.example",
    "//[::1]/",
    "/[",
    "http://[evil",
]
DEFAULT = "/identity/profile"


@pytest.fixture
def member(site):
    site.person()
    return site


def test_no_target_but_a_path_here_is_ever_a_location(member):
    """A-001, A-002, R-13, R-14: the raw header, for the form, the query, JSON and who is signed in already."""
    ada = member.signed_in()
    form = {"identity": "ada@example.com", "password": PASSWORD}
    for target in EVIL:
        if target == "/[":
            continue
        answer = member.client().post("/identity/login", data={**form, "next": target})
        assert (answer.status_code, answer.headers["Location"]) == (303, DEFAULT), target
        answer = member.client().post("/identity/login", json={**form, "next": target})
        assert answer.json["response"]["next"] == DEFAULT, target
        answer = ada.get("/identity/login", query_string={"next": target}, headers=HTML)
        assert answer.headers["Location"] == DEFAULT, target
        answer = ada.post("/identity/verify", data={"password": PASSWORD, "next": target})
        assert answer.headers["Location"] == DEFAULT, target
        assert (
            ada.post("/identity/verify", json={"password": PASSWORD, "next": target}).json["response"]["next"]
            == DEFAULT
        )


def test_a_form_keeps_no_target_that_leads_away(member):
    """A-001, A-006: neither from the query nor from a refused form."""
    for target in EVIL:
        page = member.client().get("/identity/login", query_string={"next": target}, headers=HTML)
        assert "evil.example" not in page.text
        assert "script:" not in page.text
        answer = member.client().post("/identity/login", data={"identity": "x", "password": "x", "next": target})
        assert "evil.example" not in answer.text


@pytest.mark.parametrize(
    ("target", "location"),
    [
        ("/", "/"),
        ("/report", "/report"),
        ("/report?x=1&y=2", "/report?x=1&y=2"),
        ("/report?next=//evil.example", "/report?next=//evil.example"),
        ("/report?back=https://evil.example/", "/report?back=https://evil.example/"),
        ("/a b/ü", "/a%20b/%C3%BC"),
        ("/a%20b", "/a%20b"),
        ("/report#part", "/report"),
        ("/a/../b", "/a/../b"),
        ("/report?q=%C3%BC", "/report?q=%C3%BC"),
        ("/@evil", "/@evil"),
        ("/a:b", "/a:b"),
    ],
)
def test_a_path_here_is_rebuilt_and_quoted(member, target, location):
    """S-074."""
    form = {"identity": "ada@example.com", "password": PASSWORD, "next": target}
    assert member.client().post("/identity/login", data=form).headers["Location"] == location


@given(st.text(max_size=60) | st.from_regex(r"[/\\%\t a-z0-9:@.?#]{1,20}", fullmatch=True).map(lambda text: "/" + text))
def test_whatever_is_accepted_is_one_path_on_this_site(target):
    """S-074, A-008: read as a browser reads it."""
    found = safe_next(target)
    if found is None:
        return
    assert found.startswith("/")
    assert not found.startswith(("//", "/\\"))
    assert found.isascii()
    assert not any(ord(char) < 0x21 or char == "\\" for char in found)
    assert safe_next(found) is not None


def test_the_host_of_a_request_makes_no_address_ours(member):
    """A-004, R-12: nor does a forwarded one."""
    form = {"identity": "ada@example.com", "password": PASSWORD}
    for headers in ({"Host": "evil.example"}, {"X-Forwarded-Host": "evil.example"}, {"Forwarded": "host=evil.example"}):
        answer = member.client().post(
            "/identity/login", data={**form, "next": "http://evil.example/x"}, headers=headers
        )
        assert answer.headers["Location"] == DEFAULT
        page = member.client().get("/identity/profile", headers={**HTML, **headers})
        assert page.headers["Location"] == "/identity/login?next=/identity/profile"


def test_no_redirect_follows_the_referer(member):
    """A-005, R-38."""
    headers = {**HTML, "Referer": "https://evil.example/", "Sec-Fetch-Site": "same-origin"}
    for answer in (
        member.client().get("/identity/profile", headers=headers),
        member.signed_in().post("/identity/logout", headers=headers),
        member.client().post("/identity/login", data={"identity": "ada@example.com", "password": "x"}, headers=headers),
    ):
        assert "evil" not in answer.headers.get("Location", "")


def test_a_target_is_not_read_as_the_name_of_an_endpoint_or_in_base64(member):
    """R-13, R-14."""
    form = {"identity": "ada@example.com", "password": PASSWORD}
    for name in ("_next", "next_url", "url", "redirect"):
        answer = member.client().post("/identity/login?" + name + "=aHR0cDovL2V2aWw", data={**form, name: "!!!"})
        assert answer.headers["Location"] == DEFAULT
    for target in ("identity.logout", "aHR0cDovL2V2aWw=", "!!!"):
        answer = member.client().post("/identity/login", data={**form, "next": target})
        assert answer.headers["Location"] == DEFAULT


def test_programs_are_not_redirected(member):
    for answer in (
        member.client().get("/identity/profile", headers=JSON),
        member.client().post("/identity/logout", headers=JSON),
    ):
        assert answer.status_code == 401
        assert "Location" not in answer.headers
