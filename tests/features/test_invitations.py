"""Invitations: S-031 to S-035, S-067, A-046, A-047, A-106, F-19."""

from __future__ import annotations

import threading
import time
from urllib.parse import unquote

import pytest
import time_machine

from flask_identity import Register, user_created
from flask_identity.testing import outbox
from tests.support.apps import EVERYTHING, HTML, JSON, PASSWORD, error_of, sign_in

NEW = "tin kettle orbit seven"
WEEK = 7 * 86_400
MAIL = {"IDENTITY_PEOPLE": True, "IDENTITY_MAIL_URL": "memory:", "IDENTITY_BASE_URL": "http://localhost"}
INVITATIONS = "/identity/invitations"


class SignUp(Register):
    nickname: str


@pytest.fixture(autouse=True)
def empty_outbox():
    outbox.clear()


@pytest.fixture
def site(build):
    return build(IDENTITY_THROTTLE=False, **{**EVERYTHING, **MAIL, "IDENTITY_REGISTERABLE": False})


@pytest.fixture
def root(site):
    return site.signed_in("root@example.com", roles=["admin"])


def invite(root, email="ada@example.com", **more):
    return root.post(INVITATIONS, json={"email": email, **more})


def link(root, email="ada@example.com", **more):
    """The path of a link that was just sent."""
    answer = invite(root, email, **more)
    assert answer.status_code == 200, answer.text
    return (outbox[-1].link or "").removeprefix("http://localhost")


def accept(client, path, **more):
    return client.post(path, json={"password": NEW, **more})


def listed(root, query=""):
    return root.get(INVITATIONS + query, headers=JSON).json["response"]


def make_role(site, name="editor"):
    with site.app.app_context():
        site.identity.datastore.create_role(name)


def test_who_is_invited_makes_an_account_and_is_signed_in(build, database_url):
    settings = {**EVERYTHING, **MAIL, "IDENTITY_REGISTERABLE": False}
    site = build(database_url, IDENTITY_THROTTLE=False, **settings)
    root, client, seen = site.signed_in("root@example.com", roles=["admin"]), site.client(), []
    make_role(site)
    answer = invite(root, " Ada@Example.com ", role="editor")
    told = answer.json["response"]["invitation"]
    path = (outbox[-1].link or "").removeprefix("http://localhost")
    assert path.rpartition("/")[2].partition(".")[2] not in answer.text
    assert (told["email"], told["role"], told["by"]["email"]) == ("ada@example.com", "editor", "root@example.com")
    assert client.get(path, headers=JSON).json["response"] == {"email": "ada@example.com"}
    with user_created.connected_to(lambda _, user, **__: seen.append(user.email), sender=site.app):
        answer = accept(client, path, full_name="Ada Lovelace", username="ada")
    assert answer.json["response"]["user"]["email"] == "ada@example.com"
    assert seen == ["ada@example.com"]
    user = client.get("/identity/edit_user", headers=JSON).json["response"]["user"]
    assert (user["role"], user["username"], user["profile"]["full_name"]) == ("editor", "ada", "Ada Lovelace")
    with site.app.app_context():
        assert site.identity.datastore.find_user(email="ada@example.com").confirmed_at is not None
    assert site.rows("identity_invitation") == site.rows("identity_mail") == []
    assert sign_in(site.client(), password=NEW).status_code == 200
    events = root.get("/identity/audit_log", headers=JSON).json["response"]["events"]
    people = {row["id"]: row["email"].partition("@")[0] for row in site.rows("user")}
    told = {event["what"]: (people.get(event["actor"]), people.get(event["target"])) for event in events}
    assert told["invitation_sent"] == ("root", "root")
    assert told["invitation_accepted"] == ("root", "ada")


def test_a_link_works_once_and_reading_its_page_does_not_use_it_up(site, root):
    """S-035, A-047."""
    path, client = link(root), site.client()
    for _ in range(2):
        shown = client.get(path, headers=HTML)
        assert (shown.status_code, shown.headers["Referrer-Policy"]) == (200, "no-referrer")
        assert client.head(path).status_code == 200
    assert accept(client, path).status_code == 200
    assert error_of(accept(site.client(), path)) == (404, "link_expired")
    gone = site.client().get(path, headers=HTML)
    assert (gone.status_code, "Ask whoever invited you" in gone.text) == (404, True)


def test_the_page_makes_the_account_of_the_address_that_was_invited(site, root):
    path, client = link(root), site.client()
    assert 'value="ada@example.com"' in client.get(path, headers=HTML).text
    sent = {"email": "eve@example.com", "full_name": "Ada", "password": "short"}
    answer = client.post(path, data=sent, headers=HTML)
    assert (answer.status_code, 'value="Ada"' in answer.text, "eve@" in answer.text) == (400, True, False)
    assert error_of(accept(client, path, email="eve@example.com")) == (403, "field_not_allowed")
    assert error_of(accept(client, path, role="admin")) == (403, "field_not_allowed")
    answer = client.post(path, data={**sent, "password": NEW}, headers=HTML)
    assert (answer.status_code, answer.location) == (303, "/identity/profile")
    assert {row["email"] for row in site.rows("user")} == {"root@example.com", "ada@example.com"}


def test_the_applications_own_fields_are_asked_for(build):
    site = build(IDENTITY_THROTTLE=False, register=SignUp, **MAIL)
    path, client = link(site.signed_in("root@example.com", roles=["admin"])), site.client()
    assert 'name="nickname"' in client.get(path, headers=HTML).text
    assert error_of(accept(client, path)) == (400, "invalid_input")
    assert error_of(accept(client, path, nickname="Ada", full_name="Ada")) == (400, "unknown_field")
    assert accept(client, path, nickname="Ada").status_code == 200
    assert [row["nickname"] for row in site.rows("user") if row["email"] == "ada@example.com"] == ["Ada"]


@pytest.mark.parametrize(
    "end", ["taken back", "sent again", "suspended", "demoted", "deleted", "behind our back", "time"]
)
def test_an_invitation_is_void_once_it_was(site, root, end):
    """S-031: and once whoever sent it is no administrator any more."""
    boss = site.signed_in("boss@example.com", roles=["admin"])
    path, client = link(boss), site.client()
    with site.app.app_context():
        boss_id = site.identity.datastore.find_user(email="boss@example.com").id
    newer = ""
    if end == "taken back":
        handle = listed(root)["invitations"][0]["handle"]
        assert root.delete(f"{INVITATIONS}/{handle}").status_code == 200
        assert error_of(root.delete(f"{INVITATIONS}/{handle}")) == (404, "not_found")
    elif end == "sent again":
        newer = link(root)
        assert [letter.to for letter in outbox] == ["ada@example.com"] * 2
    elif end == "suspended":
        for status in ("suspended", "active"):
            assert root.put("/identity/update_status", json={"id": boss_id, "status": status}).status_code == 200
    elif end == "demoted":
        assert root.put("/identity/edit_user", json={"id": boss_id, "role": "user"}).status_code == 200
    elif end == "deleted":
        assert root.delete("/identity/delete_user", query_string={"id": boss_id}).status_code == 200
    elif end == "behind our back":
        with site.app.app_context(), site.services.store.unit():
            site.services.store.change("user", {"id": boss_id}, {"active": False})
    with time_machine.travel(time.time() + (WEEK + 1 if end == "time" else 0)):
        assert error_of(client.get(path, headers=JSON)) == (404, "link_expired")
        assert error_of(accept(client, path)) == (404, "link_expired")
    if newer:
        assert accept(client, newer).status_code == 200
    else:
        assert error_of(sign_in(client, password=NEW)) == (401, "invalid_credentials")


def test_an_invitation_nearly_a_week_old_works(site, root):
    path = link(root)
    with time_machine.travel(time.time() + WEEK - 10):
        assert accept(site.client(), path).status_code == 200


def test_an_address_that_got_an_account_meanwhile_is_taken_and_nothing_half_changed(site, root):
    path = link(root, role="admin")
    site.person()
    before = site.rows("identity_invitation"), site.rows("user"), site.rows("user_role")
    answer = accept(site.client(), path, username="ada")
    assert error_of(answer) == (409, "email_taken")
    assert "Set-Cookie" not in answer.headers
    assert (site.rows("identity_invitation"), site.rows("user"), site.rows("user_role")) == before
    page = site.client().post(path, data={"password": NEW}, headers=HTML)
    assert (page.status_code, "already has an account" in page.text) == (409, True)
    answer = invite(root)
    assert error_of(answer) == (409, "email_taken")
    assert set(answer.json["response"]["field_errors"]) == {"email"}


def test_what_is_wrong_with_an_invitation_is_said_at_its_field(site, root):
    make_role(site)
    for body, field in (
        ({"email": "ada"}, "email"),
        ({"email": "ada@example.com", "role": "queen"}, "role"),
        ({"email": "ada@example.com", "role": "no role!"}, "role"),
        ({}, "email"),
    ):
        answer = root.post(INVITATIONS, json=body)
        assert (answer.status_code, set(answer.json["response"]["field_errors"])) == (400, {field})
    assert error_of(invite(root, role="queen")) == (400, "unknown_role")
    page = root.post(INVITATIONS, data={"email": "ada", "role": "editor"}, headers=HTML)
    assert (page.status_code, 'value="ada"' in page.text, '<option value="editor" selected>' in page.text) == (
        400,
        True,
        True,
    )
    assert outbox == site.rows("identity_invitation") == []


def test_a_role_needs_a_fresh_sign_in_and_the_default_one_does_not(site, root):
    with time_machine.travel(time.time() + 700):
        assert error_of(invite(root, role="admin")) == (403, "fresh_sign_in_required")
        page = root.post(INVITATIONS, data={"email": "ada@example.com", "role": "admin"}, headers=HTML)
        back = "/identity/verify?next=/identity/invitations?email=ada@example.com&role=admin"
        assert (page.status_code, unquote(unquote(page.location or ""))) == (303, back)
        assert invite(root).status_code == invite(root, "eve@example.com", role="user").status_code == 200
    assert [letter.to for letter in outbox] == ["ada@example.com", "eve@example.com"]


def test_only_administrators_invite_and_only_from_this_site(site, root):
    """S-067."""
    ada = site.signed_in()
    link(root, "eve@example.com")
    handle = listed(root)["invitations"][0]["handle"]
    for client, status in ((site.client(), 401), (ada, 403)):
        assert client.get(INVITATIONS, headers=JSON).status_code == status
        assert client.post(INVITATIONS, data="{", content_type="application/json").status_code == status
        assert client.delete(f"{INVITATIONS}/{handle}").status_code == status
    answer = root.post(INVITATIONS, json={"email": "x@example.com"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert error_of(answer) == (403, "cross_site")
    assert [each["email"] for each in listed(root)["invitations"]] == ["eve@example.com"]


def test_an_administrator_sends_fifty_an_hour(build):
    site = build(**MAIL)
    with time_machine.travel(1_800_000_000, tick=False):
        root, boss = (site.signed_in(f"{name}@example.com", roles=["admin"]) for name in ("root", "boss"))
        statuses = [invite(root, f"{n}@example.com").status_code for n in range(51)]
        assert statuses == [200] * 50 + [429]
        assert invite(boss).status_code == 200
    # Made in one and the same second, and still each is on one page, once.
    found: list[str] = []
    cursor = ""
    while cursor is not None:
        page = listed(root, f"?limit=20&cursor={cursor}" if cursor else "?limit=20")
        found, cursor = [*found, *(each["email"] for each in page["invitations"])], page["next"]
    assert sorted(found) == sorted([*(f"{n}@example.com" for n in range(50)), "ada@example.com"])
    for wrong in ("?cursor=x", "?limit=101"):
        assert error_of(root.get(INVITATIONS + wrong, headers=JSON)) == (400, "invalid_input")


def test_the_pages_work_without_javascript(site, root):
    assert "Invite user" in root.get("/identity/user_list", headers=HTML).text
    answer = root.post(INVITATIONS, data={"email": "ada@example.com", "role": ""}, headers=HTML)
    assert answer.status_code == 303
    shown = root.get(answer.location, headers=HTML).text
    assert "The invitation is on its way." in shown
    handle = listed(root)["invitations"][0]["handle"]
    assert f'action="{INVITATIONS}/{handle}"' in shown
    assert root.post(f"{INVITATIONS}/{handle}", headers=HTML).status_code == 303
    assert "No open invitations" in root.get(INVITATIONS, headers=HTML).text
    assert site.rows("identity_invitation") == []


def test_only_a_digest_is_kept_and_no_other_secret_is_a_link(site, root):
    """A-046, S-033."""
    path = link(root)
    (row,) = site.rows("identity_invitation")
    row_id, _, secret = path.rpartition("/")[2].partition(".")
    assert row["id"] == row_id
    assert secret not in str(row)
    session = root.get_cookie("identity").value
    for value in (session, f"{row_id}.{'a' * 43}", f"{row_id}.{row['digest'][:43]}", "%00", "x"):
        assert error_of(accept(site.client(), f"/identity/accept_invitation/{value}")) == (404, "link_expired")
    answer = site.program().get(INVITATIONS, headers={"Authorization": f"Bearer {path.rpartition('/')[2]}"})
    assert answer.status_code == 401


def test_the_letter_leads_to_the_base_url_in_the_language_of_who_invited(site):
    """A-009, A-106."""
    site.admin()
    sent = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "Accept-Language": "de"}
    body = {"email": "ada@example.com"}
    site.program().post(INVITATIONS, json=body, headers=sent | site.bearer("root@example.com"))
    assert (outbox[0].link or "").startswith("http://localhost/identity/accept_invitation/")
    assert (outbox[0].to, outbox[0].language) == ("ada@example.com", "de")
    assert "evil" not in outbox[0].text + outbox[0].html


def test_a_letter_that_waited_until_its_invitation_was_void_is_not_sent(site, root, monkeypatch):
    monkeypatch.setattr(site.services.outbox, "wake", lambda: None)
    assert invite(root).status_code == invite(root).status_code == 200
    site.app.extensions["flask_identity"].postman.deliver()
    assert len(outbox) == 1
    assert accept(site.client(), (outbox[0].link or "").removeprefix("http://localhost")).status_code == 200


@pytest.mark.races
def test_of_many_who_accept_one_invitation_at_once_one_comes_through(build, database_url):
    """F-19."""
    site = build(database_url, IDENTITY_THROTTLE=False, **MAIL)
    path, answers = link(site.signed_in("root@example.com", roles=["admin"])), []
    call = lambda: answers.append(accept(site.client(), path).status_code)  # noqa: E731
    threads = [threading.Thread(target=call) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200] + [404] * 5


@pytest.mark.parametrize(
    "settings", [{"IDENTITY_PEOPLE": True}, {**MAIL, "IDENTITY_PEOPLE": False}], ids=["no mail", "no people"]
)
def test_without_mail_or_people_there_are_none_and_the_rest_works(build, settings):
    site = build(**settings)
    root = site.signed_in("root@example.com", password=PASSWORD, roles=["admin"])
    assert invite(root).status_code == 404
    people = root.get("/identity/user_list", headers=HTML)
    assert (people.status_code, "Invite" in people.text) == (200 if settings["IDENTITY_PEOPLE"] else 404, False)
