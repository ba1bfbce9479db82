"""The life of a session: S-054, S-056 to S-058, A-021 to A-027, R-08, R-11, R-15 to R-17, R-23, R-30, R-31."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import time_machine

from tests.support.apps import JSON, PASSWORD, error_of, sign_in

BEGAN = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def clock():
    with time_machine.travel(BEGAN, tick=False) as traveller:
        yield traveller


def is_in(client, headers=None):
    answer = client.get("/identity/profile", headers={**JSON, **(headers or {})})
    assert answer.status_code in (200, 401), answer.text
    return answer.status_code == 200


def value_of(client):
    cookie = client.get_cookie("identity")
    return cookie.value if cookie else None


def replay(site, value):
    """Whether a cookie's value lets somebody else's client in."""
    return is_in(site.app.test_client(use_cookies=False), {"Cookie": f"identity={value}"})


@pytest.mark.parametrize("way", ["json", "form", "register"])
def test_signing_in_ends_the_session_that_was_there(site, way):
    """S-054, A-021, A-023, R-23: the id changes and the old one is dead at once, as the same user or another."""
    client = site.signed_in()
    planted = value_of(client)
    if way == "register":
        body = {"email": "eve@example.com", "password": "tin kettle orbit seven"}
        assert client.post("/identity/register", json=body).status_code == 200
    elif way == "json":
        assert sign_in(client).status_code == 200
    else:
        assert (
            client.post("/identity/login", data={"identity": "ada@example.com", "password": PASSWORD}).status_code
            == 303
        )
    assert value_of(client) not in (None, planted)
    assert is_in(client)
    assert not replay(site, planted)


def test_a_value_planted_before_signing_in_is_never_the_one_used(site):
    """S-054: session fixation with a value of the right form."""
    site.person()
    client = site.client()
    planted = "A" * 16 + "." + "B" * 43
    client.set_cookie("identity", planted)
    assert sign_in(client).status_code == 200
    assert value_of(client) != planted
    assert not value_of(client).startswith("A" * 16)
    assert not replay(site, planted)


def test_signing_in_on_one_device_leaves_the_others_signed_in(site_on_each):
    """R-15, A-025."""
    site = site_on_each
    first, second = site.signed_in(), site.signed_in()
    assert sign_in(site.client()).status_code == 200
    assert is_in(first)
    assert is_in(second)
    assert value_of(first) != value_of(second)


def test_signing_out_ends_one_session_and_its_value_is_dead(site_on_each):
    """S-057, R-16, R-27: nothing replays, the other device stays."""
    site = site_on_each
    first, second = site.signed_in(), site.signed_in()
    value = value_of(first)
    answer = first.post("/identity/logout", headers=JSON)
    assert answer.status_code == 200
    assert answer.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert value_of(first) is None
    assert not replay(site, value)
    assert is_in(second)
    assert error_of(first.post("/identity/logout", headers=JSON)) == (401, "not_signed_in")


def test_signing_out_a_bearer_session_kills_the_value(site):
    site.person()
    bearer, other = site.bearer(), site.bearer()
    assert site.program().post("/identity/logout", headers=bearer).status_code == 200
    assert not is_in(site.program(), bearer)
    assert is_in(site.program(), other)


def test_a_session_ends_when_it_was_idle_for_too_long(build, clock):
    """S-056, R-11: on the server, whatever the cookie says."""
    site = build(IDENTITY_PROFILE=True)
    ada = site.signed_in()
    value = value_of(ada)
    for _ in range(5):
        clock.shift(1799)
        assert is_in(ada)
    clock.shift(1800)
    assert not is_in(ada)
    assert not replay(site, value)


def test_a_session_ends_in_any_case_after_twelve_hours(build, clock):
    """S-056."""
    site = build(IDENTITY_PROFILE=True)
    ada = site.signed_in()
    for _ in range(12 * 3 - 1):
        clock.shift(1200)
        assert is_in(ada)
    clock.shift(1199)
    assert is_in(ada)
    clock.shift(1)
    assert not is_in(ada)


def test_a_remembered_session_outlives_the_idle_limit_but_not_thirty_days(build, clock):
    """A-025, R-09, R-26."""
    site = build(IDENTITY_PROFILE=True)
    site.person()
    client = site.client()
    sign_in(client, remember=True)
    value = value_of(client)
    clock.shift(29 * 86400)
    assert replay(site, value)
    clock.shift(86400)
    assert not replay(site, value)


def test_bearer_sessions_have_limits_of_their_own(build, clock):
    """R-09: no 365 days for everything."""
    site = build(IDENTITY_PROFILE=True)
    site.person()
    idle, used = site.bearer(), site.bearer()
    for _ in range(30):
        clock.shift(86399)
        assert is_in(site.program(), used)
    assert not is_in(site.program(), idle)
    clock.shift(31)
    assert not is_in(site.program(), used)


def test_last_seen_is_noted_at_most_once_a_minute(build, clock):
    site = build(IDENTITY_PROFILE=True)
    ada = site.signed_in()
    seen = []
    for seconds in (0, 30, 29, 1, 59, 1):
        clock.shift(seconds)
        is_in(ada)
        (row,) = site.rows("identity_session")
        seen.append(row["last_seen_at"] - row["created_at"])
    assert seen == [0, 0, 0, 60, 60, 120]


def test_a_new_uniquifier_ends_every_session_and_token(site_on_each):
    """R-08, R-31: tokens are compared with it, and have one always."""
    site = site_on_each
    ada = site.signed_in()
    bearer = site.bearer()
    eve = site.signed_in("eve@example.com")
    with site.app.app_context():
        store = site.identity.datastore
        changed = store.set_uniquifier(store.find_user(email="ada@example.com"))
        assert changed == store.find_user(email="ada@example.com").uniquifier
    assert not is_in(ada)
    assert not is_in(site.program(), bearer)
    assert is_in(eve)


def test_a_uniquifier_changed_in_the_database_alone_ends_them_too(site):
    """R-08: it is compared at each request."""
    user = site.person()
    ada, bearer = site.signed_in(), site.bearer()
    site.write(user, uniquifier="another")
    assert not is_in(ada)
    assert not is_in(site.program(), bearer)


def test_a_suspended_person_is_out_at_the_next_request_in_every_way(site_on_each):
    """S-058, A-026, E11."""
    site = site_on_each
    ada, bearer = site.signed_in(), site.bearer("ada@example.com")
    with site.app.app_context():
        store = site.identity.datastore
        assert store.deactivate_user(store.find_user(email="ada@example.com")) is True
    assert not is_in(ada)
    assert not is_in(site.program(), bearer)
    assert error_of(sign_in(site.client())) == (401, "invalid_credentials")
    with site.app.app_context():
        store.activate_user(store.find_user(email="ada@example.com"))
    assert not is_in(ada)
    assert not is_in(site.program(), bearer)
    assert sign_in(site.client()).status_code == 200


@pytest.mark.parametrize("active", [False, None])
def test_an_account_not_marked_active_is_out(site, active):
    """R-53: NULL counts as not active, on purpose."""
    user = site.person()
    ada = site.signed_in()
    site.write(user, active=active)
    assert not is_in(ada)
    assert error_of(sign_in(site.client())) == (401, "invalid_credentials")


def test_a_session_of_a_deleted_account_opens_nothing_not_even_a_new_account_of_the_name(site_on_each):
    """R-08, A-055, A-026."""
    site = site_on_each
    ada, bearer = site.signed_in(), site.bearer("ada@example.com")
    with site.app.app_context():
        store = site.identity.datastore
        assert store.delete_user(store.find_user(email="ada@example.com")) is True
    assert not is_in(ada)
    assert site.rows("identity_session") == []
    site.person()
    assert not is_in(ada)
    assert not is_in(site.program(), bearer)


def test_renaming_an_account_moves_no_session_to_another(site):
    """R-30: sessions name a row, not a name."""
    user = site.person()
    ada = site.signed_in()
    site.write(user, email="countess@example.com")
    site.person("ada@example.com")
    answer = ada.get("/identity/profile", headers=JSON)
    assert answer.json["response"]["user"]["email"] == "countess@example.com"


def test_a_role_taken_away_is_gone_at_the_next_request(site_on_each):
    """S-079."""
    site = site_on_each
    root = site.signed_in("root@example.com", roles=["admin"])
    bearer = site.bearer("root@example.com")
    assert root.get("/identity/user_list", headers=JSON).status_code == 200
    with site.app.app_context():
        store = site.identity.datastore
        assert store.remove_role_from_user(store.find_user(email="root@example.com"), "admin") is True
    assert root.get("/identity/user_list", headers=JSON).status_code == 403
    assert site.program().get("/identity/user_list", headers=bearer).status_code == 403


def test_changing_address_or_program_is_no_reason_to_be_signed_out(site):
    """S-065, R-24."""
    ada = site.signed_in()
    headers = {"User-Agent": "another"}
    assert ada.get("/identity/profile", headers={**JSON, **headers}, environ_base={"REMOTE_ADDR": "198.51.100.9"}).json


def test_the_database_keeps_digests_only(site):
    """S-011, S-036: neither cookie nor bearer value is in a row."""
    ada = site.signed_in()
    bearer = site.bearer()["Authorization"].removeprefix("Bearer ")
    dump = repr(site.rows("identity_session"))
    for value in (value_of(ada), bearer):
        row_id, _, secret = value.partition(".")
        assert row_id in dump
        assert secret not in dump


def test_a_hostile_user_agent_is_kept_short_and_harmless(site_on_each):
    """S-123."""
    site = site_on_each
    site.person()
    client = site.client()
    agent = "Mozilla \xff\xe9 '\"<script>" + "A" * 5000
    answer = client.post(
        "/identity/login",
        json={"identity": "ada@example.com", "password": PASSWORD},
        headers={"User-Agent": agent},
    )
    assert answer.status_code == 200
    (row,) = site.rows("identity_session")
    assert len(row["agent"]) == 255
