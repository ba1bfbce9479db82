"""A database that is away or takes no change means "try again later", never "signed out"."""

from __future__ import annotations

import socket
import sqlite3
import subprocess
import sys
from contextlib import nullcontext

import pytest
from sqlalchemy import NullPool, create_engine, text

from flask_identity.base.errors import IdentityRefusal, Unavailable
from tests.contracts.stores import on_pony, on_sqlalchemy
from tests.contracts.verbs import EVERY, READS, WRITES, fill
from tests.databases import DATABASES, empty_database
from tests.support.gates import gate

each_orm = pytest.mark.parametrize("on", [on_sqlalchemy, on_pony], ids=["sqlalchemy", "pony"])


def came_of(store, verbs):
    """What each verb raised, None where it raised nothing; after none of them is anything under way."""
    found = {}
    for name, verb in verbs.items():
        found[name] = raised(verb, store)
        assert store.idle(), name
    return found


def raised(verb, store):
    try:
        verb(store)
    except Unavailable as refused:
        return Unavailable if refused.retry_after else refused
    except Exception as error:
        return error
    return None


def all_of(verbs, outcome=None):
    return dict.fromkeys(verbs, outcome)


@pytest.mark.parametrize("scheme", ["postgresql+psycopg", "mysql+pymysql"])
def test_a_server_that_has_never_answered_is_unavailable(scheme):
    """F-02: never "signed out", never an error page (R-32). Pony connects when it is bound."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    with on_sqlalchemy(f"{scheme}://nobody:nothing@127.0.0.1:{port}/nowhere", create=False) as case:
        for _ in range(2):
            assert came_of(case.store, EVERY) == all_of(EVERY, Unavailable)


@each_orm
@pytest.mark.parametrize("database", ["postgres", "mariadb"])
def test_a_server_that_stops_is_unavailable_until_it_is_back(url_of, tmp_path, on, database):
    """F-02, R-32: for every verb, and the first one after it is back works."""
    url = url_of(database)
    empty_database(url)
    with gate(url, tmp_path) as way, on(way.url) as case:
        fill(case.store)
        case.leave()
        way.shut()
        assert came_of(case.store, EVERY) == all_of(EVERY, Unavailable)
        way.open()
        assert came_of(case.store, EVERY) == all_of(EVERY)


@pytest.mark.parametrize("verb", EVERY)
def test_a_pool_without_a_free_connection_is_unavailable(postgres_url, verb):
    """F-05: but for who is calling, which is asked on a connection beside the pool."""
    beside = verb in ("resume", "touch")
    with on_sqlalchemy(postgres_url, create=beside, pool_size=1, max_overflow=0, pool_timeout=0.05) as case:
        with case.engine.connect(), nullcontext() if beside else pytest.raises(Unavailable):
            EVERY[verb](case.store)
        assert case.store.idle()


class ReadOnly(sqlite3.Connection):
    """A connection to a file that may not be written."""

    def __init__(self, database, *given, **options):
        super().__init__(f"file:{database}?mode=ro", *given, **{**options, "uri": True})


READ_ONLY = {
    "sqlite": {"factory": ReadOnly},
    "postgres": {"options": "-c default_transaction_read_only=on"},
    "mariadb": {"init_command": "SET SESSION TRANSACTION READ ONLY"},
}


def of_the_driver(on, options):
    """Options of the driver as each ORM wants them."""
    return {"connect_args": options} if on is on_sqlalchemy else options


@each_orm
@pytest.mark.parametrize("database", DATABASES)
def test_a_database_that_only_reads_is_unavailable_for_changes_alone(url_of, on, database):
    """F-07: a file without the right to write, a standby that was promoted to nothing yet."""
    url = emptied(url_of, database)
    with on(url) as case:
        fill(case.store)
    with on(url, create=False, **of_the_driver(on, READ_ONLY[database])) as case:
        found = came_of(case.store, WRITES)
        # Where a lock is BEGIN IMMEDIATE, SQLite gives it to who may only read as well.
        assert found.pop("first with a lock") in (Unavailable, None)
        assert found == all_of(found, Unavailable)
        assert all(read(case.store) for read in READS.values())


HOLD = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
connection.execute("BEGIN EXCLUSIVE")
print("held", flush=True)
input()
"""


@each_orm
def test_an_sqlite_file_that_another_process_has_locked_is_unavailable_until_it_is_free(tmp_path, on):
    """F-07."""
    path = tmp_path / "test.sqlite3"
    with on(f"sqlite:///{path}", **of_the_driver(on, {"timeout": 0.05})) as case:
        fill(case.store)
        case.leave()
        command = [sys.executable, "-c", HOLD, str(path)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
            assert other.stdout is not None
            assert other.stdout.readline() == "held\n"
            assert came_of(case.store, EVERY) == all_of(EVERY, Unavailable)
            other.communicate("\n")

        assert came_of(case.store, EVERY) == all_of(EVERY)


@each_orm
@pytest.mark.parametrize("database", DATABASES)
def test_a_missing_table_is_an_error_of_ours_for_every_verb(url_of, on, database):
    """Telling people to come back later would hide the defect: the tables were never made."""
    with on(emptied(url_of, database), create=False) as case:
        assert_ours(case.store, EVERY, r"(?i)no such table|does not exist|doesn't exist")


@each_orm
@pytest.mark.parametrize("database", DATABASES)
def test_a_missing_column_is_an_error_of_ours_for_every_verb(url_of, on, database):
    """A migration that was forgotten."""
    if (on, database) == (on_pony, "sqlite"):
        pytest.skip("SQLite reads a quoted name that no column has as a text, and Pony quotes every name")
    url = emptied(url_of, database)
    with on(url) as case:
        fill(case.store)
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        quoted = engine.dialect.identifier_preparer.quote("user")
        connection.execute(text(f"ALTER TABLE {quoted} DROP COLUMN password"))
        connection.execute(text("ALTER TABLE identity_session DROP COLUMN digest"))
    concerned = ("first", "page", "resume", "people", "add a user", "take", "remove a user")
    with on(url, create=False) as case:
        verbs = {name: EVERY[name] for name in concerned}
        assert_ours(case.store, verbs, r"(?i)no such column|no column|does not exist|unknown column")


def assert_ours(store, verbs, pattern):
    """Each verb raises what the driver said, and no refusal."""
    for name, verb in verbs.items():
        with pytest.raises(Exception, match=pattern) as error:
            verb(store)
        assert not isinstance(error.value, IdentityRefusal), name
        assert store.idle(), name


def emptied(url_of, database):
    url = url_of(database)
    if database != "sqlite":
        empty_database(url)
    return url
