"""`flask identity doctor`: each check is made to fail once, on real databases and both ORMs."""

from __future__ import annotations

import json
import socket
import sqlite3
import time
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from flask_identity.base.ports import Kind
from flask_identity.cli.doctor import people
from flask_identity.core.outbox import NEVER
from flask_identity.stores import survey
from tests.support.apps import EVERYTHING
from tests.support.fixtures import build, orm

__all__ = ["build", "orm"]

KEY = "9f8e7d6c5b4a39281706f5e4d3c2b1a00918273645546372"
SOUND = {
    "SECRET_KEY": KEY,
    "TESTING": False,
    "IDENTITY_BASE_URL": "https://app.example.com",
    "IDENTITY_TRUSTED_PROXIES": 1,
    "IDENTITY_ARGON2_MEMORY": 19456,
    "IDENTITY_ARGON2_TIME": 2,
}


@pytest.fixture
def at(build, database_url):
    """A sound application on each database with each ORM; an administrator is there."""
    made = build(database_url, **{**EVERYTHING, **SOUND})
    made.admin("root@example.com", password=None)
    return made


def examined(site):
    """The levels and sentences by subject, and the exit code."""
    done = site.app.test_cli_runner().invoke(args=["identity", "doctor", "--json"])
    found = json.loads(done.output)
    levels = {each["subject"]: "ok" for each in found}
    for each in found:
        if each["level"] != "ok":
            levels[each["subject"]] = each["level"]
    return levels, {each["subject"]: each["says"] for each in found if each["level"] != "ok"}, done.exit_code


def run(site, *statements):
    site.let_go()
    with site.engine.begin() as connection:
        for statement in statements:
            connection.execute(sa.text(statement))


def quoted(site, name="user"):
    return site.engine.dialect.identifier_preparer.quote(name)


def test_a_sound_application_has_nothing_to_mend(at):
    levels, says, code = examined(at)

    assert (says, code) == ({}, 0)
    assert levels.keys() >= {
        *("secret key", "base URL", "cookies", "proxies", "password hashes", "schema", "collations", "clock"),
        *("administrators", "password records", "expired rows"),
    }


@pytest.mark.parametrize(
    ("settings", "subject", "level"),
    [
        ({"SECRET_KEY": "please-change-me-" * 3}, "secret key", "fail"),
        ({"SECRET_KEY": "a" * 64}, "secret key", "fail"),
        ({"IDENTITY_BASE_URL": None}, "base URL", "warn"),
        ({"IDENTITY_BASE_URL": "http://app.example.com"}, "cookies", "fail"),
        ({"IDENTITY_BASE_URL": "http://localhost:5000"}, "cookies", "warn"),
        ({"TESTING": True}, "cookies", "warn"),
        ({"IDENTITY_TRUSTED_PROXIES": 0}, "proxies", "warn"),
        ({"IDENTITY_BASE_URL": "http://127.0.0.1:5000"}, "proxies", "warn"),
        ({"IDENTITY_ARGON2_MEMORY": 64}, "password hashes", "fail"),
        ({"IDENTITY_ARGON2_MEMORY": 1048576}, "password hashes", "warn"),
    ],
)
def test_what_is_wrong_with_the_configuration_is_said(build, settings, subject, level):
    levels, says, code = examined(build(**{**EVERYTHING, **SOUND, **settings}))

    assert levels[subject] == level
    assert says[subject]
    assert code == (1 if "fail" in levels.values() else 0)


def test_without_tables_it_says_which_are_missing(build, tmp_path):
    site = build(f"sqlite:///{tmp_path}/none.sqlite3", **{**EVERYTHING, **SOUND})
    site.let_go()
    with sqlite3.connect(tmp_path / "none.sqlite3") as file:
        file.execute("DROP TABLE identity_session")
    file.close()

    levels, says, code = examined(site)

    assert (levels["schema"], code) == ("fail", 1)
    assert "identity_session is missing" in says["schema"]
    assert "administrators" not in levels


def test_a_missing_column_is_said(at):
    run(at, f"ALTER TABLE {quoted(at)} DROP COLUMN suspended_reason")

    levels, says, code = examined(at)

    assert (levels["schema"], code) == ("fail", 1)
    assert "user.suspended_reason is missing" in says["schema"]


def test_a_missing_index_is_said(at):
    inspector = sa.inspect(at.engine)
    (name,) = [i["name"] for i in inspector.get_indexes("identity_session") if i["column_names"] == ["expires_at"]]
    run(at, f"DROP INDEX {name}" + (" ON identity_session" if at.engine.dialect.name == "mysql" else ""))

    levels, says, code = examined(at)

    assert (levels["schema"], code) == ("warn", 0)
    assert "identity_session (expires_at) is missing" in says["schema"]


@pytest.mark.parametrize("database_url", ["postgres", "mariadb"], indirect=True)
def test_a_column_that_is_too_short_is_said(at):
    if at.engine.dialect.name == "mysql":
        run(at, "ALTER TABLE user MODIFY password VARCHAR(60)", "ALTER TABLE identity_session MODIFY expires_at INT")
    else:
        run(
            at,
            'ALTER TABLE "user" ALTER password TYPE VARCHAR(60)',
            "ALTER TABLE identity_session ALTER expires_at TYPE INT",
        )

    levels, says, code = examined(at)

    assert (levels["schema"], code) == ("fail", 1)
    assert "Columns user.password, identity_session.expires_at are shorter" in says["schema"]


@pytest.mark.parametrize("database_url", ["postgres", "mariadb"], indirect=True)
def test_addresses_that_are_not_compared_byte_by_byte_are_said(at):
    """A-067."""
    if at.engine.dialect.name == "mysql":
        run(at, "ALTER TABLE user MODIFY email VARCHAR(254) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci NOT NULL")
    else:
        run(
            at,
            "CREATE COLLATION folding (provider = icu, locale = 'und-u-ks-level1', deterministic = false)",
            'ALTER TABLE "user" ALTER email TYPE VARCHAR(254) COLLATE folding',
        )

    levels, says, code = examined(at)

    assert (levels["collations"], code) == ("fail", 1)
    assert "user.email is compared by" in says["collations"]


def test_addresses_that_are_not_compared_byte_by_byte_on_sqlite_are_said(build, tmp_path):
    """A-067."""
    site = build(f"sqlite:///{tmp_path}/nocase.sqlite3", **{**EVERYTHING, **SOUND})
    site.let_go()
    with sqlite3.connect(tmp_path / "nocase.sqlite3") as file:
        (made,) = file.execute("SELECT sql FROM sqlite_master WHERE name = 'user'").fetchone()
        file.execute("DROP TABLE user")
        file.execute(made.replace("email VARCHAR(254)", "email VARCHAR(254) COLLATE NOCASE"))
    file.close()

    levels, says, code = examined(site)

    assert (levels["collations"], code) == ("fail", 1)
    assert "user.email is compared by NOCASE" in says["collations"]


@pytest.mark.parametrize("database_url", ["mariadb"], indirect=True)
def test_text_that_cannot_hold_every_alphabet_is_said(at):
    run(at, "ALTER TABLE identity_profile MODIFY full_name VARCHAR(120) CHARACTER SET latin1")

    assert "identity_profile.full_name has the character set latin1" in examined(at)[1]["collations"]


@pytest.mark.parametrize("database_url", ["postgres", "mariadb"], indirect=True)
def test_addresses_that_need_not_be_unique_are_said(at):
    rules = sa.inspect(at.engine).get_unique_constraints("user")
    (name,) = [rule["name"] for rule in rules if rule["column_names"] == ["email"]]
    drop = f"DROP INDEX {name}" if at.engine.dialect.name == "mysql" else f"DROP CONSTRAINT {name}"
    run(at, f"ALTER TABLE {quoted(at)} {drop}")

    levels, says, code = examined(at)

    assert (levels["addresses"], code) == ("fail", 1)
    assert "two accounts from one address" in says["addresses"]


@pytest.mark.parametrize("database_url", ["postgres", "mariadb"], indirect=True)
def test_a_clock_that_is_off_is_said(at, monkeypatch):
    late = SimpleNamespace(time=lambda: time.time() - 90)
    monkeypatch.setattr(survey, "time", late)

    levels, says, code = examined(at)

    assert (levels["clock"], code) == ("fail", 1)
    assert "90.0 s ahead" in says["clock"]


def test_that_nobody_is_an_administrator_is_said(at):
    run(at, f"UPDATE {quoted(at)} SET active = {'false' if at.engine.dialect.name == 'postgresql' else '0'}")

    assert examined(at)[0]["administrators"] == "warn"


def test_roles_that_do_not_exist_are_said(build):
    levels, says, _ = examined(build(**{**EVERYTHING, **SOUND}))

    assert levels["roles"] == levels["administrators"] == "warn"
    assert "There is no role" in says["roles"]


def test_old_password_records_are_counted(at):
    at.person("ada@example.com", "correct horse battery staple")
    at.person("bob@example.com", None, password_hash="$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ$" + "A" * 22)

    done = at.app.test_cli_runner().invoke(args=["identity", "doctor"])

    assert "1 of an older form" in done.output


def test_rows_that_have_run_out_are_counted_and_swept(at, monkeypatch):
    monkeypatch.setattr(people, "_MANY", 2)
    columns = f"{quoted(at, 'key')}, count, reserved, reserved_until, locked_until, expires_at"
    run(at, *(f"INSERT INTO identity_throttle ({columns}) VALUES ('{n}', 1, 0, 0, 0, 0)" for n in range(3)))
    assert examined(at)[0]["expired rows"] == "warn"

    at.app.test_cli_runner().invoke(args=["identity", "sessions", "sweep"])

    assert examined(at)[0]["expired rows"] == "ok"


def test_a_mail_server_that_does_not_answer_is_said_without_its_password(build):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and does not listen
        url = f"smtp://me:swordfish@127.0.0.1:{taken.getsockname()[1]}"
        site = build(**SOUND, IDENTITY_MAIL_URL=url)
        levels, says, code = examined(site)

    assert (levels["mail"], code) == ("fail", 1)
    assert says["mail"].startswith("No letter can be sent now: no mail server (ConnectionRefusedError).")
    assert "swordfish" not in str(says)


def test_letters_that_were_given_up_are_told_of_and_where_none_are_sent_all_is_well(build):
    site = build(**SOUND, IDENTITY_MAIL_URL="memory:")
    assert examined(site)[0]["mail"] == "ok"
    with site.app.app_context():
        site.services.store.add(
            Kind.MAIL,
            {"id": "a", "kind": "x", "recipient": "a@b.example", "language": "en"}
            | {"tries": 12, "created_at": 1, "due_at": NEVER, "fault": "refused"},
        )
    assert examined(site)[1]["letters"].startswith("1 was given up")
    assert examined(build(**SOUND))[0]["mail"] == "ok"
