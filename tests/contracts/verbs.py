"""Every verb of a store once, on the rows that `fill` makes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_identity.base.clock import now
from flask_identity.base.ports import Add, Kind, PeopleQuery, Store
from tests.contracts.rows import BEGAN, add_person, add_role, happened, person, session, throttle


def fill(store: Store) -> None:
    """Make what the verbs work on."""
    store.add(Kind.SESSION, session(add_person(store)))
    store.add(Kind.THROTTLE, throttle())
    store.add(Kind.ACTIVITY, happened(BEGAN * 1_000_000))
    add_role(store, "admin")


def _in_unit(store: Store, call: Callable[[], Any]) -> Any:
    with store.unit():
        return call()


READS: Mapping[str, Callable[[Store], Any]] = {
    "first": lambda store: store.first(Kind.USER, {"email": "ada@example.com"}),
    "page": lambda store: store.page(Kind.SESSION, {}, order="id", limit=5),
    "count": lambda store: store.count(Kind.USER, {}, cap=5),
    "resume": lambda store: store.resume("s1"),
    "people": lambda store: store.people(PeopleQuery(), now(), False),
    "tally": lambda store: store.tally(PeopleQuery(), now(), False, 9),
    "by hour": lambda store: store.by_hour(["signed_in"], "0", "1"),
}
WRITES: Mapping[str, Callable[[Store], Any]] = {
    "add": lambda store: store.add(Kind.THROTTLE, throttle("new")),
    "add a user": lambda store: store.add(Kind.USER, person("new")),
    "add unless there": lambda store: store.add(Kind.THROTTLE, throttle("k"), unless_there=True),
    "change": lambda store: store.change(Kind.USER, {"email": "ada@example.com"}, {"login_count": Add(1)}),
    "bump": lambda store: store.bump("k", 1),
    "take": lambda store: store.take(Kind.SESSION, {"id": "s1"}),
    "remove": lambda store: store.remove(Kind.SESSION, {"id": "s1"}),
    "remove a user": lambda store: store.remove(Kind.USER, {"email": "ada@example.com"}),
    "touch": lambda store: store.touch("s1", BEGAN + 60),
    "admins": lambda store: _in_unit(store, lambda: store.admins("admin")),
    "first with a lock": lambda store: _in_unit(
        store, lambda: store.first(Kind.USER, {"email": "ada@example.com"}, lock=True)
    ),
}

EVERY = {**READS, **WRITES}
