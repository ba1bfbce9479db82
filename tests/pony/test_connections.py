"""The connections kept beside Pony's own, and what becomes of them when the server goes."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from pony.orm import db_session

from flask_identity import PonyStore
from flask_identity.base.errors import Unavailable
from flask_identity.base.ports import Kind
from flask_identity.stores.pony import connections
from flask_identity.stores.pony.connections import AT_MOST, Connections
from tests.contracts.rows import add_person, session
from tests.databases import empty_database
from tests.pony.build import bound, entities, make_parts


@pytest.fixture
def parts(database_url: str) -> Iterator[Any]:
    parts = make_parts(database_url)
    parts.store.add(Kind.SESSION, session(add_person(parts.store)))
    yield parts
    parts.store.close()
    parts.db.disconnect()


def idle(parts: Any) -> Any:
    return parts.store._resumer.connections._idle


def end_all_others(parts: Any) -> None:
    """Let the server end every connection to this database but the one that asks."""
    beside = Connections(parts.db)
    if parts.db.provider.dialect == "PostgreSQL":
        others = "datname = current_database() AND pid <> pg_backend_pid()"
        beside.run(f"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE {others}", ())
    else:
        others = "db = database() AND id <> connection_id()"
        ids = beside.run(f"SELECT group_concat(id) FROM information_schema.processlist WHERE {others}", ())[0][0]
        for each in ids.split(","):
            beside.run(f"KILL {each}", ())
    beside.close()


def test_one_connection_is_kept_and_used_again(parts):
    assert parts.store.resume("s1").user_id == 1
    kept = list(idle(parts))

    assert parts.store.resume("s1").user_id == 1
    parts.store.touch("s1", 7)

    assert list(idle(parts)) == kept
    assert len(kept) == 1
    assert parts.store.resume("s1").last_seen_at == 7


def test_resuming_takes_no_connection_of_pony_s(parts):
    parts.db.disconnect()

    assert parts.store.resume("s1").user_id == 1

    assert parts.db.provider.pool.con is None


def test_a_crowd_waits_for_those_that_are_out_and_no_more_are_made(parts, monkeypatch):
    beside = parts.store._resumer.connections
    made = []
    genuine = beside._made
    together = threading.Barrier(4 * AT_MOST)

    def noted():
        made.append(1)
        return genuine()

    def ask(_):
        together.wait()
        return [parts.store.resume("s1").user_id for _ in range(5)]

    monkeypatch.setattr(beside, "_made", noted)
    with ThreadPoolExecutor(4 * AT_MOST) as pool:
        assert list(pool.map(ask, range(4 * AT_MOST))) == [[1] * 5] * (4 * AT_MOST)

    assert 1 <= len(made) <= AT_MOST
    assert len(idle(parts)) == len(made)


def test_where_all_stay_out_one_more_is_made(parts, monkeypatch):
    monkeypatch.setattr(connections, "_WAIT", 0.01)
    beside = parts.store._resumer.connections
    for _ in range(AT_MOST):
        beside._room.acquire()

    assert parts.store.resume("s1").user_id == 1

    beside.forget()  # as in the child of a fork, where nobody would give any of them back
    assert beside._room.acquire(blocking=False)


def test_what_the_application_does_to_a_new_connection_is_done_to_these(sqlite_url):
    db = bound(sqlite_url)
    seen = []
    db.on_connect(lambda db, connection: seen.append(connection))
    made = entities(db)
    store = PonyStore(db, made.User, made.Role)
    db.generate_mapping(create_tables=True)

    store.resume("none")

    assert seen[-1] is idle(type("Parts", (), {"store": store}))[0].connection
    store.close()
    db.disconnect()


@pytest.mark.parametrize("server", ["postgres_url", "mariadb_url"])
def test_connections_that_the_server_has_ended_are_made_anew(server, request):
    url = request.getfixturevalue(server)
    empty_database(url)
    parts = make_parts(url)
    parts.store.add(Kind.SESSION, session(add_person(parts.store)))
    with db_session:
        parts.store.resume("s1")
        end_all_others(parts)

        assert parts.store.resume("s1").user_id == 1
        assert parts.store.first(Kind.USER, {"id": 1}).email == "ada@example.com"
        assert parts.store.change(Kind.USER, {"id": 1}, {"nickname": "A"}) == 1
        with pytest.raises(Unavailable):
            _change_twice(parts)
        found = parts.store.first(Kind.USER, {"id": 1})
        assert (found.nickname, found.username) == ("A", None)
    parts.store.close()
    parts.db.disconnect()


def _change_twice(parts: Any) -> None:
    """Lose the connection between the two changes of one unit."""
    with parts.store.unit():
        parts.store.change(Kind.USER, {"id": 1}, {"nickname": "B"})
        end_all_others(parts)
        parts.store.change(Kind.USER, {"id": 1}, {"username": "b"})


def test_a_database_that_is_away_is_said_to_be(sqlite_url):
    parts = make_parts(sqlite_url)
    parts.db.disconnect()
    file = Path(sqlite_url.partition(":///")[2])
    file.rename(file.with_suffix(".away"))
    file.mkdir()

    for verb in (
        lambda: parts.store.resume("s1"),
        lambda: parts.store.touch("s1", 1),
        lambda: parts.store.first(Kind.USER, {"id": 1}),
        lambda: parts.store.bump("k", 1),
    ):
        with pytest.raises(Unavailable):
            verb()

    file.rmdir()
    file.with_suffix(".away").rename(file)
    assert parts.store.bump("k", 1) == 1
    parts.db.disconnect()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_child_process_leaves_its_parent_s_connections_alone(parts):
    parts.store.resume("s1")
    kept = list(idle(parts))
    child = os.fork()
    if child == 0:
        right = not idle(parts) and parts.store.resume("s1") is not None and idle(parts)[0] not in kept
        os._exit(0 if right else 1)
    _, status = os.waitpid(child, 0)

    assert os.waitstatus_to_exitcode(status) == 0
    assert parts.store.resume("s1").user_id == 1
    assert list(idle(parts)) == kept


def test_threads_have_a_connection_each(parts):
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: parts.store.resume("s1").user_id, range(40)))

    assert found == [1] * 40
    assert len(idle(parts)) <= 4
