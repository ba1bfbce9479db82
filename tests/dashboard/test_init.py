"""`db init`: nothing to do where the shipped migrations make the models' tables, else a migration of one's own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command

from identity_dashboard import create_app, schema
from identity_dashboard.models import db
from tests.dashboard.processes import GOOD, STARTS_WITHIN, manage
from tests.house.project import ROOT

NOTHING = "There is nothing to do"

COLUMNS = '''"""A person's account."""

    nickname: Mapped[str | None] = mapped_column(String(40), index=True)
    born_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    handle: Mapped[str | None] = mapped_column(key_string(30), unique=True)
'''
IMPORTS = """from datetime import datetime

from flask_sqlalchemy_lite import SQLAlchemy
from sqlalchemy import MetaData, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from flask_identity.models.sqlalchemy.types import UtcDateTime, key_string
"""


class Starter:
    """An application that somebody made by copying this one."""

    def __init__(self, folder: Path, env: dict[str, str]) -> None:
        self.folder = folder
        self.env = env | {"PYTHONPATH": str(folder / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
        for each in ("manage.py", "src/identity_dashboard"):
            (folder / each).parent.mkdir(parents=True, exist_ok=True)
            copy: Any = shutil.copytree if (ROOT / each).is_dir() else shutil.copy
            copy(ROOT / each, folder / each)

    def run(self, *arguments: str, sent: str = "") -> str:
        done = subprocess.run(
            [sys.executable, "-W", "error", "manage.py", "db", *arguments],
            cwd=self.folder,
            env=self.env,
            input=sent,
            capture_output=True,
            text=True,
            timeout=STARTS_WITHIN,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def add_columns(self) -> None:
        path = self.folder / "src/identity_dashboard/models.py"
        text = path.read_text(encoding="utf-8")
        for line in ("from flask_sqlalchemy_lite import SQLAlchemy", "from sqlalchemy import MetaData"):
            text = text.replace(f"{line}\n", "", 1)
        text = text.replace("from sqlalchemy.orm import DeclarativeBase\n", IMPORTS, 1)
        path.write_text(text.replace('"""A person\'s account."""\n', COLUMNS, 1), encoding="utf-8")

    def migrations(self) -> list[Path]:
        return sorted((self.folder / "migrations").glob("*.py"))


@pytest.fixture
def starter(tmp_path: Path, env_on: dict[str, str]) -> Starter:
    """A copy of the dashboard on each database in turn; nothing has been migrated."""
    return Starter(tmp_path / "starter 100%", env_on)


def test_where_the_models_did_not_change_there_is_nothing_to_do_E4(env_on):
    manage("db", "migrate", env=env_on)

    done = manage("db", "init", env=env_on)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(NOTHING)
    assert not (ROOT / "migrations").exists()


def test_before_the_shipped_migrations_are_applied_it_says_to_do_that_first(env):
    done = manage("db", "init", env=env)

    assert done.returncode == 1
    assert "db migrate` first" in done.stderr


def test_a_changed_model_gets_a_migration_that_goes_up_down_and_up_with_people_there(starter, tmp_path, monkeypatch):
    starter.run("migrate")
    starter.run("create_admin", "--email", "ada@example.com", sent=f"{GOOD}\n")
    starter.add_columns()

    said = starter.run("init", "--message", "nicknames and births")
    (written,) = starter.migrations()
    assert f"migrations{os.sep}{written.name} is written" in said
    assert "nicknames_and_births" in written.name
    assert "was migrated" in starter.run("migrate")
    assert starter.run("init").startswith(NOTHING)

    app = create_app(starter.env)
    monkeypatch.setattr(schema, "own_folder", lambda: written.parent)
    with app.app_context():
        assert columns() >= {"nickname", "born_at", "handle"}
        with schema.alone(db.engine) as connection:
            command.downgrade(schema.config(connection), "-1")
        assert not columns() & {"nickname", "born_at", "handle"}
        assert schema.lags(db.engine)
        schema.migrate(db.engine)
        assert columns() >= {"nickname", "born_at", "handle"}
        assert emails() == ["ada@example.com"]
        db.engine.dispose()


def test_a_release_and_the_application_may_both_bring_migrations(starter):
    """Each goes on from the same revision; afterwards there are two ends, and the next migration joins them."""
    starter.run("migrate")
    starter.add_columns()
    starter.run("init")
    shipped = starter.folder / "src/identity_dashboard/migrations/versions"
    heads = {path.name[:4] for path in shipped.glob("[0-9]*.py")}
    (shipped / "9000_newer.py").write_text(
        f'"""Newer."""\n\nrevision = "9000"\ndown_revision = "{max(heads)}"\n'
        "branch_labels = None\ndepends_on = None\n\n\n"
        "def upgrade() -> None:\n    pass\n\n\ndef downgrade() -> None:\n    pass\n"
    )

    assert "9000" in starter.run("migrate")
    assert "is up to date" in starter.run("migrate")
    models = starter.folder / "src/identity_dashboard/models.py"
    models.write_text(models.read_text().replace("handle:", "second_handle:"))
    starter.run("init", "--message", "joined")
    assert len(starter.migrations()) == 2
    assert "is up to date" not in starter.run("migrate")
    assert starter.run("init").startswith(NOTHING)


def test_a_table_that_no_model_describes_is_left_alone(app_on):
    schema.migrate(db.engine)
    with db.engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE ledger (id INTEGER PRIMARY KEY)"))

    assert schema.init(db.engine, Path("/nowhere"), "none") is None


@pytest.mark.parametrize("database_url", ["mariadb"], indirect=True)
@pytest.mark.parametrize("at", ["CREATE TABLE role", "CREATE TABLE identity_session", "INSERT INTO alembic_version"])
def test_on_mariadb_a_first_migration_that_was_broken_off_is_made_again(app_on, at):
    """F-45: there is no rolling back of tables there."""
    broken_off(at)
    assert "user" in sa.inspect(db.engine).get_table_names()

    before, after = schema.migrate(db.engine)

    assert before is None
    assert after
    assert schema.init(db.engine, Path("/nowhere"), "none") is None


@pytest.mark.parametrize("database_url", ["mariadb"], indirect=True)
def test_on_mariadb_tables_that_hold_something_are_never_dropped(env_on, app_on):
    schema.migrate(db.engine)
    with db.engine.begin() as connection:
        connection.execute(sa.text("INSERT INTO identity_throttle VALUES ('k', 1, 0, 0, 0, 0)"))
        connection.execute(sa.text("DELETE FROM alembic_version"))

    done = manage("db", "migrate", env=env_on)

    assert done.returncode == 1
    assert "restore it from a backup" in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("database_url", ["mariadb"], indirect=True)
def test_on_mariadb_a_later_migration_that_was_broken_off_says_what_to_do(starter):
    starter.run("migrate")
    starter.add_columns()
    starter.run("init")
    app = create_app(starter.env)
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(sa.text("ALTER TABLE user ADD COLUMN nickname VARCHAR(40)"))
    with app.app_context():
        db.engine.dispose()

    with pytest.raises(AssertionError, match=r"broken off in the middle .*nickname.* restore the backup"):
        starter.run("migrate")


def broken_off(at):
    """Migrate, and stop as a killed process does when a statement is about to be sent."""

    def stop(_, __, statement, *___):
        if at in " ".join(statement.replace("`", "").split()):
            raise SystemError

    sa.event.listen(db.engine, "before_cursor_execute", stop)
    with pytest.raises(SystemError):
        schema.migrate(db.engine)
    sa.event.remove(db.engine, "before_cursor_execute", stop)


def columns():
    return {column["name"] for column in sa.inspect(db.engine).get_columns("user")}


def emails():
    name = db.engine.dialect.identifier_preparer.quote("user")
    with db.engine.connect() as connection:
        return list(connection.execute(sa.text(f"SELECT email FROM {name}")).scalars())
