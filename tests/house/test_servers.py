"""The tests get the databases they ask for, from whatever this machine has."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests.private_servers import NotStarted
from tests.services import KINDS, Absent, Server, Services, need


@pytest.mark.parametrize("time", ["first", "second"])
def test_a_database_is_empty_each_time_it_is_asked_for(database_url, time):
    engine = sa.create_engine(database_url)
    try:
        assert sa.inspect(engine).get_table_names() == []
        with engine.begin() as connection:
            connection.execute(sa.text("CREATE TABLE parent (id INTEGER PRIMARY KEY)"))
            connection.execute(sa.text("CREATE TABLE child (id INTEGER REFERENCES parent (id))"))
    finally:
        engine.dispose()


def test_redis_answers(redis_url):
    from redis import Redis

    with Redis.from_url(redis_url) as connection:
        assert connection.ping()


@pytest.mark.parametrize("kind", KINDS)
def test_a_server_can_be_started_where_none_is_running(kind):
    services = Services(found={})
    start = KINDS[kind][3]
    try:
        child = start(services.folder)
    except NotStarted as reason:
        pytest.skip(str(reason))
    else:
        child.stop()
    finally:
        services.stop()


def test_what_was_found_is_handed_on_to_other_processes(monkeypatch):
    found: dict[str, Server | Absent] = {kind: Absent(kind, "made up") for kind in KINDS}
    found["redis"] = Server("Redis", "redis://", "1", "made up")
    monkeypatch.setenv("FLASK_IDENTITY_TEST_SERVERS", "{}")
    ours, theirs = Services(found=found), None
    try:
        ours.hand_on()
        theirs = Services()
        assert theirs.found == found
    finally:
        for services in filter(None, (ours, theirs)):
            services.stop()


@pytest.mark.parametrize(
    ("ci", "outcome"), [("true", pytest.fail.Exception), ("", pytest.skip.Exception)], ids=["in CI", "elsewhere"]
)
def test_a_missing_server_is_said_and_fails_only_in_ci(monkeypatch, ci, outcome):
    monkeypatch.setenv("CI", ci)

    with pytest.raises(outcome, match="no binary"):
        need(Absent("MariaDB", "no binary"))
