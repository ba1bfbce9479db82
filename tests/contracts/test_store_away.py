"""A database that is away or takes no change means "try again later", never "signed out"."""

from __future__ import annotations

import socket
import subprocess
import sys
from contextlib import nullcontext

import pytest
from sqlalchemy import text

from flask_identity.base.errors import IdentityRefusal, Unavailable
from tests.contracts.stores import DATABASES, on_sqlalchemy
from tests.contracts.verbs import EVERY, READS, WRITES, fill
from tests.databases import empty_database


def closed_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@pytest.mark.parametrize("verb", EVERY)
@pytest.mark.parametrize("scheme", ["postgresql+psycopg", "mysql+pymysql"])
def test_a_server_that_does_not_answer_is_unavailable(scheme, verb):
    """F-02: never "signed out", never an error page (R-32)."""
    url = f"{scheme}://nobody:nothing@127.0.0.1:{closed_port()}/nowhere"
    with on_sqlalchemy(url, create=False) as case:
        for _ in range(2):
            with pytest.raises(Unavailable) as refused:
                EVERY[verb](case.store)
            assert refused.value.retry_after
        assert case.store.idle()


@pytest.mark.parametrize("verb", EVERY)
def test_a_pool_without_a_free_connection_is_unavailable(postgres_url, verb):
    """F-05: but for who is calling, which is asked on a connection beside the pool."""
    beside = verb in ("resume", "touch")
    with on_sqlalchemy(postgres_url, create=beside, pool_size=1, max_overflow=0, pool_timeout=0.05) as case:
        with case.engine.connect(), nullcontext() if beside else pytest.raises(Unavailable):
            EVERY[verb](case.store)
        assert case.store.idle()


@pytest.mark.parametrize("verb", WRITES)
def test_an_sqlite_file_that_is_read_only_is_unavailable_for_changes_alone(tmp_path, verb):
    """F-07."""
    path = tmp_path / "test.sqlite3"
    with on_sqlalchemy(f"sqlite:///{path}") as case:
        fill(case.store)
    with on_sqlalchemy(f"sqlite:///file:{path}?mode=ro&uri=true", create=False) as case:
        with pytest.raises(Unavailable):
            WRITES[verb](case.store)
        for read in READS.values():
            assert read(case.store)


HOLD = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
connection.execute("BEGIN EXCLUSIVE")
print("held", flush=True)
input()
"""


@pytest.mark.parametrize("verb", EVERY)
def test_an_sqlite_file_that_another_process_has_locked_is_unavailable_until_it_is_free(tmp_path, verb):
    """F-07."""
    path = tmp_path / "test.sqlite3"
    with on_sqlalchemy(f"sqlite:///{path}?timeout=0.05") as case:
        fill(case.store)
        case.leave()
        command = [sys.executable, "-c", HOLD, str(path)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
            assert other.stdout is not None
            assert other.stdout.readline() == "held\n"
            with pytest.raises(Unavailable):
                EVERY[verb](case.store)
            assert case.store.idle()
            other.communicate("\n")

        EVERY[verb](case.store)


READ_ONLY = {
    "postgres": {"options": "-c default_transaction_read_only=on"},
    "mariadb": {"init_command": "SET SESSION TRANSACTION READ ONLY"},
}


@pytest.mark.parametrize("database", READ_ONLY)
def test_a_server_that_only_reads_is_unavailable_for_changes_alone(url_of, database):
    """A standby that was promoted to nothing yet."""
    url = url_of(database)
    empty_database(url)
    with on_sqlalchemy(url) as case:
        fill(case.store)
    with on_sqlalchemy(url, create=False, connect_args=READ_ONLY[database]) as case:
        for verb in WRITES.values():
            with pytest.raises(Unavailable):
                verb(case.store)
            assert case.store.idle()
        for read in READS.values():
            assert read(case.store)


@pytest.mark.parametrize("database", DATABASES)
def test_a_missing_table_is_an_error_of_ours_for_every_verb(url_of, database):
    """Telling people to come back later would hide the defect: the tables were never made."""
    url = url_of(database)
    if database != "sqlite":
        empty_database(url)
    with on_sqlalchemy(url, create=False) as case:
        for name, verb in EVERY.items():
            with pytest.raises(Exception, match=r"(?i)no such table|does not exist|doesn't exist") as error:
                verb(case.store)
            assert not isinstance(error.value, IdentityRefusal), name
            assert case.store.idle(), name


@pytest.mark.parametrize("database", DATABASES)
def test_a_missing_column_is_an_error_of_ours_for_every_verb(url_of, database):
    """A migration that was forgotten."""
    url = url_of(database)
    if database != "sqlite":
        empty_database(url)
    with on_sqlalchemy(url) as case:
        fill(case.store)
        case.leave()
        quoted = case.engine.dialect.identifier_preparer.quote("user")
        with case.engine.begin() as connection:
            connection.execute(text(f"ALTER TABLE {quoted} DROP COLUMN password"))
            connection.execute(text("ALTER TABLE identity_session DROP COLUMN digest"))
        for name in ("first", "page", "resume", "people", "add a user", "take", "remove a user"):
            with pytest.raises(Exception, match=r"(?i)no such column|no column|does not exist|unknown column") as error:
                EVERY[name](case.store)
            assert not isinstance(error.value, IdentityRefusal), name
            assert case.store.idle(), name
