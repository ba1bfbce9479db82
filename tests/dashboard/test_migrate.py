"""`db migrate`, as a process."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from alembic.script import ScriptDirectory

from identity_dashboard import schema, secret_key
from tests.dashboard.processes import manage

HEAD = ScriptDirectory.from_config(schema.config()).get_current_head()
UNREACHABLE = ["postgresql://me:swordfish@127.0.0.1:1/people", "mysql://me:swordfish@127.0.0.1:1/people"]


def test_migrating_says_what_it_did_and_is_safe_again_E4(env_on):
    first, second = manage("db", "migrate", env=env_on), manage("db", "migrate", env=env_on)

    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    assert f"was migrated: revision {HEAD}" in first.stdout
    assert f"is up to date: revision {HEAD}" in second.stdout


@pytest.mark.races
def test_of_many_processes_that_migrate_at_once_one_does_it_and_none_fails(env_on):
    at_once = 3
    with ThreadPoolExecutor(at_once) as pool:
        results = list(pool.map(lambda _: manage("db", "migrate", env=env_on), range(at_once)))

    assert [result.returncode for result in results] == [0] * at_once, results
    assert sum("was migrated" in result.stdout for result in results) == 1
    assert sum("is up to date" in result.stdout for result in results) == at_once - 1


@pytest.mark.parametrize("url", [*UNREACHABLE, "sqlite:////proc/nowhere/people.sqlite3"])
def test_an_unreachable_database_is_said_in_one_sentence(env, url):
    """F-14."""
    result = manage("db", "migrate", env=env | {"DATABASE_URL": url})

    assert result.returncode == 1
    assert result.stderr.startswith("Error: The database ")
    assert len(result.stderr.splitlines()) == 1
    assert "swordfish" not in result.stderr


def test_what_is_wrong_with_the_environment_is_said_in_one_sentence(env):
    result = manage("db", "migrate", env=env | {"IDENTITY_PROFIL": "true"})

    assert result.returncode == 1
    assert result.stderr.startswith("Error: IDENTITY_PROFIL is not a setting of Flask-Identity; did you mean IDENTITY_")
    assert len(result.stderr.splitlines()) == 1


def test_the_files_of_a_dashboard_are_its_owners_alone(env):
    assert manage("db", "migrate", env=env).returncode == 0
    instance = Path(env["DASHBOARD_INSTANCE"])
    key = instance / "secret_key"

    assert stat.S_IMODE(instance.stat().st_mode) == 0o700
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert sorted(path.name for path in instance.iterdir()) == ["dashboard.sqlite3", "secret_key"]


def test_a_key_that_is_given_is_not_written_down(env):
    result = manage("db", "migrate", env=env | {"SECRET_KEY": "k" * 40})

    assert result.returncode == 0, result.stderr
    assert [path.name for path in Path(env["DASHBOARD_INSTANCE"]).iterdir()] == ["dashboard.sqlite3"]


@pytest.mark.races
def test_processes_that_start_at_once_keep_the_same_key(tmp_path, race_rounds):
    at_once = 8
    for number in range(race_rounds):
        folder, gate = tmp_path / str(number), Barrier(at_once)

        def make(_, folder=folder, gate=gate):
            gate.wait()
            return secret_key.kept(folder)

        with ThreadPoolExecutor(at_once) as pool:
            keys = set(pool.map(make, range(at_once)))
        assert len(keys) == 1
        assert len(keys.pop()) == 64
        assert [path.name for path in folder.iterdir()] == ["secret_key"]
