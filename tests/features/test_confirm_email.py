"""Confirmed addresses: S-026, S-028, S-034, S-035, S-084, A-009, A-046 to A-049, A-093, A-106, F-16, F-19."""

from __future__ import annotations

import time

import pytest
import time_machine
from sqlalchemy import event

from flask_identity import ConfigurationError, IdentityRefusal, login_user
from flask_identity.testing import outbox
from tests.support.apps import EVERYTHING, HTML, JSON, PASSWORD, error_of, sign_in

NEW = "tin kettle orbit seven"
STRANGERS = "walnut harbour pencil sky"
MAIL = {"IDENTITY_CONFIRMABLE": True, "IDENTITY_MAIL_URL": "memory:", "IDENTITY_BASE_URL": "http://localhost"}
DAY = 86_400


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


def register(site, email="ada@example.com", password=NEW, **more):
    return site.client().post("/identity/register", json={"email": email, "password": password, **more})


def path_of(letter):
    return (letter.link or "").removeprefix("http://localhost")


def signed_up(site, email="ada@example.com", password=NEW, **more):
    """The path of the link of somebody who just signed up."""
    assert register(site, email, password, **more).status_code == 200
    return path_of(outbox[-1])


def confirm(site, path):
    return site.client().post(path, headers=JSON)


@pytest.mark.parametrize("flavour", ["plain", "pony"])
def test_an_account_can_be_used_once_its_address_is_confirmed(build, database_url, flavour):
    site = build(database_url, flavour=flavour, IDENTITY_THROTTLE=False, **EVERYTHING, **MAIL)
    answer = register(site, full_name="Ada Lovelace")
    assert answer.json == {"meta": {"code": 200}, "response": {}}
    assert "Set-Cookie" not in answer.headers
    (row,) = site.rows("user")
    assert (row["email"], row["active"], row["confirmed_at"], row["password"]) == ("ada@example.com", True, None, None)
    assert error_of(sign_in(site.client(), password=NEW)) == (401, "invalid_credentials")
    (letter,) = outbox
    answer = confirm(site, path_of(letter))
    assert (answer.status_code, answer.json["response"]) == (200, {})
    assert "Set-Cookie" not in answer.headers
    client = site.client()
    assert sign_in(client, password=NEW).status_code == 200
    user = client.get("/identity/edit_user", headers=JSON).json["response"]["user"]
    assert (user["status"], user["role"], user["profile"]["full_name"]) == ("active", "user", "Ada Lovelace")
    assert site.rows("identity_mail") == site.rows("identity_one_time") == []
    happened = [row["what"] for row in sorted(site.rows("identity_activity"), key=lambda row: row["id"])]
    assert happened == ["account_created", "sign_in_failed", "address_confirmed", "signed_in"]


def test_who_has_an_account_is_not_told(site):
    """S-026, A-013: byte for byte, at both doors, whatever becomes of the letter. The addresses are of one length."""
    site.person("taken@example.com", PASSWORD)
    site.person("under@example.com", PASSWORD, active=False)
    signed_up(site, "waits@example.com")
    before = site.rows("user")
    for path, body in (("register", {"password": NEW}), ("confirm_email", {})):
        seen = set()
        for email in (
            "taken@example.com",
            "waits@example.com",
            "under@example.com",
            "fresh@example.com",
        ):
            for form in ({"json": {"email": email, **body}}, {"data": {"email": email, **body}, "headers": HTML}):
                answer = site.client().post(f"/identity/{path}", **form)
                kept = [(name, value) for name, value in answer.headers if name != "Date"]
                shown = answer.text.replace("<wbr>", "").replace(email, "…")
                seen.add((answer.status_code, shown, tuple(kept)))
        assert len(seen) == 2, path
        assert {status for status, *_ in seen} == {200}
    assert [row for row in site.rows("user") if row["email"] != "fresh@example.com"] == before
    subjects = {letter.to: letter.subject.partition(" · ")[0] for letter in outbox}
    assert subjects["taken@example.com"] == subjects["under@example.com"] == "You have an account already"


def test_a_sign_up_does_the_same_work_whoever_has_the_address(site, hashes, monkeypatch):
    """S-027: one hash and one row for the outbox; all the rest is done beside the request."""
    site.person("taken@example.com")
    signed_up(site, "waits@example.com")
    monkeypatch.setattr(site.services.outbox, "wake", lambda: None)
    work = []
    for email in ("taken@example.com", "waits@example.com", "fresh@example.com"):
        hashes.clear()
        ran: list[str] = []

        def note(conn, cursor, statement, *_, ran=ran):
            ran.append(statement)

        event.listen(site.engine, "before_cursor_execute", note)
        assert register(site, email).status_code == 200
        event.remove(site.engine, "before_cursor_execute", note)
        work.append((tuple(ran), tuple(hashes)))
    assert len(set(work)) == 1
    assert work[0][1] == ("hash",)
    assert [row["recipient"] for row in site.rows("identity_mail")] == [
        "taken@example.com", "waits@example.com", "fresh@example.com",
    ]  # fmt: skip
    assert NEW not in str(site.rows("identity_mail"))


def test_a_link_works_once_and_reading_its_page_does_not_use_it_up(site):
    """S-035, A-047."""
    path, client = signed_up(site), site.client()
    for _ in range(3):
        shown = client.get(path, headers=HTML)
        assert (shown.status_code, shown.headers["Referrer-Policy"]) == (200, "no-referrer")
        assert shown.headers["Cache-Control"] == "no-store"
        assert client.head(path).status_code == client.get(path, headers=JSON).status_code == 200
    answer = client.post(path, headers=HTML)
    assert (answer.status_code, "Your address is confirmed" in answer.text) == (200, True)
    assert "Set-Cookie" not in answer.headers
    assert error_of(confirm(site, path)) == (404, "link_expired")
    for gone in (client.get(path, headers=HTML), client.post(path, headers=HTML)):
        assert (gone.status_code, gone.headers["Referrer-Policy"]) == (404, "no-referrer")
        assert "Send the letter again" in gone.text


def test_a_stranger_who_signed_up_first_gets_nothing(site):
    """A-093: each link brings the password of its own sign-up, and no other works any more."""
    before = signed_up(site, password=STRANGERS, full_name="Not Ada")
    own = signed_up(site, password=NEW)
    after = signed_up(site, password=STRANGERS)
    warned = site.client().get(own, headers=HTML).text
    assert "signed up with this address 3 times" in warned
    assert confirm(site, own).status_code == 200
    assert sign_in(site.client(), password=STRANGERS).status_code == 401
    assert sign_in(site.client(), password=NEW).status_code == 200
    for path in (before, after):
        assert error_of(confirm(site, path)) == (404, "link_expired")
    assert len(site.rows("user")) == 1


def test_what_was_open_before_the_proof_is_closed_by_it(build, tmp_path):
    """A-093: a session and a token from before the switch went on do not come back to life."""
    url = f"sqlite:///{tmp_path / 'both.sqlite3'}"
    old = build(url, IDENTITY_THROTTLE=False, **EVERYTHING)
    stranger = old.signed_in(password=STRANGERS)
    token = old.token(stranger)
    site = build(url, IDENTITY_THROTTLE=False, **EVERYTHING, **MAIL)
    client = site.client()
    client.set_cookie("identity", stranger.get_cookie("identity").value)
    assert client.get("/identity/profile", headers=JSON).status_code == 401
    assert sign_in(site.client(), password=STRANGERS).status_code == 401
    assert confirm(site, signed_up(site)).status_code == 200
    assert client.get("/identity/profile", headers=JSON).status_code == 401
    assert site.program().get("/identity/profile", headers={**token, **JSON}).status_code == 401
    assert sign_in(site.client(), password=STRANGERS).status_code == 401
    assert sign_in(site.client(), password=NEW).status_code == 200


def ask_again(site, email="ada@example.com"):
    return site.client().post("/identity/confirm_email", json={"email": email})


def test_the_letter_is_sent_again(site):
    first = signed_up(site)
    assert ask_again(site).status_code == 200
    second = path_of(outbox[-1])
    assert second != first
    assert [letter.subject for letter in outbox] == ["Confirm your email address · Flask-Identity"] * 2
    assert confirm(site, second).status_code == 200
    assert sign_in(site.client(), password=NEW).status_code == 200
    outbox.clear()
    for email in ("ada@example.com", "nobody@example.com"):
        assert ask_again(site, email).status_code == 200
    assert outbox == [], "who is confirmed, or nobody, gets no letter"


@pytest.mark.parametrize("doubt", ["two sign-ups", "no link left"])
def test_where_the_password_is_in_doubt_one_signs_up_once_more(site, doubt):
    """A-093: a letter that somebody else may have asked for never decides between two passwords."""
    signed_up(site, password=STRANGERS)
    if doubt == "two sign-ups":
        signed_up(site)
    with time_machine.travel(time.time() + (DAY + 1 if doubt == "no link left" else 0)):
        assert ask_again(site).status_code == 200
        assert outbox[-1].subject.startswith("Sign up once more")
        assert outbox[-1].link is None
        assert "http://localhost/identity/register" in outbox[-1].text
        assert confirm(site, signed_up(site)).status_code == 200
    assert sign_in(site.client(), password=STRANGERS).status_code == 401


def test_a_link_ends_after_a_day(site):
    path = signed_up(site)
    with time_machine.travel(time.time() + DAY - 5):
        assert site.client().get(path, headers=JSON).status_code == 200
    with time_machine.travel(time.time() + DAY + 1):
        assert error_of(confirm(site, path)) == (404, "link_expired")


@pytest.mark.parametrize("end", ["suspension", "another address", "deletion"])
def test_a_link_ends_with(site, end):
    """S-031, A-111."""
    path = signed_up(site)
    with site.app.app_context():
        store = site.identity.datastore
        user = store.find_user(email="ada@example.com")
        if end == "suspension":
            store.deactivate_user(user)
            store.activate_user(user)
        elif end == "deletion":
            store.delete_user(user)
        else:
            store.update_user(user, {"email": "lovelace@example.com"})
    assert error_of(confirm(site, path)) == (404, "link_expired")


def test_a_token_works_for_what_it_was_made_for_alone(site):
    """S-084, A-046: only the diagonal of purpose and endpoint."""
    ada = site.signed_in(password=PASSWORD)
    site.client().post("/identity/forgot_password", json={"email": "ada@example.com"})
    reset = path_of(outbox[-1])
    assert ada.put("/identity/edit_user", json={"email": "lovelace@example.com"}).status_code == 200
    change = next(path_of(letter) for letter in outbox if letter.to == "lovelace@example.com")
    sign_up = signed_up(site, "bob@example.com")
    session = f"/identity/x/{ada.get_cookie('identity').value}"
    value = {path: path.rpartition("/")[2] for path in (reset, change, sign_up, session)}
    for path in (change, sign_up, session):
        answer = site.client().post(f"/identity/reset_password/{value[path]}", json={"password": NEW})
        assert error_of(answer) == (404, "link_expired")
    for path in (reset, session):
        assert error_of(confirm(site, f"/identity/confirm_email/{value[path]}")) == (404, "link_expired")
    for path in (reset, change, sign_up):
        answer = site.program().get("/identity/sessions", headers={"Authorization": f"Bearer {value[path]}"})
        assert answer.status_code == 401
    assert confirm(site, change).status_code == confirm(site, sign_up).status_code == 200


@pytest.mark.parametrize("token", ["0", "null", "%00", "a" * 16 + "." + "b" * 43, "a" * 5000])
def test_an_invented_link_opens_nothing(site, token):
    """A-048, A-049."""
    signed_up(site)
    assert error_of(confirm(site, f"/identity/confirm_email/{token}")) == (404, "link_expired")


def test_links_lead_to_the_base_url_and_to_the_address_in_the_row(site):
    """A-009, A-106, S-034."""
    sent = {"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
    body = {"email": " ADA@Example.com ", "password": NEW}
    assert site.program().post("/identity/register", json=body, headers=sent).status_code == 200
    (letter,) = outbox
    assert letter.to == "ada@example.com"
    assert (letter.link or "").startswith("http://localhost/identity/confirm_email/")
    assert "evil" not in letter.text + letter.html


def test_a_new_password_by_a_letter_proves_the_address_too(site):
    """A-093, S-033: and what a stranger signed up with is void."""
    path = signed_up(site, password=STRANGERS)
    site.client().post("/identity/forgot_password", json={"email": "ada@example.com"})
    assert site.client().post(path_of(outbox[-1]), json={"password": NEW}).status_code == 200
    assert sign_in(site.client(), password=NEW).status_code == 200
    assert error_of(confirm(site, path)) == (404, "link_expired")


def test_nobody_signs_in_who_waits_not_even_through_the_application(site):
    """A-011: wrong, unknown and waiting answer alike."""
    path = signed_up(site)
    answers = {sign_in(site.client(), email, NEW).data for email in ("ada@example.com", "nobody@example.com")}
    assert len(answers) == 1
    with site.app.test_request_context():
        user = site.identity.datastore.find_user(email="ada@example.com")
        with pytest.raises(IdentityRefusal):
            login_user(user)
    assert site.rows("identity_session") == []
    assert confirm(site, path).status_code == 200


def test_a_username_somebody_was_faster_with_is_left_out(site, monkeypatch):
    monkeypatch.setattr(site.services.outbox, "wake", lambda: None)
    assert register(site, username="ada").status_code == 200
    site.person("other@example.com", username="ada")
    assert error_of(register(site, "third@example.com", username="ada")) == (409, "username_taken")
    site.app.extensions["flask_identity"].postman.deliver()
    assert confirm(site, path_of(outbox[-1])).status_code == 200
    assert {row["username"] for row in site.rows("user")} == {"ada", None}


def test_the_letters_to_one_address_are_limited_known_or_not(build):
    """S-028."""
    site = build(IDENTITY_REGISTERABLE=True, **MAIL)
    site.person()
    with time_machine.travel(1_800_000_000, tick=False):
        for email in ("ada@example.com", "nobody@example.com"):
            for n in range(6):
                more = {"environ_base": {"REMOTE_ADDR": f"192.0.2.{n}"}}
                path, body = [("register", {"password": NEW}), ("confirm_email", {})][n % 2]
                answer = site.client().post(f"/identity/{path}", json={"email": email, **body}, **more)
                assert answer.status_code == (200 if n < 5 else 429)


@pytest.mark.parametrize("lacking", ["confirmed_at", "BASE_URL", "MAIL_URL"])
def test_start_up_says_what_is_missing(build, lacking):
    given = {name: value for name, value in MAIL.items() if not name.endswith(lacking)}
    models = "minimal" if lacking == "confirmed_at" else "full"
    wanted = (
        "needs confirmed_at on" if lacking == "confirmed_at" else f"sends letters with links: set IDENTITY_{lacking}"
    )
    with pytest.raises(ConfigurationError, match=f"IDENTITY_CONFIRMABLE {wanted}"):
        build(models=models, **given)


def test_it_is_off_unless_asked_for(build):
    site = build(IDENTITY_REGISTERABLE=True, IDENTITY_MAIL_URL="memory:", IDENTITY_BASE_URL="http://localhost")
    assert ask_again(site).status_code == 404
    assert register(site).json["response"]["user"]["email"] == "ada@example.com"
