"""Which unsafe requests are refused: S-066 to S-069, A-034 to A-038, R-34, R-35."""

from __future__ import annotations

from typing import Any

import pytest
from flask.views import MethodView

from flask_identity import auth_required, cross_site_allowed, login_required, roles_required
from flask_identity.web.feature import Who
from tests.support.apps import JSON, error_of
from tests.support.routes import unsafe


@pytest.fixture
def orm():
    """What is tested here is read from the request alone, so one ORM is enough."""
    return "plain"


ELSEWHERE = {
    "cross-site": {"Sec-Fetch-Site": "cross-site"},
    "same-site but another origin": {"Sec-Fetch-Site": "same-site"},
    "typed by the user": {"Sec-Fetch-Site": "none"},
    "an unknown word": {"Sec-Fetch-Site": "SAME-ORIGIN?"},
    "empty": {"Sec-Fetch-Site": ""},
    "foreign metadata beside a good Origin": {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    "foreign Origin": {"Origin": "https://evil.example"},
    "Origin null": {"Origin": "null"},
    "Origin empty": {"Origin": ""},
    "Origin of another scheme": {"Origin": "https://localhost"},
    "Origin of another port": {"Origin": "http://localhost:8080"},
    "Origin that begins alike": {"Origin": "http://localhost.evil.example"},
    "Origin that ends alike": {"Origin": "http://evil-localhost"},
    "foreign Origin beside a good Referer": {"Origin": "https://evil.example", "Referer": "http://localhost/x"},
    "foreign Referer": {"Referer": "https://evil.example/http://localhost/"},
    "Referer with our name as user": {"Referer": "http://localhost@evil.example/"},
    "Referer of no form": {"Referer": "localhost"},
    "evil Host beside the real Origin": {"Host": "evil.example", "Origin": "http://localhost"},
}


def browser(site, *, cookie):
    """A client without headers of its own, with a session or with an anonymous visitor's stale cookie."""
    client = site.app.test_client()
    if cookie == "live":
        answer = client.post(
            "/identity/login", json={"identity": "root@example.com", "password": "correct horse battery staple"}
        )
        assert answer.status_code == 200
    else:
        client.set_cookie("identity", "x" * 16 + "." + "y" * 43)
    return client


@pytest.mark.parametrize("headers", ELSEWHERE.values(), ids=ELSEWHERE)
def test_every_unsafe_route_refuses_a_request_from_elsewhere(site, headers):
    """S-066, S-067, S-069, A-035, A-036, A-038, R-34: generated from the routes, as administrator."""
    site.admin()
    client = browser(site, cookie="live")
    before = {name: site.rows(name) for name in site.metadata.tables}
    for route, url in unsafe(site.app):
        answer = client.open(url, method=route.method, headers={**JSON, **headers}, json={})
        assert answer.status_code == (401 if "Host" in headers and route.who is not Who.ANYONE else 403), route
        assert b"cross_site" in answer.data or answer.mimetype == "text/html" or "Host" in headers
    assert {name: site.rows(name) for name in site.metadata.tables} == before


@pytest.mark.parametrize("cookie", ["live", "stale"])
def test_a_request_that_says_nothing_but_carries_our_cookie_is_refused(site, cookie):
    """S-067: fail closed, also for a cookie that opens nothing."""
    site.admin()
    for route, url in unsafe(site.app):
        if cookie == "live" or route.who is Who.ANYONE:
            answer = browser(site, cookie=cookie).open(url, method=route.method, headers=JSON, json={})
            assert answer.status_code == 403, route
            assert route.api is None or error_of(answer) == (403, "cross_site")


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "same-origin"},
        {"Origin": "http://localhost"},
        {"Origin": "HTTP://LOCALHOST"},
        {"Referer": "http://localhost/some/page?x=1"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "https://behind.a.proxy.example"},
    ],
    ids=str,
)
def test_a_request_from_this_site_passes(site, headers):
    site.admin()
    client = browser(site, cookie="live")
    assert client.post("/identity/logout", headers={**JSON, **headers}).status_code == 200


def test_a_program_that_says_nothing_passes(site):
    """S-067 as decided: no header and no cookie of ours is a program."""
    site.person()
    body = {"identity": "ada@example.com", "password": "correct horse battery staple"}
    assert site.program().post("/identity/login", json=body).status_code == 200
    assert site.program().post("/identity/register", json={**body, "email": "b@example.com"}).status_code == 400


@pytest.mark.parametrize("headers", ELSEWHERE.values(), ids=ELSEWHERE)
def test_signing_in_and_up_are_guarded_for_visitors_without_a_cookie_too(site, headers):
    """S-069: login CSRF (R-20)."""
    site.person()
    for url in ("/identity/login", "/identity/register"):
        answer = site.app.test_client().post(url, json={}, headers=headers)
        assert error_of(answer) == (403, "cross_site")


def test_a_valid_bearer_value_lifts_the_rule(site):
    """S-067: a browser adds no Authorization of itself."""
    site.person()
    for headers in ELSEWHERE.values():
        bearer = site.bearer()
        answer = site.program().post("/identity/logout", headers={**headers, **bearer})
        assert answer.status_code == 200, headers
        wrong = site.program().post("/identity/login", headers={**headers, **site.bearer()}, json={})
        assert error_of(wrong) == (400, "invalid_input")


def test_a_bearer_value_that_opens_nothing_does_not_lift_it(site):
    nothing = {"Authorization": "Bearer " + "x" * 16 + "." + "y" * 43}
    answer = site.program().post("/identity/login", json={}, headers={**nothing, "Sec-Fetch-Site": "cross-site"})
    assert error_of(answer) == (403, "cross_site")


def test_the_configured_address_is_this_site_behind_a_proxy_that_nobody_trusts(build):
    made = build(IDENTITY_BASE_URL="https://app.example.com")
    made.person()
    body = {"identity": "ada@example.com", "password": "correct horse battery staple"}
    origin = {"Origin": "https://app.example.com"}
    assert made.app.test_client().post("/identity/login", json=body, headers=origin).status_code == 200
    for evil in ("https://app.example.com.evil.example", "https://evilapp.example.com", "http://app.example.com"):
        answer = made.app.test_client().post("/identity/login", json=body, headers={"Origin": evil})
        assert error_of(answer) == (403, "cross_site")


def test_a_host_that_is_not_trusted_is_refused_where_hosts_are_configured(build):
    """A-004, R-12."""
    made = build(TRUSTED_HOSTS=["localhost"])
    made.person()
    evil = {"Host": "evil.example", "Origin": "http://evil.example"}
    assert made.app.test_client().post("/identity/login", json={}, headers=evil).status_code == 400


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_json_sent_under_another_type_is_not_read(site, content_type):
    """A-034, S-068: what a foreign form can send is not JSON."""
    site.person()
    body = b'{"identity": "ada@example.com", "password": "correct horse battery staple"}'
    answer = site.program().post("/identity/login", data=body, content_type=content_type or None, headers=JSON)
    assert error_of(answer) == (415, "not_json")


class Views:
    """Unsafe views of an application's own, marked in every order."""

    def __init__(self, app):
        self.ran: list[str] = []
        for name, view in self.guarded().items():
            app.add_url_rule(f"/{name}", name, view, methods=["POST"])

    def plain(self, name):
        def view():
            self.ran.append(name)
            return name

        view.__name__ = name
        return view

    def guarded(self):
        admin = roles_required("admin")
        return {
            "guarded": auth_required(self.plain("guarded")),
            "guarded_by_login": login_required(self.plain("guarded_by_login")),
            "guarded_by_role": admin(self.plain("guarded_by_role")),
            "open_outside": cross_site_allowed(auth_required(self.plain("open_outside"))),
            "open_inside": auth_required(cross_site_allowed(self.plain("open_inside"))),
            "open_top_of_two": cross_site_allowed(admin(auth_required(self.plain("open_top_of_two")))),
            "open_between_two": admin(cross_site_allowed(auth_required(self.plain("open_between_two")))),
            "open_under_two": admin(auth_required(cross_site_allowed(self.plain("open_under_two")))),
            "open_method_outside": self.class_based("open_method_outside", cross_site_allowed, auth_required),
            "open_method_inside": self.class_based("open_method_inside", auth_required, cross_site_allowed),
            "open_method_top": self.class_based("open_method_top", cross_site_allowed, admin, auth_required),
            "guarded_method": self.class_based("guarded_method", auth_required),
            "open_class": self.class_based("open_class", of_class=[auth_required, cross_site_allowed]),
            "open_class_inside": self.class_based("open_class_inside", of_class=[cross_site_allowed, auth_required]),
            "guarded_class": self.class_based("guarded_class", of_class=[auth_required]),
        }

    def class_based(self, name, *of_method, of_class=()):
        inner = self.plain(name)

        def post(_self):
            return inner()

        for decorator in reversed(of_method):
            post = decorator(post)
        made: Any = type(name, (MethodView,), {"post": post, "decorators": list(of_class)})
        return made.as_view(name)


def test_an_applications_own_guarded_views_are_checked_unless_they_opt_out(site):
    """A-035: in every order of decorators, and on classes and their methods."""
    views = Views(site.app)
    root = site.signed_in("root@example.com", roles=["admin"])
    for name in views.guarded():
        answer = root.post(f"/{name}", headers={"Sec-Fetch-Site": "cross-site"})
        assert answer.status_code == (200 if name.startswith("open") else 403), name
        assert (name in views.ran) is name.startswith("open")
        assert root.post(f"/{name}").status_code == 200, name


def test_opting_out_lets_nobody_in_who_is_not_signed_in(site):
    views = Views(site.app)
    for name in views.guarded():
        assert site.client().post(f"/{name}", headers=JSON).status_code == 401
    assert views.ran == []


def test_a_bearer_value_passes_an_applications_own_guard_from_anywhere(site):
    Views(site.app)
    site.admin()
    bearer = site.bearer("root@example.com")
    assert site.program().post("/guarded", headers={**bearer, "Origin": "https://evil.example"}).status_code == 200


def test_safe_methods_are_not_checked(site):
    ada = site.signed_in()
    assert ada.get("/identity/profile", headers={**JSON, "Sec-Fetch-Site": "cross-site"}).status_code == 200
