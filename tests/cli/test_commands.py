"""`flask identity`: what it does, what it says, and exit status 1 with one sentence where it refuses."""

from __future__ import annotations

import json

import pytest

GOOD = "purple lamp monsoon 44"


@pytest.fixture
def run(site):
    runner = site.app.test_cli_runner()

    def call(*arguments, sent=None):
        return runner.invoke(args=["identity", *arguments], input=sent)

    return call


def test_a_user_is_created_listed_suspended_activated_and_deleted(run, site):
    assert run("users", "create", "Zed@Example.com", "--role", "admin", sent=GOOD).exit_code == 0
    site.person("bob@example.com")
    assert "zed@example.com  active" in run("users", "list", "--role", "admin").output
    assert run("users", "suspend", "bob@example.com", "--reason", "test").output.startswith(
        "bob@example.com is suspended"
    )
    assert "bob@example.com" in run("users", "list", "--status", "suspended").output
    assert run("users", "activate", "bob@example.com").output == "bob@example.com is active.\n"
    assert run("users", "delete", "bob@example.com", "--yes").output == "bob@example.com is deleted.\n"
    assert run("users", "delete", "bob@example.com", "--yes").exit_code == 1


def test_a_list_comes_in_parts_and_for_programs(run, site):
    ids = [site.person(f"{name}@example.com") for name in ("ann", "ben", "cleo")]

    first = json.loads(run("users", "list", "--limit", "2", "--json").stdout)
    rest = json.loads(run("users", "list", "--limit", "2", "--after", str(first[-1]["id"]), "--json").stdout)

    assert [each["id"] for each in first + rest] == ids
    assert first[0] == {"id": ids[0], "email": "ann@example.com", "status": "active", "roles": ["user"]}
    assert f"There are more: --after {ids[1]}" in run("users", "list", "--limit", "2").output
    assert "ben@" not in run("users", "list", "--prefix", "an").output
    assert run("users", "list", "--after", "no-id").exit_code == 1


def test_roles_sessions_and_settings_come_for_programs_too(run, site):
    site.signed_in("bob@example.com")
    run("roles", "create", "editor", "--permission", "b.c", "--permission", "a.b", "--rank", "5")

    roles = {each["name"]: each for each in json.loads(run("roles", "list", "--json").stdout)}
    assert roles["editor"] == {"name": "editor", "rank": 5, "permissions": ["a.b", "b.c"], "description": ""}
    (session,) = json.loads(run("sessions", "list", "bob@example.com", "--json").stdout)
    assert session["kind"] == "cookie"
    assert "IDENTITY_TRACKABLE" in {each["key"] for each in json.loads(run("settings", "--json").stdout)}


def test_a_locked_user_is_unlocked_and_deleting_asks_first(run, site):
    bob = site.person("bob@example.com")
    for _ in range(5):
        site.client().post("/identity/login", json={"identity": "bob@example.com", "password": "wrong"})
    assert "bob@example.com" in run("users", "list", "--status", "locked").output

    assert run("users", "unlock", "bob@example.com").output == "bob@example.com is not locked.\n"
    site.signed_in("bob@example.com")

    assert run("users", "delete", "bob@example.com", sent="n\n").exit_code == 1
    assert site.row(bob)["email"] == "bob@example.com"


def test_who_was_there_before_addresses_were_confirmed_is_vouched_for(build):
    settings = {"IDENTITY_MAIL_URL": "memory:", "IDENTITY_BASE_URL": "http://localhost"}
    site = build(IDENTITY_CONFIRMABLE=True, **settings)
    with site.app.app_context():
        for name, password in (("ada", GOOD), ("bob", GOOD), ("eve", None)):
            site.identity.datastore.create_user(f"{name}@example.com", password)

    def call(*arguments, sent=None):
        return site.app.test_cli_runner().invoke(args=["identity", "users", *arguments], input=sent).output

    assert call("confirm", "ada@example.com") == "ada@example.com is confirmed.\n"
    assert call("confirm", "ada@example.com") == "ada@example.com was confirmed already.\n"
    assert call("confirm", "--all") == "1 confirmed.\n", "who signed up and has no password yet goes on waiting"
    assert "Name a user" in call("confirm")
    assert "is created" in call("create", "root@example.com", sent=f"{GOOD}\n")
    assert call("list", "--status", "pending", "--json").count("example.com") == 1
    for email in ("ada@example.com", "bob@example.com", "root@example.com"):
        site.signed_in(email, GOOD)


def test_after_restoring_a_backup_every_session_and_token_can_be_cut(run, site):
    """F-48."""
    people = [site.signed_in(f"{name}@example.com") for name in ("ann", "ben")]
    program = site.bearer("ann@example.com")
    before = {row["uniquifier"] for row in site.rows(site.users)}

    assert run("sessions", "end").exit_code == 1
    assert run("sessions", "end", "ann@example.com", "--everybody").exit_code == 1
    assert run("sessions", "end", "--everybody", sent="n\n").exit_code == 1
    assert site.rows("identity_session")
    done = run("sessions", "end", "--everybody", "--yes")

    assert done.output == "3 sessions ended; the tokens of 2 people are void.\n"
    json_only = {"Accept": "application/json"}
    answers = [each.get("/identity/profile", headers=json_only).status_code for each in people]
    assert [*answers, site.program().get("/identity/profile", headers=program).status_code] == [401] * 3
    assert not before & {row["uniquifier"] for row in site.rows(site.users)}


def test_the_created_user_signs_in_and_a_new_password_ends_every_session(run, site):
    run("users", "create", "zed@example.com", sent=GOOD)
    zed = site.signed_in("zed@example.com", GOOD)

    assert run("users", "password", "zed@example.com", sent=f"{GOOD} and more").exit_code == 0
    assert zed.get("/identity/profile", headers={"Accept": "application/json"}).status_code == 401
    site.signed_in("zed@example.com", f"{GOOD} and more")


@pytest.mark.parametrize(
    ("arguments", "sent", "says"),
    [
        (("users", "create", "nope"), GOOD, "Enter an email address"),
        (("users", "create", "zed@example.com"), "password", "common"),
        (("users", "suspend", "nobody@example.com"), None, "There is nobody called"),
        (("roles", "grant", "root@example.com", "emperor"), None, "There is no role"),
        (("roles", "create", "not a name"), None, "Use 1 to 80"),
        (("roles", "permissions", "emperor"), None, "There is no role emperor"),
        (("roles", "permissions", "admin", "NOT OK"), None, "Use 1 to 80 small letters"),
        (("roles", "permissions", "admin", "a", "--none"), None, "not both"),
        (("users", "suspend", "root@example.com"), None, "last active administrator"),
        (("users", "delete", "root@example.com", "--yes"), None, "last active administrator"),
        (("roles", "revoke", "root@example.com", "admin"), None, "last active administrator"),
    ],
)
def test_a_refusal_is_one_sentence_and_exit_status_1(run, site, arguments, sent, says):
    site.admin("root@example.com")

    done = run(*arguments, sent=sent)

    assert done.exit_code == 1
    assert says in done.output
    assert "Traceback" not in done.output


def test_roles_are_made_given_and_shown_with_their_permissions(run, site):
    site.person("bob@example.com")
    run("roles", "create", "editor", "--permission", "pages.edit", "--rank", "5")

    assert run("roles", "grant", "bob@example.com", "editor").output == "bob@example.com is editor now.\n"
    assert run("roles", "grant", "bob@example.com", "editor").output == "bob@example.com was editor already.\n"
    assert run("roles", "permissions", "editor", "pages.view", "pages.edit").output == "pages.edit pages.view\n"
    assert run("roles", "permissions", "editor").output == "pages.edit pages.view\n"
    assert run("roles", "permissions", "editor", "--none").output == "none\n"
    assert "editor" in run("roles", "list").output
    assert run("roles", "revoke", "bob@example.com", "editor").output == "bob@example.com is no longer editor.\n"


def test_sessions_are_listed_by_handle_and_ended(run, site):
    bob = site.signed_in("bob@example.com")
    handle = run("sessions", "list", "bob@example.com").output.splitlines()[1].split()[0]

    assert run("sessions", "end", "bob@example.com", "no-such").exit_code == 1
    assert run("sessions", "end", "bob@example.com", handle).output == "1 session ended.\n"
    assert bob.get("/identity/profile", headers={"Accept": "application/json"}).status_code == 401


def test_settings_are_shown_and_secrets_are_not(build):
    pepper = "one:" + "p" * 40
    site = build(IDENTITY_PASSWORD_PEPPER=pepper, IDENTITY_LOCKOUT_SECONDS=77)

    shown = site.app.test_cli_runner().invoke(args=["identity", "settings"]).output

    assert "77" in shown
    assert "(hidden)" in shown
    assert "p" * 40 not in shown
