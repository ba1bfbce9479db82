"""The dashboard's own addresses, and what it answers where nothing is."""

from __future__ import annotations

import logging

import pytest
from sqlalchemy import event

from identity_dashboard import create_app
from identity_dashboard.app import identity
from identity_dashboard.models import db
from tests.dashboard.processes import GOOD

JSON = {"Accept": "application/json"}
PAGE = {"Accept": "text/html"}


@pytest.fixture
def signed_in(app):
    """Returns a browser in which somebody with these roles is signed in."""

    def make(*roles):
        with app.app_context():
            identity.datastore.create_user("ada@example.com", GOOD, roles=roles)
        browser = app.test_client()
        assert browser.post("/login", json={"email": "ada@example.com", "password": GOOD}).status_code == 200
        return browser

    return make


@pytest.fixture
def statements(app):
    """Every statement the application sends to its database."""
    seen = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *given: seen.append(given[2]))
        event.listen(db.engine, "checkout", lambda *_: seen.append("a connection"))
    return seen


def test_the_addresses_that_were_asked_for_are_there_with_their_methods_E6(app):
    asked = {
        "/register": {"GET", "POST"},
        "/login": {"GET", "POST"},
        "/profile": {"GET"},
        "/user_list": {"GET"},
        "/edit_user": {"GET", "PUT"},
        "/update_status": {"PUT"},
        "/email_exists": {"GET"},
        "/delete_user": {"DELETE"},
    }
    allowed = {path: app.test_client().options(path).headers["Allow"].split(", ") for path in asked}
    found = {path: set(methods) - {"HEAD", "OPTIONS"} for path, methods in allowed.items()}

    assert found == asked


def test_the_start_leads_everybody_to_their_place(app, signed_in):
    assert app.test_client().get("/", headers=PAGE).headers["Location"] == "/login?next=/"
    assert signed_in().get("/").headers["Location"] == "/profile"


def test_administrators_start_at_the_overview(signed_in):
    browser = signed_in("admin")

    answer = browser.get("/", headers=PAGE)

    assert answer.status_code == 200
    assert "<h1>Overview</h1>" in answer.text
    assert browser.get("/user_list", headers=PAGE).status_code == 200


@pytest.mark.parametrize("path", ["/", "/login", "/register", "/healthz", "/nothing-here", "/identity-static/x.css"])
def test_who_is_not_signed_in_costs_no_sql(app, statements, path):
    """S-062: nor is a cookie set."""
    answer = app.test_client().get(path, headers=PAGE)

    assert statements == []
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    ("off", "start"),
    [
        (("ACTIVITY",), "/user_list"),
        (("PEOPLE",), "/profile"),
        (("PEOPLE", "PROFILE"), "/sessions"),
        (("PEOPLE", "PROFILE", "SESSIONS"), "/change_"),
    ],
)
def test_the_start_leads_to_what_is_switched_on(app, env, signed_in, off, start):
    signed_in("admin")
    other = create_app(env | {"IDENTITY_BASE_URL": "http://localhost"} | {f"IDENTITY_{it}": "false" for it in off})
    browser = other.test_client()
    browser.post("/login", json={"email": "ada@example.com", "password": GOOD})

    answer = browser.get("/")
    with other.app_context():
        db.engine.dispose()

    assert answer.headers["Location"].startswith(start)


def test_an_address_where_nothing_is_answers_in_the_callers_form(app):
    program, browser = (app.test_client().get("/nothing-here", headers=form) for form in (JSON, PAGE))

    assert (program.status_code, program.json["response"]["error"]) == (404, "not_found")
    assert browser.status_code == 404
    assert browser.mimetype == "text/html"
    assert "Page not found" in browser.text


@pytest.mark.parametrize("path", ["/", "/healthz"])
def test_a_method_that_is_not_there_is_told_which_are(app, path):
    answer = app.test_client().delete(path, headers=JSON)

    assert (answer.status_code, answer.json["response"]["error"]) == (405, "method_not_allowed")
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_an_unforeseen_error_tells_nothing_but_where_to_look(app, caplog):
    """S-012: no stack, nothing of the request."""
    nothing: dict[str, str] = {}
    app.add_url_rule("/broken", view_func=lambda: nothing["swordfish"])

    with caplog.at_level(logging.ERROR, "flask_identity"):
        answer = app.test_client().get("/broken", headers=JSON)

    refusal = answer.json["response"]
    assert (answer.status_code, refusal["error"]) == (500, "internal")
    assert "swordfish" not in answer.text
    request_id = refusal["message"].split()[-1].strip(".")
    assert any(request_id in record.getMessage() and record.exc_info for record in caplog.records)


def test_an_answer_that_an_error_brings_is_kept(app, signed_in):
    answer = signed_in().get("/user_list", headers=JSON)

    assert (answer.status_code, answer.json["response"]["error"]) == (403, "not_allowed")


@pytest.mark.parametrize("path", ["/", "/login", "/nothing-here", "/healthz", "/identity-static/fi.css"])
def test_every_answer_says_what_pages_never_do(app, path):
    """S-072."""
    answer = app.test_client().get(path)
    answer.close()

    policy = answer.headers["Content-Security-Policy"]
    for part in ("default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"):
        assert part in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Strict-Transport-Security" not in answer.headers


def test_browsers_are_told_to_stay_with_https_where_people_come_that_way(env):
    app = create_app(env | {"IDENTITY_BASE_URL": "https://people.example.com"})

    assert app.test_client().get("/healthz").headers["Strict-Transport-Security"] == "max-age=31536000"


def test_readiness_needs_migrated_tables(env):
    app = create_app(env)
    answers = [app.test_client().get(path) for path in ("/readyz", "/healthz")]
    with app.app_context():
        db.engine.dispose()

    assert [answer.status_code for answer in answers] == [503, 200]
