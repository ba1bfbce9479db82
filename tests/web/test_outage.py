"""A database that is away, and comes back: F-02, S-121, R-32."""

from __future__ import annotations

from typing import Any

import pytest

from flask_identity import auth_required, current_user
from tests.support.apps import EVERYTHING, HTML, JSON, PASSWORD, error_of, sign_in
from tests.support.gates import gate
from tests.support.routes import every_route, needs_account

BODIES: dict[str, dict[str, Any]] = {
    "/login": {"identity": "ada@example.com", "password": PASSWORD},
    "/register": {"email": "new@example.com", "password": "tin kettle orbit seven"},
    "/verify": {"password": PASSWORD},
    "/change_password": {"password": PASSWORD, "new_password": "tin kettle orbit seven"},
    "/update_status": {"id": 1, "status": "suspended"},
    "/edit_user": {"id": 1, "profile": {"full_name": "Ada"}},
}


def add_views(app):
    """An application's own: one for those signed in, one that only looks."""

    @app.get("/own")
    @auth_required
    def own():
        return current_user.email

    @app.get("/asks")
    def asks():
        return "somebody" if current_user else "nobody"


@pytest.fixture
def outage(build, database_url, tmp_path):
    """An application whose database can be taken away, on each database in turn."""
    with gate(database_url, tmp_path) as way:
        made = build(way.url, IDENTITY_BASIC=True, **EVERYTHING)
        add_views(made.app)
        made.root = made.signed_in("root@example.com", roles=["admin"])
        made.person()
        made.token = made.bearer()

        def shut():
            if made.engine.dialect.name == "sqlite":  # an open file stays readable wherever it is moved
                made.let_go()
            way.shut()

        made.shut, made.back = shut, way.open
        yield made


def ask(client, route, url, headers):
    body = BODIES.get(route.path, {})
    if headers is HTML:
        flat = {name: value for name, value in body.items() if not isinstance(value, dict)}
        return client.open(f"{url}?email=x@example.com&id=1", method=route.method, data=flat, headers=HTML)
    return client.open(f"{url}?email=x@example.com&id=1", method=route.method, json=body or None, headers=headers)


def test_every_route_says_503_and_when_to_come_back_and_works_again_after(outage):
    """R-32, S-121: never 401, never 500, never "signed out", for people and programs."""
    site = outage
    site.shut()
    for route, url in every_route(site.app):
        if route.path in ("/images/<name>", "/openapi.json", "/language"):
            continue  # none asks the database anything
        for client, headers in ((site.root, JSON), (site.root, HTML), (site.program(), site.token)):
            answer = ask(client, route, url, headers)
            form_alone = route.method == "GET" and not needs_account(route) and route.page is not None
            if form_alone and answer.status_code == 200:
                continue  # a form that looks the same whoever sees it
            assert answer.status_code == 503, (route.method, route.path, headers, answer.text[:200])
            assert int(answer.headers["Retry-After"]) > 0
            assert "Set-Cookie" not in answer.headers
            assert form_alone or answer.headers["Cache-Control"] == "no-store"
            if headers is HTML and route.page is not None:
                assert answer.mimetype == "text/html"
            elif route.api is not None:
                assert error_of(answer) == (503, "unavailable")
            assert not any(
                word in answer.text.lower() for word in ("sqlite", "psycopg", "pymysql", "select ", "traceback")
            )
    site.back()
    assert site.root.get("/identity/user_list", headers=JSON).status_code == 200
    assert site.program().get("/identity/profile", headers=site.token).status_code == 200
    assert sign_in(site.client()).status_code == 200


def test_who_is_not_signed_in_still_sees_the_forms(outage):
    """An anonymous page asks the database nothing."""
    site = outage
    site.shut()
    for url in ("/identity/login", "/identity/register"):
        assert site.client().get(url, headers=HTML).status_code == 200
    assert error_of(site.client().get("/identity/profile", headers=JSON)) == (401, "not_signed_in")
    assert error_of(sign_in(site.client())) == (503, "unavailable")
    assert site.client().post("/identity/login", data=BODIES["/login"]).status_code == 503
    site.back()


def test_an_applications_own_guarded_view_says_503_too(outage):
    """R-32."""
    site = outage
    assert site.root.get("/own").text == "root@example.com"
    site.shut()
    for url in ("/own", "/asks"):
        answer = site.root.get(url, headers=JSON)
        assert error_of(answer) == (503, "unavailable")
        assert answer.headers["Retry-After"]
    assert site.client().get("/asks").text == "nobody"
    site.back()
    assert site.root.get("/own").text == "root@example.com"


def test_an_outage_locks_nobody_and_counts_nothing(outage):
    """S-118: what was begun is given back."""
    site = outage
    site.shut()
    for _ in range(6):
        assert sign_in(site.client(), password="wrong").status_code == 503
    site.back()
    assert sign_in(site.client()).status_code == 200
    with site.app.app_context():
        user = site.identity.datastore.find_user(email="ada@example.com")
        assert (user.failed_logins, user.status) == (0, "active")


def test_a_connection_lost_between_two_requests_is_noticed_by_nobody(outage):
    """F-02: no stale connection reaches a client once the server is back."""
    site = outage
    assert site.root.get("/identity/profile", headers=JSON).status_code == 200
    site.shut()
    site.back()
    assert site.root.get("/identity/profile", headers=JSON).status_code in (200, 503)
    assert site.root.get("/identity/profile", headers=JSON).status_code == 200
    assert site.root.get("/identity/user_list", headers=JSON).status_code == 200
