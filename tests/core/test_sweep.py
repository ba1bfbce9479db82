"""A-065: what has run out does not stay."""

from __future__ import annotations

import pytest

from flask_identity.base.clock import epoch
from flask_identity.base.errors import Unavailable
from flask_identity.base.ports import Kind
from flask_identity.core import sweep
from flask_identity.core.throttle import Limit, Throttle
from flask_identity.stores.memory import MemoryStore

LIMIT = Limit("login", per_address=3)


def counts(store):
    return store.count(Kind.THROTTLE, {}, cap=1000)


def test_rows_go_once_they_have_expired_and_not_before():
    store = MemoryStore()
    store.bump("old", epoch() - 1)
    store.bump("young", epoch() + 60)

    sweep.sweep(store)

    assert [row.key for row in store.page(Kind.THROTTLE, {}, order="key", limit=9)] == ["young"]


def test_a_stream_of_new_names_sweeps_behind_itself(monkeypatch):
    monkeypatch.setattr(sweep, "ONE_IN", 1)
    store = MemoryStore()
    for number in range(50):
        store.bump(f"gone {number}", epoch() - 1)

    Throttle(store, enabled=True).count(LIMIT, "192.0.2.1")

    assert counts(store) == 1


def test_nobody_fails_because_of_sweeping():
    class Away(MemoryStore):
        def remove(self, kind, where):
            raise Unavailable

    sweep.sweep(Away())


@pytest.mark.parametrize(("chance", "swept"), [(1, True), (10**9, False)])
def test_it_is_done_at_some_calls_only(monkeypatch, chance, swept):
    monkeypatch.setattr(sweep, "ONE_IN", chance)
    store = MemoryStore()
    store.bump("old", epoch() - 1)

    sweep.sweep_sometimes(store)

    assert (counts(store) == 0) is swept
