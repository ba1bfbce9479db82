"""`flask identity users import`: people of other applications come over with roles and passwords; F-47."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.support.apps import EVERYTHING, sign_in

PASSWORD = "what I used over there"
SALT = "salt-of-the-other-application"
OTHER = Path(__file__).with_name("flask_security_site.py")


@pytest.fixture
def here(build):
    return build(IDENTITY_THROTTLE=False, IDENTITY_FLASK_SECURITY_SALT=SALT, **EVERYTHING)


@pytest.fixture
def bring(here):
    def call(url, *arguments, layout="flask-security"):
        command = ["identity", "users", "import", url, "--from", layout, *arguments]
        return here.app.test_cli_runner(catch_exceptions=False).invoke(args=command)

    return call


def database(path: Path, *statements: str) -> str:
    url = f"sqlite:///{path}"
    engine = create_engine(url)
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()
    return url


@pytest.fixture(scope="module", params=["argon2", "bcrypt", "pbkdf2_sha512", "django_pbkdf2_sha256"])
def flask_security(request, tmp_path_factory):
    """The database of a real Flask-Security application, which hashed its passwords in one of its schemes."""
    url = f"sqlite:///{tmp_path_factory.mktemp('other') / 'other.sqlite3'}"
    command = [sys.executable, "-W", "ignore", str(OTHER), url, request.param, SALT, PASSWORD]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return url


def test_people_of_flask_security_sign_in_with_the_roles_they_had(here, bring, flask_security):
    done = bring(flask_security)

    assert done.stdout == "4 came over, 0 were here already, 0 were refused.\n", done.output
    for email in ("ada@example.com", "bob@example.com"):
        assert sign_in(here.client(), email, PASSWORD).status_code == 200
    assert sign_in(here.client(), "gone@example.com", PASSWORD).status_code == 401
    assert sign_in(here.client(), "social@example.com", PASSWORD).status_code == 401
    with here.app.app_context():
        ada = here.identity.datastore.find_user(email="ada@example.com")
        assert ada.role == "admin"
        assert {role.name for role in ada.roles} == {"admin", "editor", "user"}
        editor = here.identity.datastore.find_role("editor")
        assert (editor.description, editor.permissions) == ("Writes", {"reports.read", "reports.write"})
        assert here.identity.datastore.find_user(email="gone@example.com").status == "suspended"


def test_their_records_become_ours_at_the_first_sign_in_and_no_other_password_opens(here, bring, flask_security):
    bring(flask_security)
    with here.app.app_context():
        ada = here.identity.datastore.find_user(email="ada@example.com").id
    brought = here.row(ada)["password"]

    assert sign_in(here.client(), "ada@example.com", brought).status_code == 401
    assert sign_in(here.client(), "ada@example.com", PASSWORD).status_code == 200

    assert here.row(ada)["password"] != brought
    assert here.row(ada)["password"].startswith("$argon2id$")
    assert sign_in(here.client(), "ada@example.com", PASSWORD).status_code == 200


def test_a_second_run_leaves_everybody_alone_and_a_dry_run_writes_nothing(here, bring, flask_security):
    assert bring(flask_security, "--dry-run").stdout.startswith("4 would come over, 0 were here")
    assert here.rows(here.users) == []
    bring(flask_security)
    before = here.rows(here.users)

    done = bring(flask_security)

    assert done.stdout == "0 came over, 4 were here already, 0 were refused.\n"
    assert here.rows(here.users) == before


def test_who_cannot_come_over_is_named_with_the_reason_and_keeps_nobody_else(here, bring, tmp_path):
    url = database(
        tmp_path / "flask-user.sqlite3",
        "CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT, username TEXT, password TEXT, active BOOLEAN)",
        "CREATE TABLE roles (id INTEGER PRIMARY KEY, name TEXT)",
        "CREATE TABLE user_roles (user_id INTEGER, role_id INTEGER)",
        "INSERT INTO users VALUES (1, 'ada@example.com', 'ada', '$1$old$record', 1), (2, 'no address', NULL, '', 1),"
        " (3, 'ADA@example.com', NULL, NULL, 1), (4, 'bob@example.com', 'ada', NULL, 1),"
        " (5, 'eve@example.com', 'eve', NULL, 1)",
        "INSERT INTO roles VALUES (1, 'editor'), (2, 'not a name')",
        "INSERT INTO user_roles VALUES (5, 1), (5, 2)",
    )

    done = bring(url, layout="flask-user")

    assert done.exit_code == 1
    assert done.stdout == "2 came over, 1 were here already, 3 were refused.\n"
    assert "ada@example.com comes without a password" in done.stderr
    assert "$1$old" not in done.output
    for said in ("no address does not come over", "bob@example.com does not come over", "The role not a name does not"):
        assert said in done.stderr
    with here.app.app_context():
        eve = here.identity.datastore.find_user(email="eve@example.com")
        assert {role.name for role in eve.roles} == {"editor", "user"}


def test_a_table_of_another_name_is_named(bring, tmp_path):
    url = database(
        tmp_path / "login.sqlite3",
        "CREATE TABLE account (id INTEGER PRIMARY KEY, email TEXT, password_hash TEXT)",
        "INSERT INTO account VALUES (1, 'ada@example.com', NULL)",
    )

    assert "--users" in bring(url, layout="flask-login").stderr
    done = bring(url, "--users", "account", layout="flask-login")

    assert done.stdout == "1 came over, 0 were here already, 0 were refused.\n"


@pytest.mark.parametrize(
    "url", ["sqlite:////nowhere/at/all.sqlite3", "nonsense", "postgresql+psycopg://me:s3cret-word@127.0.0.1:1/none"]
)
def test_a_database_that_cannot_be_read_is_one_sentence_without_its_password(bring, url):
    done = bring(url)

    assert done.exit_code == 1
    assert done.stderr.startswith("Error: The other database cannot be read")
    assert "s3cret-word" not in done.output
    assert len(done.stderr.strip().splitlines()) == 1
