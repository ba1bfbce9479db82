"""F-06: a deadlock that the database ends against us is tried once more, where that undoes nothing of others."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from threading import Event
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select, text, update
from sqlalchemy.orm import Session

from flask_identity import IdentityRefusal, sign_in_failed, signed_in, status_changed
from tests.races.invariants import assert_hold
from tests.races.site import ATTEMPT, PASSWORD, WRONG, Site, Sites, User, engine_for
from tests.support.tables import KeptDatabases

pytestmark = pytest.mark.races

ADA, BOB, ADMIN = "ada@example.com", "bob@example.com", "admin@example.com"
HEAVY = 200  # rows; MariaDB ends the transaction that has changed fewer
PATIENCE = 30


@pytest.fixture(params=["postgres", "mariadb"])
def site(request: pytest.FixtureRequest, sites: Sites, databases: KeptDatabases) -> Iterator[Site]:
    """SQLite has one writer at a time, so nobody there waits for two."""
    made = sites.open(databases.emptied(request.param), IDENTITY_THROTTLE=False)
    for email, roles in ((ADA, []), (BOB, []), (ADMIN, ["admin"])):
        made.person(email, roles=roles)
    yield made
    sites.rest()


@contextmanager
def meeting(site: Site, signal: Any) -> Iterator[list[str]]:
    """Another transaction that holds Bob's row and asks for Ada's, while a receiver of ours that has Ada's asks for
    Bob's. It is never the other one that is ended. Yields the calls of the receiver."""
    calls: list[str] = []
    has_ada = Event()

    def receiver(_: Any, *, user: Any, **__: Any) -> None:
        calls.append(user.email)
        has_ada.set()
        site.session.execute(update(User).where(User.email == BOB).values(username="bob"))

    def close_the_circle() -> None:
        assert has_ada.wait(PATIENCE)
        _reason(connection, ADA, "rival")
        connection.commit()

    engine = engine_for(site.url)
    with ExitStack() as stack:
        stack.callback(engine.dispose)
        connection = stack.enter_context(engine.connect())
        pool = stack.enter_context(ThreadPoolExecutor(1))
        if engine.dialect.name == "postgresql":
            # Whose timeout comes first, looks for a circle and is ended.
            connection.execute(text("SET deadlock_timeout = '20s'"))
        connection.execute(insert(ATTEMPT), [{"outcome": "heavy"}] * HEAVY)
        _reason(connection, BOB, "rival")
        done = pool.submit(close_the_circle)
        stack.enter_context(signal.connected_to(receiver, sender=site.app))
        yield calls
        done.result(PATIENCE)


def _reason(connection: Connection, email: str, reason: str) -> None:
    connection.execute(update(User).where(User.email == email).values(suspended_reason=reason))


def rows(site: Site) -> dict[str, Any]:
    with Session(site.engine, expire_on_commit=False) as session:
        return {user.email: user for user in session.scalars(select(User))}


def test_a_verb_that_is_outermost_and_clean_is_tried_once_more(site):
    with site.app.app_context():
        ada = site.identity.datastore.find_user(email=ADA)
        with meeting(site, status_changed) as calls:
            assert site.identity.datastore.deactivate_user(ada, "by us") is True

    assert calls == [ADA, ADA]
    found = rows(site)
    assert (found[ADA].active, found[ADA].suspended_reason, found[ADA].version) == (False, "by us", 2)
    assert (found[BOB].username, found[BOB].suspended_reason) == ("bob", "rival")
    assert_hold(site)


@pytest.mark.parametrize("under_way", ["a unit", "a row that is pending"])
def test_with_something_of_the_application_under_way_it_is_refused_and_nothing_is_half_done(site, under_way):
    store = site.identity.datastore

    def act(ada: Any) -> None:
        if under_way == "a unit":
            with store.unit():
                store.create_role("half")
                store.deactivate_user(ada, "by us")
        else:
            site.session.add(User(email="half@example.com", uniquifier="half"))
            store.deactivate_user(ada, "by us")

    with site.app.app_context():
        ada = store.find_user(email=ADA)
        with meeting(site, status_changed) as calls, pytest.raises(IdentityRefusal) as refused:
            act(ada)
        assert (refused.value.code, refused.value.status) == ("unavailable", 503)
        assert refused.value.retry_after
        assert store.find_role("half") is None

    assert calls == [ADA]
    found = rows(site)
    assert (found[ADA].active, found[ADA].suspended_reason, found[BOB].username) == (True, "rival", None)
    with Session(site.engine) as session:
        assert "half@example.com" not in session.scalars(select(User.email)).all()
    assert_hold(site)


def test_a_sign_in_goes_through_and_counts_once(site):
    """F-18: and its reservation is given back once, not once for each try."""
    with meeting(site, signed_in) as calls:
        answer = site.client().post("/identity/login", json={"identity": ADA, "password": PASSWORD})

    assert (answer.status_code, calls) == (200, [ADA, ADA])
    assert rows(site)[ADA].login_count == 1
    assert_hold(site)


def test_a_failed_sign_in_is_counted_once(site):
    """F-17: a guess that was evaluated counts, whatever becomes of the transaction that counts it."""
    with meeting(site, sign_in_failed) as calls:
        answer = site.client().post("/identity/login", json={"identity": ADA, "password": WRONG})

    assert (answer.status_code, calls) == (401, [ADA, ADA])
    assert rows(site)[ADA].failed_logins == 1
    assert_hold(site)


def test_an_administrators_change_goes_through(site):
    cookie = site.sign_in(ADMIN)
    body = {"id": rows(site)[ADA].id, "status": "suspended"}
    with meeting(site, status_changed) as calls:
        client = site.client(cookie=cookie)
        answer = client.put("/identity/update_status", json=body, headers={"Sec-Fetch-Site": "same-origin"})

    assert (answer.status_code, calls) == (200, [ADA, ADA])
    assert rows(site)[ADA].status == "suspended"
    assert_hold(site)
