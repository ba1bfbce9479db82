"""What holds for every route, derived from the features' own declarations: S-023, S-070, S-071, S-076, S-080."""

from __future__ import annotations

import pytest

from flask_identity.web.doors import endpoint
from flask_identity.web.feature import Route, Who
from tests.support.apps import HTML, JSON, error_of
from tests.support.routes import METHODS, PREFIX, by_path, every_route, needs_account, statements, url_of

WHO = {
    "GET /login": Who.ANYONE,
    "POST /login": Who.ANYONE,
    "POST /logout": Who.SIGNED_IN,
    "GET /verify": Who.SIGNED_IN,
    "POST /verify": Who.SIGNED_IN,
    "GET /register": Who.ANYONE,
    "POST /register": Who.ANYONE,
    "GET /change_password": Who.SIGNED_IN,
    "POST /change_password": Who.SIGNED_IN,
    "GET /email_exists": Who.ANYONE,
    "GET /profile": Who.SIGNED_IN,
    "GET /sessions": Who.SIGNED_IN,
    "DELETE /sessions": Who.SIGNED_IN,
    "DELETE /sessions/<handle>": Who.SIGNED_IN,
    "GET /": Who.SIGNED_IN,
    "GET /user_list": Who.ADMIN,
    "PUT /update_status": Who.ADMIN,
}
"""Who may use what, as the contract has it."""


def test_the_url_map_has_no_way_in_that_no_feature_declares(site):
    """S-023: the declared routes and the files of the pages are all there is."""
    declared = {PREFIX + path for path in by_path(site.app)}
    rules = {rule.rule: rule for rule in site.app.url_map.iter_rules() if rule.endpoint.startswith("identity.")}
    assert set(rules) == declared | {f"{PREFIX}/static/<path:filename>"}


def test_every_rule_leads_to_the_view_of_its_path(site):
    """S-023."""
    for path in by_path(site.app):
        (rule,) = [rule for rule in site.app.url_map.iter_rules() if rule.rule == PREFIX + path]
        assert rule.endpoint == f"identity.{endpoint(path)}"


def test_every_route_says_who_may_use_it(site):
    """S-076."""
    for route, _ in every_route(site.app):
        assert isinstance(route.who, Who), route
        assert route.page is not None or route.api is not None, route


def test_who_may_use_what_is_as_the_contract_has_it(site):
    """S-076: nobody widens a route by accident."""
    declared = {f"{route.method} {route.path}": route.who for route, _ in every_route(site.app)}
    assert {key: declared.get(key) for key in WHO} == WHO


def test_a_route_without_who_cannot_be_declared():
    """S-076."""
    with pytest.raises(TypeError):
        Route("GET", "/nowhere")  # type: ignore[call-arg]


def test_no_declared_method_is_shadowed_by_another_feature(site):
    seen = [(route.method, route.path) for route, _ in every_route(site.app)]
    assert len(seen) == len(set(seen))


def test_nobody_gets_past_a_route_for_those_signed_in(site):
    """S-076, S-080: before anything sent is read."""
    client = site.client()
    for route, url in every_route(site.app):
        if needs_account(route):
            answer = client.open(url, method=route.method, headers=JSON, json={"id": {"$ne": 1}, "x": 1})
            assert answer.status_code == 401, route
            assert route.api is None or error_of(answer) == (401, "not_signed_in"), route
            assert answer.headers["WWW-Authenticate"].startswith("Bearer"), route


def test_an_ordinary_user_is_turned_away_from_every_administrators_route_before_the_id_is_read(site):
    """S-077, S-080, A-036: existing, invented and malformed ids give identical bytes."""
    ada = site.signed_in()
    bodies = [{"id": 1, "status": "active"}, {"id": 999, "status": "active"}, {"id": ["x"]}, {"role": "admin"}, {}]
    for route, url in every_route(site.app):
        if route.who is Who.ADMIN:
            answers = [ada.open(url, method=route.method, json=body, headers=JSON) for body in bodies]
            assert {answer.status_code for answer in answers} == {403}, route
            assert route.api is None or error_of(answers[0]) == (403, "not_allowed"), route
            assert len({answer.data for answer in answers}) == 1


def test_a_method_that_is_not_declared_answers_405_in_the_callers_form(site):
    """S-071."""
    client = site.client()
    for path, routes in by_path(site.app).items():
        declared = {route.method for route in routes}
        allowed = declared | {"OPTIONS"} | ({"HEAD"} if "GET" in declared else set())
        for method in set(METHODS) - declared:
            url = url_of(routes[0])
            answer = client.open(url, method=method, headers=JSON)
            assert error_of(answer) == (405, "method_not_allowed"), (method, path)
            page = client.open(url, method=method, headers=HTML)
            assert page.status_code == 405
            assert page.mimetype == "text/html"
            for each in (answer, page):
                assert {name.strip() for name in each.headers["Allow"].split(",")} == allowed


def test_options_runs_nothing_and_names_the_methods(site):
    """R-36, S-071."""
    client = site.client()
    with statements(site) as seen:
        for path, routes in by_path(site.app).items():
            answer = client.options(url_of(routes[0]))
            assert answer.status_code == 204, path
            assert {route.method for route in routes} <= set(answer.headers["Allow"].split(", "))
            assert answer.data == b""
    assert seen == []


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PROPFIND", "LOGIN"])
def test_a_method_nobody_knows_is_refused(site, method):
    for path, routes in by_path(site.app).items():
        assert site.client().open(url_of(routes[0]), method=method).status_code == 405, path


def test_head_answers_like_get_without_a_body(site):
    root = site.signed_in("root@example.com", roles=["admin"])
    for route, url in every_route(site.app):
        if route.method == "GET":
            got, head = (root.open(url, method=method, headers=JSON) for method in ("GET", "HEAD"))
            assert head.status_code == got.status_code, route
            assert head.data == b""


def test_no_get_changes_anything(site):
    """S-064, S-070, A-033: a crawl of all pages as administrator leaves every row as it is."""
    root = site.signed_in("root@example.com", roles=["admin"])
    site.person()

    def dump():
        return {name: site.rows(name) for name in site.metadata.tables}

    before = dump()
    for headers in (JSON, HTML):
        for route, url in every_route(site.app):
            if route.method == "GET":
                query = "?email=x@example.com&id=1&next=/x&include_auth_token&status=active&password=x"
                assert root.get(url + query, headers=headers).status_code < 500, route
    assert dump() == before


def test_logout_by_get_does_nothing(site):
    """R-33, A-033."""
    ada = site.signed_in()
    answer = ada.get("/identity/logout", headers=JSON)
    assert error_of(answer) == (405, "method_not_allowed")
    assert ada.get("/identity/profile", headers=JSON).status_code == 200


def test_an_answer_about_somebody_is_never_kept_by_a_cache(site):
    """S-062, A-027."""
    root = site.signed_in("root@example.com", roles=["admin"])
    for headers in (JSON, HTML):
        for route, url in every_route(site.app):
            answer = root.open(url, method=route.method, headers=headers)
            assert answer.headers["Cache-Control"] == "no-store", route
            if route.method == "GET" and (needs_account(route) or answer.status_code == 200):
                assert "Cookie" in answer.vary, route
            root = root if answer.status_code != 200 or route.path != "/logout" else site.signed_in("root@example.com")


def test_no_answer_opens_the_door_for_other_origins(site):
    """S-073: no CORS header by default."""
    ada = site.signed_in()
    for route, url in every_route(site.app):
        answer = ada.open(url, method=route.method, headers={**JSON, "Origin": "https://evil.example"})
        assert not [name for name, _ in answer.headers if name.lower().startswith("access-control")], route


def test_a_prefix_of_the_root_serves_the_same_routes(build):
    made = build(IDENTITY_URL_PREFIX="", IDENTITY_REGISTERABLE=True)
    assert made.client().get("/login", headers=HTML).status_code == 200
    assert made.client().get("/identity/login").status_code == 404
    with made.client().get("/identity-static/fi.css") as css:
        assert css.status_code == 200
