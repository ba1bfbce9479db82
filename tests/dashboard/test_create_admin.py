"""`db create_admin`, as a process, unattended and at a terminal."""

from __future__ import annotations

import os
import pty
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from tests.dashboard.processes import GOOD, MANAGE, Caller, manage

EMAIL = "boss@example.com"


def create(env, *arguments, sent=None):
    return manage("db", "create_admin", *arguments, env=env, sent=sent)


def test_an_administrator_is_made_with_the_password_of_the_environment_E4(migrated, start):
    made = create(migrated | {"IDENTITY_ADMIN_PASSWORD": GOOD}, "--email", "Boss@Example.com")

    assert made.returncode == 0, made.stderr
    assert made.stdout == f"{EMAIL} is an administrator and can sign in now.\n"
    boss = Caller(start(migrated).url)
    assert boss.send("POST", "/login", email=EMAIL, password=GOOD).status == 200
    assert boss.get("/").status == 200, "the overview"
    assert [user["role"] for user in boss.get("/user_list").response["users"]] == ["admin"]


@pytest.mark.parametrize(
    ("email", "password", "sentence"),
    [
        (EMAIL, "password1", "This is one of the most common passwords. Choose another."),
        (EMAIL, "boss@example.com1", "Leave your name, your email address and the name of this site out of it."),
        (EMAIL, "short", "Use at least 8 characters."),
        (EMAIL, "x" * 300, "Use at most 256 ordinary characters."),
        ("nobody", GOOD, None),
        ("", GOOD, "Enter an email address"),
        (EMAIL, None, "There is no terminal to ask for a password at: set IDENTITY_ADMIN_PASSWORD, or send it"),
        (None, GOOD, "Give --email where there is no terminal to ask at."),
    ],
    ids=["common", "own name", "short", "endless", "no address", "nothing", "no password", "no email"],
)
def test_what_cannot_be_an_administrator_is_refused_in_one_sentence(migrated, email, password, sentence):
    arguments = [] if email is None else ["--email", email]

    refused = create(migrated, *arguments, sent=None if password is None else f"{password}\n")

    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.startswith(f"Error: {sentence or ''}")
    assert len(refused.stderr.splitlines()) == 1
    assert password is None or password not in refused.stderr
    with closing(sqlite3.connect(Path(migrated["DASHBOARD_INSTANCE"]) / "dashboard.sqlite3")) as connection:
        assert connection.execute("SELECT count(*) FROM user").fetchall() == [(0,)]


def test_somebody_who_has_an_account_is_never_promoted(migrated, start):
    server = start(migrated)
    ada = Caller(server.url)
    ada.send("POST", "/register", email="ada@example.com", password=GOOD)

    refused = create(migrated, "--email", "Ada@example.com", sent=f"{GOOD} too\n")

    assert refused.returncode == 1
    assert refused.stderr == "Error: This email already has an account. Sign in instead.\n"
    assert ada.get("/user_list").status == 403
    assert ada.send("POST", "/login", email="ada@example.com", password=GOOD).status == 200


def test_missing_tables_are_said_in_one_sentence(env_on):
    refused = create(env_on, "--email", EMAIL, sent=f"{GOOD}\n")

    assert refused.returncode == 1
    assert refused.stderr.startswith("Error: The tables are missing or older than this version needs: run `")
    assert refused.stderr.endswith(" db migrate` first.\n")


def test_at_a_terminal_all_is_asked_for_and_the_password_is_not_shown(migrated):
    ours, theirs = pty.openpty()
    command = [*MANAGE, "db", "create_admin"]
    with subprocess.Popen(
        command, env=migrated, start_new_session=True, stdin=theirs, stdout=theirs, stderr=theirs
    ) as process:
        os.close(theirs)
        shown = ""
        for prompt, typed in (("Email: ", EMAIL), ("Password: ", GOOD), ("again: ", GOOD)):
            shown += read_until(ours, prompt)
            os.write(ours, f"{typed}\n".encode())
        shown += read_until(ours, "can sign in now.")
    os.close(ours)

    assert process.returncode == 0
    assert GOOD not in shown


def read_until(terminal, words):
    shown = ""
    while words not in shown:
        try:
            shown += os.read(terminal, 1024).decode()
        except OSError as error:  # the other end is closed
            raise AssertionError(shown) from error
    return shown
