"""Two transactions that wait for each other: the database ends one of them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from sqlalchemy import MetaData, NullPool, create_engine, text

from flask_identity.base.errors import Deadlock, Unavailable
from flask_identity.base.ports import Kind
from tests.contracts.rows import add_person, person, throttle
from tests.contracts.stores import ON_SQLALCHEMY, PATIENCE, among, on_a_server
from tests.support.waiting import comes_true

HEAVY = 60  # rows; MariaDB ends the transaction that has changed fewer
WAITERS = {
    "postgresql": "SELECT count(*) FROM pg_stat_activity "
    "WHERE datname = current_database() AND wait_event_type = 'Lock'",
    "mysql": "SELECT count(*) FROM information_schema.innodb_trx t JOIN information_schema.processlist p "
    "ON p.id = t.trx_mysql_thread_id WHERE p.db = database() AND t.trx_state = 'LOCK WAIT'",
}


class Rival:
    """Another transaction. It changes the second of two users now and the first once someone waits for it; it is
    never the one that is ended."""

    def __init__(self, case, sql):
        self._sql = sql
        with case.store.unit():
            for number in range(HEAVY):
                case.store.add(Kind.USER, person(f"filler{number}"))
        self.first, self.second = add_person(case.store, "ada"), add_person(case.store, "bob")
        case.leave()
        # Otherwise MariaDB locks every row it looks at, the first user's too.
        self._engine = create_engine(case.url, poolclass=NullPool, isolation_level="READ COMMITTED")
        tables = MetaData()
        tables.reflect(self._engine, only=["user"])
        self._users = tables.tables["user"]

    @contextmanager
    def at_work(self):
        with self._engine.connect() as connection, ThreadPoolExecutor(1) as pool:
            if self._engine.dialect.name == "postgresql":
                # Whose timeout comes first, looks for a circle and is ended.
                connection.execute(text("SET deadlock_timeout = '20s'"))
            self._change(connection, self._users.c.email.startswith("filler"))
            self._change(connection, self._users.c.id == self.second)
            closing = pool.submit(self._close_the_circle, connection)
            yield
            closing.result(PATIENCE)
        self._engine.dispose()

    def _close_the_circle(self, connection):
        waiters = text(WAITERS[self._engine.dialect.name])
        assert comes_true(lambda: self._sql(waiters)[0][0], PATIENCE), "nobody waits for the rival"
        self._change(connection, self._users.c.id == self.first)
        connection.commit()

    def _change(self, connection, which):
        connection.execute(self._users.update().where(which).values(suspended_reason="rival"))


@pytest.fixture
def rival(case, sql):
    return Rival(case, sql)


def state(store, user_id):
    user = store.first(Kind.USER, {"id": user_id})
    return user.suspended_reason, user.nickname


@on_a_server
def test_a_verb_that_is_outermost_and_clean_is_tried_once_more(store, rival):
    with rival.at_work():
        changed = store.change(Kind.USER, {"id__in": [rival.first, rival.second]}, {"nickname": "A"})

    assert changed == 2
    assert [state(store, each) for each in (rival.first, rival.second)] == [("rival", "A")] * 2


@on_a_server
def test_inside_a_unit_a_deadlock_is_unavailable_and_nothing_is_half_done(store, rival):
    """F-06."""
    called = []

    def work():
        with store.unit() as unit:
            unit.after_commit(lambda: called.append(1))
            store.add(Kind.THROTTLE, throttle("half"))
            store.change(Kind.USER, {"id": rival.first}, {"nickname": "A"})
            store.change(Kind.USER, {"id": rival.second}, {"nickname": "A"})

    def meet():
        with rival.at_work():
            work()

    with pytest.raises(Unavailable) as refused:
        meet()

    assert isinstance(refused.value, Deadlock)
    assert refused.value.retry_after
    assert called == []
    assert store.idle()
    assert store.count(Kind.THROTTLE, {"key": "half"}, cap=5) == 0
    assert [state(store, each) for each in (rival.first, rival.second)] == [("rival", None)] * 2

    work()
    assert [state(store, each) for each in (rival.first, rival.second)] == [("rival", "A")] * 2


@among([name for name in ON_SQLALCHEMY if "sqlite" not in name])
def test_a_verb_is_not_tried_again_where_the_application_has_rows_under_way(store, case, rival):
    """Its rows went with the transaction that was ended, and a second try would not bring them back."""

    def meet():
        case.session.add(case.models.Note(email="pending"))
        with rival.at_work():
            store.change(Kind.USER, {"id__in": [rival.first, rival.second]}, {"nickname": "A"})

    with pytest.raises(Unavailable):
        meet()

    assert [state(store, each) for each in (rival.first, rival.second)] == [("rival", None)] * 2
    assert case.session.query(case.models.Note).count() == 0
