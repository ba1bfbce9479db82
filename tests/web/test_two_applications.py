"""Two applications in one process never share anything: F-29, R-64."""

from __future__ import annotations

import threading
from typing import Any

from flask_identity import Identity, auth_required, current_identity, current_user, user_created
from tests.support.apps import JSON, PASSWORD, SECRET_KEY, sign_in


def with_view(site):
    @site.app.get("/who")
    @auth_required
    def who():
        minimum = current_identity.services.password_rules.password_min_length
        return f"{current_user.email} {minimum}"

    return site


def test_an_account_of_one_is_unknown_to_the_other(build):
    one, other = with_view(build(IDENTITY_PROFILE=True)), with_view(build(IDENTITY_PASSWORD_MIN_LENGTH=20))
    ada = one.signed_in()
    assert ada.get("/who").text == "ada@example.com 8"
    stolen = {**JSON, "Cookie": f"identity={ada.get_cookie('identity').value}"}
    assert other.app.test_client(use_cookies=False).get("/who", headers=stolen).status_code == 401
    assert other.program().get("/who", headers=one.bearer()).status_code == 401
    assert sign_in(other.client()).status_code == 401
    assert other.client().get("/identity/profile", headers=JSON).status_code == 404


def test_the_same_store_class_and_key_in_both_share_no_row_and_no_lock(build):
    one, other = build(), build()
    one.person()
    other.person()
    for _ in range(5):
        sign_in(one.client(), password="wrong")
    assert sign_in(one.client()).status_code == 401
    assert sign_in(other.client()).status_code == 200


def test_receivers_hear_their_own_application_only(build):
    one, other = build(), build()
    heard = []

    def hear(app, *, user, **_):
        heard.append(app)

    user_created.connect(hear, sender=one.app)
    one.person()
    other.person()
    assert heard == [one.app]


def test_a_profile_is_made_only_where_profiles_are_on(build):
    one, other = build(IDENTITY_PROFILE=True), build()
    one.person()
    other.person()
    assert len(one.rows("identity_profile")) == 1
    assert len(other.rows("identity_profile")) == 0


def test_one_identity_may_serve_several_applications(build):
    from flask import Flask

    one = build(IDENTITY_LOCKOUT_MAX_FAILURES=2)
    app = Flask("second")
    app.config.update(SECRET_KEY=SECRET_KEY, TESTING=True, IDENTITY_LOCKOUT_MAX_FAILURES=0)
    one.identity.init_app(app, type(one.services.store)(one.session, one.User, one.Role))

    @app.teardown_appcontext
    def remove(_: Any) -> None:
        if hasattr(one.session, "remove"):  # Pony's end with the request
            one.session.remove()

    one.person()
    client = app.test_client()
    for _ in range(4):
        assert client.post("/identity/login", json={"identity": "ada@example.com", "password": "x"}).status_code == 401
    body = {"identity": "ada@example.com", "password": PASSWORD}
    assert client.post("/identity/login", json=body).status_code == 200
    for _ in range(2):
        sign_in(one.client(), password="wrong")
    assert sign_in(one.client()).status_code == 401
    assert isinstance(one.identity, Identity)


def test_threads_of_both_at_once_do_not_mix(build):
    """F-29, R-50."""
    sites = [with_view(build(IDENTITY_PASSWORD_MIN_LENGTH=minimum)) for minimum in (8, 20)]
    clients = [
        (site.signed_in(f"{name}@example.com"), f"{name}@example.com {minimum}")
        for site, minimum in zip(sites, (8, 20), strict=True)
        for name in ("ada", "eve")
    ]
    wrong = []

    def ask(client, expected):
        for _ in range(15):
            if client.get("/who").text != expected:
                wrong.append(expected)

    threads = [threading.Thread(target=ask, args=pair) for pair in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
