"""Signing in: S-012, S-014, S-022, S-026, A-011, A-012, A-057 to A-059, A-117, R-50, R-54, R-56, R-57, R-66."""

# ruff: noqa: RUF001 - characters that look like others are what is tested

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine

from tests.support.apps import FAST, HTML, JSON, PASSWORD, error_of, in_utc, sign_in


@pytest.fixture
def clock():
    with time_machine.travel(datetime(2026, 3, 1, 12, 0, tzinfo=UTC), tick=False) as traveller:
        yield traveller


def user_of(site, email="ada@example.com"):
    with site.app.app_context():
        user = site.identity.datastore.find_user(email=email)
        return user and {name: getattr(user, name) for name in ("failed_logins", "locked_until", "status", "password")}


def test_a_sign_in_answers_with_the_user_and_where_to_go(site_on_each):
    site = site_on_each
    user = site.person()
    answer = sign_in(site.client())
    assert answer.status_code == 200
    assert answer.json == {
        "meta": {"code": 200},
        "response": {"user": {"id": user, "email": "ada@example.com"}, "next": "/identity/profile"},
    }


def test_without_profiles_the_way_leads_to_the_start(build):
    site = build()
    site.person()
    assert sign_in(site.client()).json["response"]["next"] == "/"
    answer = site.app.test_client().post(
        "/identity/login", json={"identity": "ada@example.com", "password": PASSWORD}, base_url="http://localhost/app"
    )
    assert answer.json["response"]["next"] == "/app/"


@pytest.mark.parametrize("field", ["identity", "email", "username"])
@pytest.mark.parametrize("name", ["ada@example.com", "ADA@Example.com", "  ada@example.com ", "ada_1815", "Ada_1815"])
def test_one_may_sign_in_by_address_or_username_in_any_spelling(site, field, name):
    """R-51, A-058."""
    site.person(username="ada_1815")
    assert site.client().post("/identity/login", json={field: name, "password": PASSWORD}).status_code == 200


@pytest.mark.parametrize(
    "body",
    [{}, {"password": PASSWORD}, {"identity": "a", "email": "b", "password": "x"}, {"identity": "ada@example.com"}],
)
def test_the_name_is_given_once_and_the_password_too(site, body):
    assert error_of(site.client().post("/identity/login", json=body)) == (400, "invalid_input")


def test_a_member_spelled_by_look_alikes_is_not_let_in_as_another(site_on_each):
    """A-106, A-107: on each database's own collation."""
    site = site_on_each
    site.person("vicky@example.com")
    for name in ("víçky@example.com", "vıcky@example.com", "vi\u212aky@example.com", "vicky@example.com\u0301"):
        assert sign_in(site.client(), name).status_code == 401
    assert site.person("víçky@example.com")
    assert sign_in(site.client(), "vicky@example.com").status_code == 200


@pytest.fixture
def crowd(site, clock):
    """Every kind of account that cannot sign in, and one that can."""
    site.person("known@example.com")
    site.person("suspended@example.com", active=False)
    site.person("null@example.com", active=None)
    site.person("passwordless@example.com", password=None)
    site.write(site.person("strange@example.com"), password="plain text")
    site.write(site.person("blank@example.com"), password="")
    site.person("locked@example.com")
    for _ in range(5):
        sign_in(site.client(), "locked@example.com", "wrong")
        sign_in(site.client(), "nobody-locked@example.com", "wrong")
    return site


TRIES = {
    "a wrong password": ("known@example.com", "wrong"),
    "an unknown address": ("nobody@example.com", PASSWORD),
    "an unknown username": ("nobody", PASSWORD),
    "what is no name": ("no name @", PASSWORD),
    "a suspended account, right": ("suspended@example.com", PASSWORD),
    "a suspended account, wrong": ("suspended@example.com", "wrong"),
    "an account whose active is NULL": ("null@example.com", PASSWORD),
    "an account without a password": ("passwordless@example.com", ""),
    "an account without a password, any": ("passwordless@example.com", PASSWORD),
    "an account with a plain text for a hash": ("strange@example.com", "plain text"),
    "an account with an empty hash": ("blank@example.com", ""),
    "a locked account, right": ("locked@example.com", PASSWORD),
    "a locked account, wrong": ("locked@example.com", "wrong"),
    "a locked name that is nobody's": ("nobody-locked@example.com", PASSWORD),
}


def told(answer):
    return answer.status, dict(answer.headers), answer.data


def test_every_reason_gets_the_same_401_byte_for_byte(crowd):
    """S-022, S-026, A-011, R-02, R-03, R-05, R-54, R-57: status, headers, cookies and body."""
    answers = {why: told(sign_in(crowd.client(), *given)) for why, given in TRIES.items()}
    expected = answers["a wrong password"]
    assert expected[0] == "401 UNAUTHORIZED"
    assert b'"error":"invalid_credentials"' in expected[2].replace(b" ", b"").replace(b"\n", b"")
    assert {why for why, answer in answers.items() if answer != expected} == set()


def test_the_page_tells_no_more(crowd):
    """S-026: the page shows back what was typed, and nothing else differs."""
    pages = set()
    for name, password in TRIES.values():
        answer = crowd.client().post("/identity/login", data={"identity": name, "password": password or "x"})
        assert answer.status_code == 401
        assert password == "" or password not in answer.text.replace(name, "")
        pages.add(answer.text.replace(f'value="{name}"', ""))
    assert len(pages) == 1


def test_every_reason_costs_exactly_one_hash_and_a_lock_none(crowd, hashes):
    """S-014, A-012, R-55: counted, not timed."""
    sign_in(crowd.client(), "nobody@example.com", "the decoy is made once")
    for why, given in TRIES.items():
        hashes.clear()
        sign_in(crowd.client(), *given)
        assert hashes == ([] if "locked" in why else ["verify"]), why


def test_the_hash_of_a_stranger_has_the_configured_cost(build):
    """S-014: the decoy is made with the same parameters."""
    site = build(IDENTITY_ARGON2_MEMORY=64, IDENTITY_ARGON2_TIME=3)
    with site.app.app_context():
        assert "m=64,t=3,p=1" in site.services.passwords._decoy


def test_an_account_locks_after_five_failures_and_opens_again(site_on_each, clock):
    """S-019, S-022, R-56."""
    site = site_on_each
    site.person()
    for _ in range(5):
        assert error_of(sign_in(site.client(), password="wrong")) == (401, "invalid_credentials")
    state = user_of(site)
    assert state["failed_logins"] == 5
    assert state["status"] == "locked"
    assert (in_utc(state["locked_until"]) - datetime.now(UTC)).total_seconds() == 30
    assert sign_in(site.client()).status_code == 401
    assert user_of(site) == state
    clock.shift(29)
    assert sign_in(site.client()).status_code == 401
    clock.shift(1)
    assert user_of(site)["status"] == "active"
    assert sign_in(site.client()).status_code == 200
    state = user_of(site)
    assert (state["failed_logins"], state["locked_until"]) == (0, None)


def test_a_name_that_is_nobodys_locks_alike(site, clock, hashes):
    """A-020: seen from outside, known and unknown names behave the same all the way."""
    site.person()
    known: list[Any] = []
    unknown: list[Any] = []
    for wait in (0, 0, 0, 0, 0, 0, 29, 1, 0, 59, 1, 0):
        clock.shift(wait)
        for name, seen in (("ada@example.com", known), ("eve@example.com", unknown)):
            hashes.clear()
            answer = sign_in(site.client(), name, "wrong")
            seen.append((told(answer), len([each for each in hashes if each == "verify"])))
    assert known == unknown
    assert {count for _, count in known} == {0, 1}


def test_spellings_of_a_name_share_one_lock(site, clock):
    """A-058, S-020: letter case, spaces, NFC, the username."""
    site.person("josé@example.com", username="jose")
    spellings = ["josé@example.com", "JOSÉ@EXAMPLE.COM", " jose\u0301@example.com", "jose", "JOSE"]
    for name in spellings:
        assert sign_in(site.client(), name, "wrong").status_code == 401
    assert sign_in(site.client(), "josé@example.com").status_code == 401
    for name in [
        "nobody@example.com",
        "NOBODY@example.com",
        " nobody@EXAMPLE.com ",
        "Nobody@example.com",
        "NoBody@Example.Com",
    ]:
        sign_in(site.client(), name, "wrong")
    assert len([row for row in site.rows("identity_throttle") if row["locked_until"]]) == 2


def test_failures_at_other_doors_count_too(site, clock):
    """A-057, A-061, S-009, S-020: /verify and /change_password are no side entrances."""
    ada = site.signed_in()
    for _ in range(2):
        assert error_of(ada.post("/identity/verify", json={"password": "wrong"})) == (400, "wrong_password")
        body = {"password": "wrong", "new_password": "tin kettle orbit seven"}
        assert error_of(ada.post("/identity/change_password", json=body)) == (400, "wrong_password")
    assert sign_in(site.client(), password="wrong").status_code == 401
    assert user_of(site)["failed_logins"] == 5
    assert sign_in(site.client()).status_code == 401
    right = {"password": PASSWORD, "new_password": "tin kettle orbit seven"}
    assert error_of(ada.post("/identity/verify", json={"password": PASSWORD})) == (400, "wrong_password")
    assert error_of(ada.post("/identity/change_password", json=right)) == (400, "wrong_password")
    assert ada.get("/identity/profile", headers=JSON).status_code == 200


def test_a_lock_of_one_account_touches_no_other_and_a_success_clears_only_its_own(site, clock):
    """A-059, A-064: who is signed in stays so."""
    ada = site.signed_in()
    site.person("eve@example.com")
    for _ in range(5):
        sign_in(site.client(), password="wrong")
        assert sign_in(site.client(), "eve@example.com").status_code == 200
    assert sign_in(site.client()).status_code == 401
    assert ada.get("/identity/profile", headers=JSON).status_code == 200


def test_the_lock_holds_where_the_limits_are_lifted_and_for_a_minimal_model(build, clock):
    """M7: the throttle counts in the library's own table."""
    site = build(models="minimal", IDENTITY_THROTTLE=False)
    site.person()
    for _ in range(5):
        assert sign_in(site.client(), password="wrong").status_code == 401
    assert sign_in(site.client()).status_code == 401
    clock.shift(30)
    assert sign_in(site.client()).status_code == 200


def test_an_administrator_unlocks_by_activating(site, clock):
    user = site.person()
    root = site.signed_in("root@example.com", roles=["admin"])
    for _ in range(5):
        sign_in(site.client(), password="wrong")
    answer = root.put("/identity/update_status", json={"id": user, "status": "active"})
    assert answer.json["response"]["user"]["status"] == "active"
    assert user_of(site)["failed_logins"] == 0
    assert sign_in(site.client()).status_code == 200


def test_an_outdated_hash_is_replaced_at_the_next_sign_in(build):
    """S-012, R-04."""
    site = build()
    site.person()
    before = user_of(site)["password"]
    assert sign_in(site.client()).status_code == 200
    assert user_of(site)["password"] == before
    newer = build(str(site.engine.url), **{**FAST, "IDENTITY_ARGON2_MEMORY": 32})
    assert sign_in(newer.client(), password="wrong").status_code == 401
    assert user_of(newer)["password"] == before
    assert sign_in(newer.client()).status_code == 200
    after = user_of(newer)["password"]
    assert "m=32" in after
    assert sign_in(newer.client()).status_code == 200
    assert user_of(newer)["password"] == after


def test_a_pepper_can_be_added_and_rotated_while_people_sign_in(build):
    """S-013, R-06."""
    site = build()
    site.person()
    url = str(site.engine.url)
    old, new = "old:" + "o" * 32, "new:" + "n" * 32
    for pepper, prefix in ((old, "{k=old}"), (f"{new} {old}", "{k=new}"), (new, "{k=new}")):
        made = build(url, IDENTITY_PASSWORD_PEPPER=pepper)
        assert sign_in(made.client()).status_code == 200
        assert user_of(made)["password"].startswith(prefix)


def test_two_forms_at_once_do_not_disturb_each_other(site):
    """R-50: no state is shared between requests."""
    site.person("ada@example.com", "tin kettle orbit seven")
    site.person("eve@example.com", "wax candle river nine")
    wrong = []

    def work(email, password):
        for _ in range(10):
            answer = site.app.test_client().post(
                "/identity/login",
                data={"identity": email, "password": password},
                headers={"Origin": "http://localhost"},
            )
            if answer.status_code != 303:
                wrong.append((email, answer.status_code))

    pairs = [("ada@example.com", "tin kettle orbit seven"), ("eve@example.com", "wax candle river nine")] * 2
    threads = [threading.Thread(target=work, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_who_is_signed_in_is_said_to_programs(site):
    """A GET never gives a token, and caches are told (R-21)."""
    assert site.client().get("/identity/login", headers=JSON).json["response"] == {}
    answer = site.signed_in().get("/identity/login", headers=JSON)
    assert answer.json["response"]["user"]["email"] == "ada@example.com"
    assert "Cookie" in answer.vary


def test_the_page_is_there_out_of_the_box(build):
    """R-66, R-65: no template of the application's, no other extension."""
    answer = build().client().get("/identity/login", headers=HTML)
    assert answer.status_code == 200
    assert 'type="password"' in answer.text
