"""The connections on which it is read who is calling: lost ones are replaced, none outlives its engine or a fork, and
what another connection has committed is seen at once (decision 5)."""

from __future__ import annotations

import subprocess
import sys
import textwrap
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import UTC, datetime

import psycopg
import pytest
import time_machine
from sqlalchemy import NullPool, QueuePool, SingletonThreadPool, StaticPool, create_engine, event, text
from sqlalchemy.orm import object_session

from flask_identity import current_user
from flask_identity.stores.sqlalchemy import connections
from tests.databases import empty_database
from tests.performance.recording import Recorder, recording
from tests.performance.sites import plain


@contextmanager
def signed_in(url, **options):
    """A site on an engine with these options, and the header of someone who is signed in."""
    engine = create_engine(url, **options)
    with recording() as recorder, plain(url, recorder, engine) as site:
        yield site, site.cookie(), engine


@pytest.fixture
def empty_postgres_url(postgres_url):
    empty_database(postgres_url)
    return postgres_url


def others(url):
    """A connection beside the application's."""
    return closing(psycopg.connect(url.replace("+psycopg", ""), autocommit=True))


NOON = datetime(2030, 5, 17, 12, tzinfo=UTC)
OF_THE_APPLICATION = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


def test_threads_whose_first_request_comes_at_once_share_what_is_kept(monkeypatch, tmp_path):
    """Of two, one would be forgotten when the engine is disposed of, and its connections stay open."""
    together = threading.Barrier(2)
    genuine = connections.Connections.__init__

    def both(kept):
        together.wait(10)
        genuine(kept)

    monkeypatch.setattr(connections.Connections, "__init__", both)
    engine = create_engine(f"sqlite:///{tmp_path / 'test.sqlite3'}")
    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(connections.of, [engine, engine])

    assert one is not None
    assert one is other
    engine.dispose()
    assert one.closed


def test_after_a_restart_of_the_server_the_next_request_is_answered(empty_postgres_url):
    with signed_in(empty_postgres_url) as (site, headers, _), others(empty_postgres_url) as other:
        other.execute(f"SELECT pg_terminate_backend(pid) {OF_THE_APPLICATION}")

        assert site.get("/mine", headers)[0].status_code == 200


def test_while_the_database_is_away_the_answer_is_503_and_never_signed_out_or_allowed(empty_postgres_url):
    """S-030: an outage ends no session; the cookie stays."""
    name = empty_postgres_url.rpartition("/")[2]
    server = empty_postgres_url.replace("+psycopg", "").rpartition("/")[0] + "/postgres"
    with (
        signed_in(empty_postgres_url) as (site, headers, _),
        closing(psycopg.connect(server, autocommit=True)) as other,
    ):
        other.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        try:
            other.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
            answer = site.get("/mine", headers)[0]
        finally:
            other.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")

        assert (answer.status_code, "Set-Cookie" in answer.headers) == (503, False)
        assert site.get("/mine", headers)[0].status_code == 200


def test_a_migration_of_a_column_it_reads_does_not_break_a_prepared_statement(empty_postgres_url):
    with signed_in(empty_postgres_url) as (site, headers, engine):
        assert site.get("/mine", headers, before=8)[0].status_code == 200
        with engine.begin() as connection:
            connection.execute(text('ALTER TABLE "user" ALTER COLUMN uniquifier TYPE varchar(200)'))

        assert site.get("/mine", headers)[0].status_code == 200


def test_disposing_of_an_engine_closes_them(empty_postgres_url):
    with signed_in(empty_postgres_url) as (_, _, engine), others(empty_postgres_url) as other:
        assert connections.of(engine) is not None
        engine.dispose()

        # A server takes a moment to notice that a client has gone.
        gone = f"""DO $$ BEGIN FOR i IN 1..500 LOOP
            PERFORM pg_stat_clear_snapshot();
            EXIT WHEN NOT EXISTS (SELECT {OF_THE_APPLICATION}); PERFORM pg_sleep(0.01);
        END LOOP; END $$"""
        other.execute(gone)
        assert other.execute(f"SELECT count(*) {OF_THE_APPLICATION}").fetchone() == (0,)


def test_many_at_once_leave_few_behind(sqlite_url):
    with signed_in(sqlite_url) as (site, headers, engine):

        def ask(_):
            return site.app.test_client(use_cookies=False).get("/mine", headers=dict(headers)).status_code

        with ThreadPoolExecutor(3 * connections.AT_MOST) as pool:
            assert set(pool.map(ask, range(200))) == {200}

        kept = connections.of(engine)
        assert kept is not None
        assert kept is not None
        assert 1 <= len(kept._idle) <= connections.AT_MOST


@pytest.mark.parametrize(("seconds", "replaced"), [(290, False), (301, True)])
def test_one_that_is_five_minutes_old_is_replaced(sqlite_url, seconds, replaced):
    with signed_in(sqlite_url) as (site, headers, engine):
        kept = connections.of(engine)
        assert kept is not None
        assert kept is not None
        own = kept._idle.pop()
        kept._idle.append(own._replace(made_at=own.made_at - seconds))

        assert site.get("/mine", headers)[0].status_code == 200

        assert (kept._idle[-1].connection is not own.connection) is replaced


def test_a_child_of_a_fork_leaves_the_parents_alone(empty_postgres_url):
    script = f"""
        import os, sys
        sys.path.insert(0, {sys.path[0]!r})
        from tests.performance.recording import recording
        from tests.performance.sites import plain
        from flask_identity.stores.sqlalchemy import connections
        from sqlalchemy import create_engine

        engine = create_engine({empty_postgres_url!r})
        with recording() as recorder, plain("", recorder, engine) as site:
            headers = site.cookie()
            before = [own.connection.dbapi_connection.info.backend_pid for own in connections.of(engine)._idle]
            child = os.fork()
            if not child:
                engine.dispose(close=False)  # as every application does with its pool
                answer = site.app.test_client(use_cookies=False).get("/mine", headers=headers)
                after = [own.connection.dbapi_connection.info.backend_pid for own in connections.of(engine)._idle]
                os._exit(0 if answer.status_code == 200 and not set(before) & set(after) else 1)
            status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            answer, sent = site.get("/mine", headers)
            after = [own.connection.dbapi_connection.info.backend_pid for own in connections.of(engine)._idle]
            print(status, answer.status_code, len(before) > 0 and before == after)
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(script)], capture_output=True, text=True, check=False)

    assert (done.stdout.split(), done.returncode) == (["0", "200", "True"], 0), done.stderr


@pytest.mark.parametrize("options", [{"pool_reset_on_return": None}, {"poolclass": NullPool}, {}], ids=str)
def test_a_suspension_by_another_process_is_seen_at_the_very_next_request(database_url, options):
    """S-051: also where the pool leaves a snapshot open on the connection that it gives out again."""
    with signed_in(database_url, **options) as (site, headers, _):
        assert site.get("/mine", headers, before=5)[0].status_code == 200
        other = create_engine(database_url)
        with other.begin() as connection:
            user = '"user"' if other.dialect.name == "postgresql" else "user"
            connection.execute(text(f"UPDATE {user} SET active = (1 = 0)"))
        other.dispose()

        assert site.get("/mine", headers)[0].status_code == 401


def test_an_application_that_listens_to_its_pool_keeps_hearing_of_every_use(database_url):
    with signed_in(database_url) as (_, _, engine):
        engine.dispose()
        seen = []
        event.listen(engine, "checkout", lambda *given: seen.append(given))

        assert connections.of(engine) is None


def test_through_the_pool_it_is_one_select_and_no_transaction_either(database_url):
    with signed_in(database_url, poolclass=NullPool) as (site, headers, engine):
        sent = site.get("/mine", headers)[1]

        assert connections.of(engine) is None
        said = [statement for statement in sent if statement.startswith(("SELECT identity", "BEGIN", "COMMIT"))]
        assert len(said) == 1, sent


def test_an_engine_that_translates_schemas_is_asked_through_the_session(empty_postgres_url):
    engine = create_engine(empty_postgres_url).execution_options(schema_translate_map={None: "tenant"})
    with engine.begin() as connection:
        connection.execute(text("CREATE SCHEMA tenant"))
    with plain("", Recorder(), engine) as site:
        assert site.get("/mine", site.cookie())[0].status_code == 200
    with others(empty_postgres_url) as other:
        other.execute("DROP SCHEMA tenant CASCADE")


@pytest.mark.parametrize("poolclass", [StaticPool, SingletonThreadPool, QueuePool])
def test_what_the_application_has_flushed_stays_its_own_to_commit_or_roll_back(sqlite_url, poolclass):
    """Also where the engine has one connection for everybody, as in memory, and a minute later, when it is written
    when the session was last seen."""
    options = {"poolclass": poolclass, "connect_args": {"check_same_thread": False}}
    clock = time_machine.travel(NOON, tick=False)
    with clock as now, signed_in(sqlite_url, **options) as (site, headers, _), site.app.app_context():
        row = site.identity.datastore.find_user(email="ada@example.com")
        session = object_session(row)
        assert session is not None
        row.nickname = "Grace"
        if poolclass is not QueuePool:  # there, noting when the session was last seen would wait for us
            session.flush()
            now.shift(120)
        with site.app.test_request_context("/mine", headers=dict(headers)):
            assert current_user.email == "ada@example.com"
        session.flush()
        session.expire(row)
        assert row.nickname == "Grace"
        session.rollback()
        assert row.nickname == "Ada"


def test_a_crowd_takes_no_more_than_eight_beside_the_pool(empty_postgres_url):
    """Whoever asks while all are out goes through the pool; the server keeps room for everybody else."""
    with signed_in(empty_postgres_url, pool_size=2, max_overflow=0) as (_, _, engine):
        kept = connections.of(engine)
        assert kept is not None
        out = [kept.take(engine) for _ in range(connections.AT_MOST + 4)]
        try:
            assert [own is None for own in out] == [False] * connections.AT_MOST + [True] * 4
        finally:
            for own in out:
                if own is not None:
                    connections.close(own)
        again = kept.take(engine)
        assert again is not None
        kept.give(again)
