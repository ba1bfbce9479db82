"""Limits by address and site, over HTTP: S-015, S-019, S-028, S-029, A-019, A-060, A-061, A-065."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest
import time_machine

from flask_identity.core import passwords
from tests.support.apps import HTML, JSON, PASSWORD, error_of, sign_in


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(datetime(2026, 3, 1, 12, 0, tzinfo=UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def limited(build):
    made = build(IDENTITY_REGISTERABLE=True, IDENTITY_PROFILE=True)
    made.person()
    return made


def enter(site, name="ada@example.com", password=PASSWORD, address="192.0.2.1", headers=None):
    return site.client().post(
        "/identity/login",
        json={"identity": name, "password": password},
        environ_overrides={"REMOTE_ADDR": address},
        headers=headers,
    )


def test_twenty_sign_ins_a_minute_and_address_pass_and_the_next_does_not(limited, clock):
    """S-019, A-019: the same for names that exist and names that do not."""
    for number in range(20):
        assert enter(limited, f"nobody{number}@example.com", "x").status_code == 401
    clock.shift(20)
    refused = [enter(limited, name) for name in ("ada@example.com", "eve@example.com", "nobody0@example.com")]
    assert {error_of(answer) for answer in refused} == {(429, "too_many_requests")}
    assert len({answer.data for answer in refused}) == 1
    assert {answer.headers["Retry-After"] for answer in refused} == {"40"}
    assert enter(limited, address="192.0.2.2").status_code == 200
    clock.shift(40)
    assert enter(limited).status_code == 200


def test_a_success_does_not_clear_the_count_of_an_address(limited):
    """A-059."""
    for _ in range(20):
        assert enter(limited).status_code == 200
    assert enter(limited).status_code == 429


@pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Real-IP", "Forwarded", "X-Client-IP", "True-Client-IP"])
def test_a_forged_header_is_no_new_address(limited, header):
    """S-029, A-060, A-063."""
    for number in range(20):
        enter(limited, "nobody@example.com", "x", headers={header: f"198.51.100.{number}"})
    assert enter(limited, headers={header: "198.51.100.99"}).status_code == 429


def test_forms_and_json_share_the_count(limited):
    """A-061."""
    for _ in range(10):
        enter(limited, "nobody@example.com", "x", "127.0.0.1")
        limited.client().post("/identity/login", data={"identity": "nobody@example.com", "password": "x"})
    answer = limited.client().post("/identity/login", data={"identity": "ada@example.com", "password": PASSWORD})
    assert answer.status_code == 429
    assert answer.mimetype == "text/html"
    assert answer.headers["Retry-After"] == "60"
    assert "Too many tries" in answer.text


def test_a_429_costs_no_hash(limited, hashes):
    for _ in range(20):
        enter(limited, "nobody@example.com", "x")
    hashes.clear()
    for _ in range(5):
        assert enter(limited).status_code == 429
    assert hashes == []


def test_a_session_or_token_that_is_good_never_asks_a_limit(limited):
    ada, bearer = limited.signed_in(), limited.bearer()
    counts = len(limited.rows("identity_throttle"))
    for _ in range(120):
        assert ada.get("/identity/profile", headers=JSON).status_code == 200
        assert limited.program().get("/identity/profile", headers=bearer).status_code == 200
    assert len(limited.rows("identity_throttle")) == counts


@pytest.mark.parametrize("kind", ["cookie", "bearer"])
def test_values_that_open_nothing_are_counted(limited, kind):
    """A-065: a hundred a minute and address."""
    value = "A" * 16 + "." + "B" * 43
    headers = {"Cookie": f"identity={value}"} if kind == "cookie" else {"Authorization": f"Bearer {value}"}
    for _ in range(100):
        assert limited.program().get("/identity/profile", headers={**JSON, **headers}).status_code == 401
    answer = limited.program().get("/identity/profile", headers={**JSON, **headers})
    assert error_of(answer) == (429, "too_many_requests")
    if kind == "cookie":
        page = limited.program().get("/identity/profile", headers={**HTML, **headers})
        assert (page.status_code, page.mimetype) == (429, "text/html")
    assert limited.signed_in().get("/identity/profile", headers=JSON).status_code == 200


def test_one_household_of_ipv6_is_one_address(limited):
    """A-060."""
    for number in range(20):
        enter(limited, "nobody@example.com", "x", f"2001:db8::{number + 1}")
    assert enter(limited, address="2001:db8::ffff").status_code == 429
    assert enter(limited, address="2001:db8:0:1::1").status_code == 200


def test_signing_up_is_limited(limited):
    body = {"email": "x", "password": "x"}
    for _ in range(20):
        assert limited.client().post("/identity/register", json=body).status_code == 400
    assert error_of(limited.client().post("/identity/register", json=body)) == (429, "too_many_requests")


@pytest.mark.parametrize(("url", "body"), [("/identity/verify", {"password": "x"}), ("/identity/change_password", {})])
def test_asking_for_the_password_again_is_limited(build, url, body):
    made = build(IDENTITY_LOCKOUT_MAX_FAILURES=0)
    ada = made.signed_in()
    for _ in range(20):
        assert ada.post(url, json=body).status_code == 400
    assert error_of(ada.post(url, json=body)) == (429, "too_many_requests")


def test_a_refused_cross_site_request_is_not_counted(limited):
    """A foreign page cannot use up somebody's limit."""
    for _ in range(30):
        limited.client().post("/identity/login", json={}, headers={"Sec-Fetch-Site": "cross-site"})
    assert limited.rows("identity_throttle") == []


def test_limits_can_be_lifted_the_lock_cannot(build):
    made = build(IDENTITY_THROTTLE=False)
    made.person()
    for _ in range(30):
        sign_in(made.client(), "nobody@example.com", "x")
    for _ in range(5):
        sign_in(made.client(), password="wrong")
    assert error_of(sign_in(made.client())) == (401, "invalid_credentials")
    assert all(row["key"].startswith("lock:") for row in made.rows("identity_throttle"))


def test_where_no_hashing_slot_comes_free_one_is_told_to_come_back(limited, monkeypatch):
    """S-015: at most one hash per core at once; the next waits a little, then gets 503."""
    monkeypatch.setattr(passwords, "WAIT_SECONDS", 0.05)
    free, taken = threading.Event(), threading.Barrier(passwords._cores() + 1)

    def hold():
        with passwords.slot():
            taken.wait()
            free.wait(10)

    threads = [threading.Thread(target=hold) for _ in range(passwords._cores())]
    for thread in threads:
        thread.start()
    taken.wait()
    try:
        answer = enter(limited)
        assert error_of(answer) == (503, "busy")
        assert answer.headers["Retry-After"]
        form = {"identity": "ada@example.com", "password": PASSWORD}
        assert limited.client().post("/identity/login", data=form).status_code == 503
    finally:
        free.set()
        for thread in threads:
            thread.join()
    assert enter(limited).status_code == 200
