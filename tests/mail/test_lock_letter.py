"""The letter that tells of a lock: S-025, and what keeps it neutral, S-026, S-027."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from flask_identity.core import lockout
from flask_identity.testing import outbox
from tests.support.apps import sign_in

MAIL = {"IDENTITY_MAIL_URL": "memory:", "IDENTITY_BASE_URL": "http://localhost", "IDENTITY_THROTTLE": False}


@pytest.fixture(autouse=True)
def empty_outbox():
    outbox.clear()


def fail(site, name="ada@example.com", times=1, **headers):
    for _ in range(times):
        given = {"identity": name, "password": "wrong"}
        assert site.client().post("/identity/login", json=given, headers=headers).status_code == 401


def wait_out(site):
    """Let the locks be over that are not for ever."""
    locks = site.metadata.tables["identity_throttle"]
    with site.engine.begin() as connection:
        connection.execute(update(locks).where(locks.c.locked_until < lockout.NEVER).values(locked_until=0))


def test_the_owner_is_told_once_when_failures_lock_and_nothing_of_who_tried(build):
    site = build(IDENTITY_RECOVERABLE=True, **MAIL)
    site.person(username="ada")
    fail(site, times=4)
    assert outbox == []
    fail(site, "ada", times=3)
    wait_out(site)
    fail(site)

    (letter,) = outbox
    assert (letter.to, letter.link) == ("ada@example.com", None)
    assert letter.subject.startswith("Signing in to your account was locked")
    assert "http://localhost/identity/forgot_password" in letter.text
    assert "127.0.0.1" not in letter.text + letter.html
    wait_out(site)
    assert sign_in(site.client()).status_code == 200


def test_it_comes_again_when_nothing_but_a_reset_helps_any_more(build, monkeypatch):
    monkeypatch.setattr(lockout, "EVALUATED_AT_MOST", 7)
    site = build(**MAIL)
    site.person()
    for _ in range(9):
        fail(site)
        wait_out(site)

    assert [letter.to for letter in outbox] == ["ada@example.com"] * 2


def test_it_is_in_the_language_of_the_site_and_not_of_whoever_tried(build):
    site = build(IDENTITY_LANGUAGES="de, en", **MAIL)
    site.person()
    fail(site, times=5, **{"Accept-Language": "en"})

    assert outbox[0].language == "de"


def test_a_name_that_is_nobodys_writes_a_row_too_and_comes_to_no_letter(build, monkeypatch):
    """S-026, S-027: who is told is asked when letters are delivered."""
    site = build(**MAIL)
    site.person()
    site.person("sue@example.com", active=False)
    site.person("nix@example.com", None)
    written = []
    put = site.services.outbox.put

    def spy(kind, recipient, **more):
        written.append((kind, more))
        put(kind, recipient, **more)

    monkeypatch.setattr(site.services.outbox, "put", spy)
    for name in ("ada@example.com", "nobody@example.com", "no address", "sue@example.com", "nix@example.com"):
        written.clear()
        fail(site, name, times=4)
        assert written == [], name
        fail(site, name, times=2)
        assert written == [("account_locked", {"language": ""})], name

    assert [letter.to for letter in outbox] == ["ada@example.com"]
    assert site.rows("identity_mail") == []


def test_where_no_letters_are_sent_none_is_written(build):
    site = build(IDENTITY_THROTTLE=False)
    site.person()
    fail(site, times=6)

    assert site.rows("identity_mail") == []
