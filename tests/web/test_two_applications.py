"""Two applications in one process never share anything: F-29, R-64."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import pytest

from flask_identity import Identity, auth_required, current_identity, current_user, user_created
from tests.databases import empty_database
from tests.support.apps import EVERYTHING, JSON, PASSWORD, SECRET_KEY, open_app, sign_in


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


THREADS = 32
SHORT = "tin orbit 7"
"""Long enough for one of them only."""


@pytest.fixture
def different(tmp_path, postgres_url):
    """Two applications that differ in ORM, database and settings, by what marks them, and who was created in each."""
    empty_database(postgres_url)
    with ExitStack() as stack:
        found = {}
        for mark, url, flavour, minimum in (
            ("one", f"sqlite:///{tmp_path / 'one.sqlite3'}?timeout=60", "plain", 8),
            ("other", postgres_url, "pony", 20),
        ):
            settings = {"IDENTITY_PASSWORD_MIN_LENGTH": minimum, "IDENTITY_THROTTLE": False, **EVERYTHING}
            site = with_view(stack.enter_context(open_app(url, flavour, **settings)))
            created: list[str] = []

            def hear(_, *, user, created=created, **__):
                created.append(user.email)

            stack.enter_context(user_created.connected_to(hear, sender=site.app))
            found[mark] = (site, created)
        yield found


def life(site, mark, number):
    """What one person does in one application, and how it answers, step by step."""
    email, client = f"p{number}@example.com", site.client()
    for password in (SHORT, PASSWORD):
        answer = client.post("/identity/register", json={"email": email, "password": password, "full_name": "x"})
        yield answer.status_code
        if answer.status_code == 200:
            break
    yield client.put("/identity/edit_user", json={"profile": {"bio": mark}}).status_code
    token = site.token(client)
    yield client.post("/identity/logout", json={}).status_code
    yield client.get("/who", headers=JSON).status_code
    yield sign_in(client, email, "wrong").status_code
    yield sign_in(client, email, password).status_code
    yield client.get("/who").text
    answer = site.program().get("/identity/profile", headers=token)
    yield answer.get_json()["response"]["user"]["profile"]["bio"]
    yield token


def test_threads_of_two_that_differ_in_all_they_can_do_not_mix(different):
    """F-29, R-50: the same addresses in both, at once, through all they do."""
    gate = threading.Barrier(THREADS)

    def live(number):
        mark = ("one", "other")[number % 2]
        gate.wait(60)
        return mark, number // 2, list(life(different[mark][0], mark, number // 2))

    with ThreadPoolExecutor(THREADS) as pool:
        lived = list(pool.map(live, range(THREADS)))

    tokens: dict[str, list[str]] = {"one": [], "other": []}
    for mark, number, (*answers, token) in lived:
        registered, minimum = ([200], 8) if mark == "one" else ([400, 200], 20)
        who = f"p{number}@example.com {minimum}"
        assert answers == [*registered, 200, 200, 401, 401, 200, who, mark], (mark, number)
        tokens[mark].append(token)
    everybody = sorted(f"p{number}@example.com" for number in range(THREADS // 2))
    for mark, stranger in (("one", "other"), ("other", "one")):
        site, created = different[mark]
        assert sorted(created) == everybody
        assert sorted(row["email"] for row in site.rows(site.users)) == everybody
        assert [row["bio"] for row in site.rows("identity_profile")] == [mark] * len(everybody)
        assert {row["login_count"] for row in site.rows(site.users)} == {2}
        kinds = Counter(row["kind"] for row in site.rows("identity_session"))
        assert kinds == {"cookie": len(everybody), "api": len(everybody)}
        refused = [site.program().get("/identity/profile", headers=token).status_code for token in tokens[stranger]]
        assert refused == [401] * len(everybody)
