"""Secrets that work once, for one purpose, as long as the account is what it was."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from flask_identity.base.clock import now
from flask_identity.base.ports import Kind
from flask_identity.core.one_time import OneTime
from flask_identity.stores.memory import MemoryStore

HOUR = 3600


@pytest.fixture
def store():
    return MemoryStore()


@pytest.fixture
def one_time(store):
    return OneTime(store)


@pytest.fixture
def ada(store):
    values = {"email": "ada@example.com", "password": None, "active": True, "uniquifier": "u" * 32}
    return store.add(Kind.USER, values)


def test_it_is_taken_once(one_time, ada):
    value = one_time.issue(ada, "reset", HOUR).value

    assert [one_time.take(value, "reset") for _ in range(3)] == [True, False, False]
    assert one_time.owner(value, "reset") is None


def test_it_opens_nothing_it_was_not_made_for(one_time, ada):
    """A-046."""
    value = one_time.issue(ada, "confirm", HOUR).value

    assert one_time.owner(value, "reset") is None
    assert not one_time.take(value, "reset")
    assert not one_time.extend(value, "reset", HOUR)
    assert one_time.owner(value, "confirm").id == ada.id


@pytest.mark.parametrize("change", [{"email": "new@example.com"}, {"uniquifier": "v" * 32}, {"active": False}], ids=str)
def test_it_ends_with_what_the_account_was(store, one_time, ada, change):
    """S-031."""
    value = one_time.issue(ada, "reset", HOUR).value
    store.change(Kind.USER, {"id": ada.id}, change)

    assert one_time.owner(value, "reset") is None
    assert not one_time.extend(value, "reset", HOUR)


def test_it_runs_out_and_may_be_made_good_for_longer(one_time, ada):
    value = one_time.issue(ada, "reset", HOUR).value
    with time_machine.travel(now() + timedelta(seconds=HOUR), tick=False):
        assert one_time.owner(value, "reset") is None
        assert not one_time.take(value, "reset")

        assert one_time.extend(value, "reset", HOUR)
        assert one_time.owner(value, "reset").id == ada.id
