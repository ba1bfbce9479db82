"""Forgotten passwords: S-026, S-028, S-031 to S-035, A-009, A-013, A-046 to A-049, A-069, A-106, F-19."""

from __future__ import annotations

import threading
import time

import pytest
import time_machine

from flask_identity.testing import outbox
from tests.support.apps import HTML, JSON, PASSWORD, error_of, sign_in

NEW = "tin kettle orbit seven"
MAIL = {"IDENTITY_RECOVERABLE": True, "IDENTITY_MAIL_URL": "memory:", "IDENTITY_BASE_URL": "http://localhost"}


@pytest.fixture(autouse=True)
def empty_outbox():
    outbox.clear()


@pytest.fixture
def site(build):
    return build(IDENTITY_THROTTLE=False, IDENTITY_PEOPLE=True, IDENTITY_API_TOKENS=True, **MAIL)


def ask(client, email="ada@example.com", **more):
    return client.post("/identity/forgot_password", json={"email": email}, **more)


def link(site, email="ada@example.com"):
    """The path of a link that was just asked for."""
    assert ask(site.client(), email).status_code == 200
    return (outbox[-1].link or "").removeprefix("http://localhost")


def reset(client, path, password=NEW):
    return client.post(path, json={"password": password})


def test_a_forgotten_password_is_replaced(build, database_url):
    site = build(database_url, IDENTITY_THROTTLE=False, IDENTITY_API_TOKENS=True, **MAIL)
    ada = site.signed_in()
    token = site.token(ada)
    path = link(site)
    client = site.client()
    answer = reset(client, path)
    assert answer.json["response"] == {}
    assert "Set-Cookie" not in answer.headers
    assert site.rows("identity_session") == []
    assert ada.get("/identity/sessions", headers=JSON).status_code == 401
    assert site.program().get("/identity/sessions", headers=token).status_code == 401
    assert sign_in(client, password=PASSWORD).status_code == 401
    assert sign_in(client, password=NEW).status_code == 200
    assert site.rows("identity_mail") == site.rows("identity_one_time") == []
    assert [(letter.to, letter.link is None) for letter in outbox] == [
        ("ada@example.com", False),
        ("ada@example.com", True),
    ]


def test_who_has_an_account_is_not_told(site):
    """S-026, A-013: byte for byte, whatever becomes of the letter."""
    site.person()
    site.person("sue@example.com", active=False)
    site.person("nix@example.com", password=None)
    seen = set()
    for email in ("ada@example.com", "nobody@example.com", "sue@example.com", "nix@example.com"):
        for form in ({"json": {"email": email}}, {"data": {"email": email}, "headers": HTML}):
            answer = site.client().post("/identity/forgot_password", **form)
            kept = [(name, value) for name, value in answer.headers if name != "Date"]
            seen.add((answer.status_code, answer.data, tuple(kept)))
    assert len(seen) == 2
    assert {letter.to for letter in outbox} == {"ada@example.com"}
    assert site.rows("identity_mail") == []


def test_a_link_works_once_and_reading_its_page_does_not_use_it_up(site):
    """S-035, A-047."""
    site.person()
    path, client = link(site), site.client()
    for _ in range(3):
        shown = client.get(path, headers=HTML)
        assert (shown.status_code, shown.headers["Referrer-Policy"]) == (200, "no-referrer")
        assert shown.headers["Cache-Control"] == "no-store"
        assert client.head(path).status_code == client.get(path, headers=JSON).status_code == 200
    assert reset(client, path).status_code == 200
    assert error_of(reset(client, path)) == (404, "link_expired")
    gone = client.get(path, headers=HTML)
    assert (gone.status_code, gone.headers["Referrer-Policy"]) == (404, "no-referrer")
    assert "Send a new link" in gone.text


@pytest.mark.parametrize("end", ["password", "address", "suspension", "another link", "time"])
def test_a_link_ends_with(site, end):
    """S-031, A-111."""
    user_id = site.person()
    path, client = link(site), site.client()
    if end == "password":
        ada = site.signed_in()
        assert (
            ada.post("/identity/change_password", json={"password": PASSWORD, "new_password": NEW}).status_code == 200
        )
    elif end == "another link":
        assert reset(client, link(site)).status_code == 200
    else:
        with site.app.app_context():
            store = site.identity.datastore
            user = store.find_user(id=user_id)
            if end == "address":
                store.update_user(user, {"email": "lovelace@example.com"})
                store.update_user(user, {"email": "ada@example.com"})
            elif end == "suspension":
                store.deactivate_user(user)
                store.activate_user(user)
    with time_machine.travel(time.time() + (3601 if end == "time" else 0)):
        assert error_of(client.get(path, headers=JSON)) == (404, "link_expired")
        assert error_of(reset(client, path, "another " + NEW)) == (404, "link_expired")


def test_a_link_nearly_an_hour_old_works(site):
    site.person()
    path = link(site)
    with time_machine.travel(time.time() + 3590):
        assert reset(site.client(), path).status_code == 200


def test_a_weak_password_is_refused_and_the_link_goes_on_working(site, hashes):
    """S-006, S-007."""
    site.person("ada.lovelace@example.com")
    path, client = link(site, "ada.lovelace@example.com"), site.client()
    hashes.clear()
    for weak in ("short", "password123", "my ada.lovelace password"):
        assert error_of(reset(client, path, weak)) == (400, "weak_password")
    answer = client.post(path, data={"password": "short"}, headers=HTML)
    assert answer.status_code == 400
    assert f'action="{path}"' in answer.text
    assert hashes == []
    answer = client.post(path, data={"password": NEW}, headers=HTML)
    assert (answer.status_code, answer.location) == (303, "/identity/login?changed=password")
    assert "Your password is changed." in client.get(answer.location, headers=HTML).text


def test_it_lifts_the_lock(site):
    """S-021."""
    site.person()
    client = site.client()
    for _ in range(6):
        sign_in(client, password="wrong")
    assert sign_in(client).status_code == 401
    assert reset(client, link(site)).status_code == 200
    assert sign_in(client, password=NEW).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "localhost:81"])
def test_links_lead_to_the_base_url_whatever_a_request_says(site, host):
    """A-009, S-034."""
    site.person()
    sent = {"Host": host, "X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
    ask(site.program(), headers=sent)
    assert (outbox[0].link or "").startswith("http://localhost/identity/reset_password/")
    assert "evil" not in outbox[0].text + outbox[0].html


@pytest.mark.parametrize("email", ["ADA@Example.com", " ada@example.com "])
def test_the_letter_goes_to_the_address_in_the_row(site, email):
    """A-106."""
    site.person()
    assert ask(site.client(), email).status_code == 200
    assert [letter.to for letter in outbox] == ["ada@example.com"]


@pytest.mark.parametrize(
    "email",
    ["ada\N{FULLWIDTH COMMERCIAL AT}example.com", "\N{KELVIN SIGN}ay@example.com", "a@b.c\r\nBcc: x@y.z", "", "ada"],
)
def test_what_is_no_address_is_refused_alike(site, email):
    """A-106, A-139."""
    site.person("kay@example.com")
    assert error_of(ask(site.client(), email)) == (400, "invalid_input")
    assert outbox == []


@pytest.mark.parametrize("token", ["0", "true", "null", "%00", "[]", "a" * 16 + "." + "b" * 43, "a" * 5000])
def test_an_invented_link_opens_nothing(site, token):
    """A-048, A-049."""
    site.person()
    link(site)
    assert error_of(reset(site.client(), f"/identity/reset_password/{token}")) == (404, "link_expired")


def test_a_session_or_token_of_another_kind_is_no_link(site):
    """A-046, S-084."""
    ada = site.signed_in()
    values = [ada.get_cookie("identity").value, site.bearer()["Authorization"].partition(" ")[2]]
    for value in values:
        assert error_of(reset(site.client(), f"/identity/reset_password/{value}")) == (404, "link_expired")
    value = link(site).rpartition("/")[2]
    answer = site.program().get("/identity/sessions", headers={"Authorization": f"Bearer {value}"})
    assert answer.status_code == 401


def test_an_address_is_written_to_five_times_an_hour_known_or_not(build):
    """S-028."""
    site = build(**MAIL)
    site.person()
    with time_machine.travel(1_800_000_000, tick=False):
        for email in ("ada@example.com", "nobody@example.com"):
            answers = [ask(site.client(), email, environ_base={"REMOTE_ADDR": f"192.0.2.{n}"}) for n in range(6)]
            assert [answer.status_code for answer in answers] == [200] * 5 + [429]
            assert error_of(answers[-1]) == (429, "too_many_requests")
        others = [ask(site.client(), f"{n}@example.com").status_code for n in range(11)]
    assert others == [200] * 10 + [429]
    assert [letter.to for letter in outbox] == ["ada@example.com"] * 5


def test_a_changed_address_is_told_to_the_one_before(site):
    """S-025."""
    root = site.signed_in("root@example.com", roles=["admin"])
    user_id = site.person()
    body = {"id": user_id, "email": "lovelace@example.com"}
    assert root.put("/identity/edit_user", json=body).status_code == 200
    assert [(letter.to, letter.subject) for letter in outbox] == [
        ("ada@example.com", "Your email address was changed · Flask-Identity")
    ]
    assert "lovelace" not in outbox[0].text + outbox[0].html


def test_letters_are_in_the_language_of_who_asked(site):
    site.person()
    ask(site.client(), headers={"Accept-Language": "de"})
    assert (outbox[0].language, outbox[0].subject) == ("de", "Wählen Sie ein neues Passwort · Flask-Identity")
    assert "Der Link gilt einmal" in outbox[0].text
    assert 'lang="de"' in outbox[0].html


@pytest.mark.races
def test_of_many_who_use_one_link_at_once_one_comes_through(build, database_url):
    """F-19: and the password is that of the answer that said so."""
    site = build(database_url, IDENTITY_THROTTLE=False, **MAIL)
    site.person()
    path, answers = link(site), {}
    threads = [
        threading.Thread(target=lambda n=n: answers.update({n: reset(site.client(), path, f"{n} {NEW}").status_code}))
        for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers.values()) == [200] + [404] * 7
    (won,) = (n for n, status in answers.items() if status == 200)
    assert sign_in(site.client(), password=f"{won} {NEW}").status_code == 200


def test_it_is_off_unless_asked_for(build):
    site = build(IDENTITY_MAIL_URL="memory:", IDENTITY_BASE_URL="http://localhost")
    assert ask(site.client()).status_code == 404
    assert "orgot" not in site.client().get("/identity/login", headers=HTML).text
