"""Many threads at one database through Pony."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from flask_identity.base.errors import EmailTaken
from flask_identity.base.ports import Add, Kind
from tests.contracts.rows import add_person, throttle
from tests.pony.site import Site, open_site
from tests.support.apps import PASSWORD

pytestmark = pytest.mark.races

THREADS = 8
PATIENCE = 60


@pytest.fixture
def site(database_url: str) -> Iterator[Site]:
    with open_site(database_url) as site:
        yield site


def race(site: Site, call: Callable[[int], Any], size: int = THREADS) -> list[Any]:
    """What `call(0)` … return, or the exception they raise, when all begin at once."""
    line = Barrier(size)

    def run(number: int) -> Any:
        line.wait(PATIENCE)
        try:
            return call(number)
        except Exception as error:
            return error
        finally:
            site.db.disconnect()

    with ThreadPoolExecutor(size) as pool:
        begun = [pool.submit(run, number) for number in range(size)]
        return [each.result(PATIENCE) for each in begun]


def test_no_sign_in_is_lost_from_the_count(site):
    """R-42"""
    site.person()
    each = 2

    def sign_in(_: int) -> list[int]:
        body = {"identity": "ada@example.com", "password": PASSWORD}
        return [site.client().post("/identity/login", json=body).status_code for _ in range(each)]

    assert race(site, sign_in) == [[200] * each] * THREADS

    assert site.row(email="ada@example.com")["login_count"] == THREADS * each
    assert site.count("IdentitySession") == THREADS * each


def test_counters_lose_nothing(site, race_rounds):
    """R-42"""
    user_id = add_person(site.store)
    rounds = 10 * race_rounds

    def count(_: int) -> Any:
        for _ in range(rounds):
            site.store.change(Kind.USER, {"id": user_id}, {"failed_logins": Add(1)})
        return max(site.store.bump("k", 1) for _ in range(rounds))

    highest = race(site, count)

    assert site.row(id=user_id)["failed_logins"] == THREADS * rounds
    assert max(highest) == THREADS * rounds


def test_of_many_who_suspend_someone_one_has_changed_it(site, race_rounds):
    """R-47"""
    user_id = site.person()

    def suspend(_: int) -> bool:
        with site.app.app_context():
            datastore = site.identity.datastore
            return bool(datastore.deactivate_user(datastore.find_user(id=user_id)))

    for _ in range(race_rounds):
        with site.app.app_context():
            site.identity.datastore.activate_user(site.identity.datastore.find_user(id=user_id))
        assert sorted(race(site, suspend)) == [False] * (THREADS - 1) + [True]


def test_of_many_who_register_an_address_one_gets_it(site, race_rounds):
    def create(_: int) -> Any:
        with site.app.app_context():
            return site.identity.datastore.create_user("ada@example.com", roles=["admin"]).id

    for _ in range(race_rounds):
        got = race(site, create)
        assert sorted(type(each).__name__ for each in got) == ["EmailTaken"] * (THREADS - 1) + ["int"], got
        assert all(isinstance(each, int | EmailTaken) for each in got)
        assert site.store.remove(Kind.USER, {"email": "ada@example.com"}) == 1


def test_of_many_who_take_a_row_one_gets_it(site, race_rounds):
    for _ in range(race_rounds):
        added = race(site, lambda _: site.store.add(Kind.THROTTLE, throttle(), unless_there=True))
        taken = race(site, lambda _: site.store.take(Kind.THROTTLE, {"key": "k"}))

        for rows in (added, taken):
            assert [getattr(row, "key", row) for row in rows if row is not None] == ["k"]


def test_of_two_administrators_who_suspend_each_other_one_stays(site, race_rounds):
    emails = ("ada@example.com", "bob@example.com")
    ids = [site.person(email, roles=["admin"]) for email in emails]
    for _ in range(race_rounds):
        clients = [site.signed_in(email) for email in emails]

        def suspend(number: int, clients: Any = clients) -> int:
            body = {"id": ids[1 - number], "status": "suspended"}
            return int(clients[number].put("/identity/update_status", json=body).status_code)

        codes = race(site, suspend, size=2)

        assert codes.count(200) == 1, codes
        assert len(site.store.admins("admin")) == 1
        for user_id in ids:
            with site.app.app_context():
                site.identity.datastore.activate_user(site.identity.datastore.find_user(id=user_id))
