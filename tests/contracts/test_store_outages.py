"""Connections that die, at any moment, under a store that goes on."""

from __future__ import annotations

from contextlib import suppress

import pytest
from sqlalchemy import make_url, text

from flask_identity.base.errors import Unavailable
from flask_identity.base.ports import Kind
from tests.contracts.rows import throttle
from tests.contracts.stores import on_a_server
from tests.contracts.verbs import EVERY, READS, fill


@pytest.fixture
def kill(case, sql):
    """End every connection to this case's database but the one that asks for it."""

    ours = {
        "postgresql": "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
        "AND pid <> pg_backend_pid()",
        "mysql": "SELECT id FROM information_schema.processlist WHERE db = database() AND id <> connection_id()",
    }
    backend = make_url(case.url).get_backend_name()

    def run():
        for (found,) in sql(text(ours[backend])):
            if backend == "mysql":
                sql(text(f"KILL {found}"))

    return run


@on_a_server
@pytest.mark.parametrize("verb", EVERY)
def test_a_verb_on_a_killed_connection_works_or_says_unavailable_and_the_next_works(store, kill, verb):
    """F-03: connections from before a restart of the server are dead, all of them."""
    fill(store)
    call = EVERY[verb]
    READS["count"](store)
    kill()

    worked = False
    with suppress(Unavailable):
        call(store)
        worked = True
    assert store.idle()
    if not worked:
        call(store)
    READS["resume"](store)
    with suppress(Unavailable):  # a verb on a connection of its own has not noticed the others: not left to the next
        READS["count"](store)


@on_a_server
def test_resuming_survives_a_restart_of_the_server_unnoticed(store, kill):
    fill(store)
    store.resume("s1")
    kill()

    assert store.resume("s1").email == "ada@example.com"


@on_a_server
def test_a_unit_whose_connection_is_killed_leaves_nothing_behind(store, case, kill):
    fill(store)
    called = []

    def work():
        with store.unit() as unit:
            unit.after_commit(lambda: called.append(1))
            store.add(Kind.THROTTLE, throttle("half"))
            kill()
            store.add(Kind.THROTTLE, throttle("other half"))

    with pytest.raises(Unavailable):
        work()

    assert called == []
    assert store.idle()
    assert store.count(Kind.THROTTLE, {"key__in": ["half", "other half"]}, cap=5) == 0
    store.add(Kind.THROTTLE, throttle("half"))


@on_a_server
def test_a_commit_on_a_killed_connection_is_unavailable(store, kill):
    called = []

    def work():
        with store.unit() as unit:
            unit.after_commit(lambda: called.append(1))
            store.add(Kind.THROTTLE, throttle("half"))
            kill()

    with pytest.raises(Unavailable):
        work()

    assert called == []
    assert store.count(Kind.THROTTLE, {"key": "half"}, cap=5) == 0


@on_a_server
def test_an_outage_that_is_caught_inside_a_unit_is_still_one(store, kill):
    def work():
        with store.unit():
            store.add(Kind.THROTTLE, throttle("half"))
            kill()
            try:
                store.first(Kind.THROTTLE, {"key": "half"})
            except Unavailable:
                return

    with pytest.raises(Unavailable):
        work()

    assert store.count(Kind.THROTTLE, {"key": "half"}, cap=5) == 0
