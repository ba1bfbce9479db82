"""`flask identity`: what it does, what it says, and exit status 1 with one sentence where it refuses."""

from __future__ import annotations

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
