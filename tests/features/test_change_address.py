"""Another address, where addresses are confirmed: S-025, S-026, S-039, A-093, A-110, A-111, F-19, F-24."""

from __future__ import annotations

import time

import pytest
import time_machine

from flask_identity.testing import outbox
from tests.support.apps import EVERYTHING, HTML, JSON, PASSWORD, error_of, sign_in

MAIL = {"IDENTITY_CONFIRMABLE": True, "IDENTITY_MAIL_URL": "memory:", "IDENTITY_BASE_URL": "http://localhost"}
NEW = "lovelace@example.com"


@pytest.fixture
def orm():
    """What depends on the ORM is tested with both below."""
    return "plain"


@pytest.fixture(autouse=True)
def empty_outbox():
    outbox.clear()


@pytest.fixture
def site(build):
    return build(IDENTITY_THROTTLE=False, IDENTITY_RECOVERABLE=True, **EVERYTHING, **MAIL)


def change(client, email=NEW, **more):
    return client.put("/identity/edit_user", json={"email": email, **more})


def user_of(answer):
    assert answer.status_code == 200, answer.text
    return answer.json["response"]["user"]


def link_to(email=NEW):
    letter = next(letter for letter in reversed(outbox) if letter.to == email)
    return (letter.link or "").removeprefix("http://localhost")


def confirm(site, path):
    return site.client().post(path, headers=JSON)


@pytest.mark.parametrize("flavour", ["plain", "pony"])
def test_it_waits_until_it_is_confirmed(build, database_url, flavour):
    """S-039, S-025."""
    site = build(database_url, flavour=flavour, IDENTITY_THROTTLE=False, **EVERYTHING, **MAIL)
    ada = site.signed_in()
    user = user_of(change(ada, profile={"full_name": "Ada"}))
    assert (user["email"], user["pending_email"], user["profile"]["full_name"]) == ("ada@example.com", NEW, "Ada")
    letters = {letter.to: letter for letter in outbox}  # which of two of one second goes first is left open
    assert {to: letter.link is None for to, letter in letters.items()} == {NEW: False, "ada@example.com": True}
    assert len(outbox) == 2
    assert NEW not in letters["ada@example.com"].text + letters["ada@example.com"].html
    assert NEW in ada.get("/identity/profile", headers=HTML).text.replace("<wbr>", "")
    assert sign_in(site.client(), NEW).status_code == 401
    path = link_to()
    assert "Set-Cookie" not in confirm(site, path).headers
    user = user_of(ada.get("/identity/edit_user", headers=JSON))
    assert (user["email"], user["pending_email"]) == (NEW, None)
    assert sign_in(site.client(), NEW).status_code == 200
    assert sign_in(site.client(), "ada@example.com").status_code == 401
    assert outbox[-1].subject.startswith("Your email address was changed")
    assert outbox[-1].to == "ada@example.com"
    assert error_of(confirm(site, path)) == (404, "link_expired")
    happened = [row for row in site.rows("identity_activity") if row["what"] == "account_changed"]
    assert [row["details"] for row in happened] == ['{"fields":["email"]}']


def test_of_two_asked_for_the_last_one_counts_and_its_mailbox_proves_it(site):
    """A-110, F-24: the confirmed address is the one that received the link."""
    ada = site.signed_in()
    change(ada, "victim@example.com")
    first = link_to("victim@example.com")
    assert user_of(change(ada, "own@example.com"))["pending_email"] == "own@example.com"
    assert error_of(confirm(site, first)) == (404, "link_expired")
    assert confirm(site, link_to("own@example.com")).status_code == 200
    assert user_of(ada.get("/identity/edit_user", headers=JSON))["email"] == "own@example.com"


def test_an_address_that_is_taken_answers_as_any_other(site):
    """S-026: whose it is hears of it, and nothing can be confirmed."""
    site.person("taken@example.com")
    answers = {}
    for email in ("taken@example.com", "fresh@example.com"):
        ada = site.signed_in("ada@example.com")
        user = user_of(change(ada, email))
        times = ("current_login_at", "last_login_at", "login_count", "version")
        answers[email] = str({k: v for k, v in user.items() if k not in times}).replace(email, "…")
    assert len(set(answers.values())) == 1
    (letter,) = (letter for letter in outbox if letter.to == "taken@example.com")
    assert (letter.link, letter.subject.partition(" · ")[0]) == (None, "Your email address is in use already")


def test_an_address_taken_meanwhile_is_refused_and_nothing_is_changed(site):
    """F-24: A and B ask for the same one; the first to confirm has it."""
    ada, bob = site.signed_in(), site.signed_in("bob@example.com")
    change(ada)
    of_ada = link_to()
    change(bob)
    of_bob = link_to()
    assert confirm(site, of_ada).status_code == 200
    assert error_of(confirm(site, of_bob)) == (409, "email_taken")
    shown = site.client().post(of_bob, headers=HTML)
    assert (shown.status_code, "Another account has this address" in shown.text) == (409, True)
    assert sorted(row["email"] for row in site.rows("user")) == ["bob@example.com", NEW]


@pytest.mark.parametrize("end", ["password", "forgotten password", "suspension", "an administrator"])
def test_a_change_asked_for_ends_with(site, end):
    """A-093, A-111, S-031: a stranger at an open session cannot come back to it later."""
    ada = site.signed_in()
    change(ada)
    path = link_to()
    other = "tin kettle orbit seven"
    if end == "password":
        ada.post("/identity/change_password", json={"password": PASSWORD, "new_password": other})
    elif end == "forgotten password":
        site.client().post("/identity/forgot_password", json={"email": "ada@example.com"})
        site.client().post(link_to("ada@example.com"), json={"password": other})
    else:
        with site.app.app_context():
            user = site.identity.datastore.find_user(email="ada@example.com")
            if end == "suspension":
                site.identity.datastore.deactivate_user(user)
                site.identity.datastore.activate_user(user)
            else:
                site.identity.datastore.update_user(user, {"email": "third@example.com"})
    assert error_of(confirm(site, path)) == (404, "link_expired")


def test_an_administrators_change_waits_too(site):
    root = site.signed_in("root@example.com", roles=["admin"])
    ada = site.person()
    user = user_of(change(root, id=ada))
    assert (user["email"], user["pending_email"]) == ("ada@example.com", NEW)
    page = root.get(f"/identity/edit_user?id={ada}", headers=HTML).text.replace("<wbr>", "")
    assert NEW in page
    assert confirm(site, link_to()).status_code == 200
    assert site.row(ada)["email"] == NEW


def test_an_account_without_a_password_waits_on_at_its_new_address(site):
    """Else nobody could choose one for it any more."""
    root = site.signed_in("root@example.com", roles=["admin"])
    with site.app.app_context():
        ada = site.identity.datastore.create_user("typo@example.com").id
    change(root, id=ada)
    assert [letter.to for letter in outbox] == [NEW], "an address that nobody proved is told nothing"
    assert confirm(site, link_to()).status_code == 200
    assert (site.row(ada)["email"], site.row(ada)["confirmed_at"]) == (NEW, None)
    site.client().post("/identity/forgot_password", json={"email": NEW})
    assert site.client().post(link_to(), json={"password": "tin kettle orbit seven"}).status_code == 200
    assert sign_in(site.client(), NEW, "tin kettle orbit seven").status_code == 200


def test_a_sign_in_that_is_not_recent_asks_for_the_password_first(site):
    ada = site.signed_in()
    with time_machine.travel(time.time() + 700):
        assert error_of(change(ada)) == (403, "fresh_sign_in_required")
    assert outbox == []
    assert site.rows("identity_one_time") == []


def test_letters_to_others_are_limited(build):
    """S-028."""
    site = build(IDENTITY_PROFILE=True, **MAIL)
    ada = site.signed_in()
    with time_machine.travel(time.time(), tick=False):
        answers = [change(ada, f"{n}@example.com").status_code for n in range(6)]
        assert answers == [200] * 5 + [429]
        assert user_of(ada.put("/identity/edit_user", json={"profile": {"bio": "still"}}))["pending_email"]


def test_with_confirmation_off_it_is_changed_at_once(build):
    site = build(IDENTITY_THROTTLE=False, **EVERYTHING)
    ada = site.signed_in()
    user = user_of(change(ada))
    assert (user["email"], user["pending_email"]) == (NEW, None)
