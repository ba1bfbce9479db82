"""The life of a lock: S-019, S-020, S-022, A-056, A-058, A-066, R-56."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import time_machine

from flask_identity.core.lockout import NEVER, Lockout, LockoutSettings, Turn

BEGAN = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def clock():
    with time_machine.travel(BEGAN, tick=False) as traveller:
        yield traveller


@pytest.fixture
def lockout(site_on_each):
    with site_on_each.app.app_context():
        yield site_on_each.services.lockout


def fail(lockout, key="a key"):
    assert lockout.reserve(key) is Turn.RESERVED
    locked = lockout.fail(key)
    return locked and locked.until


def seconds_locked(until):
    return 0 if until is None else until - int(datetime.now(UTC).timestamp())


def test_five_failures_lock_for_thirty_seconds_and_each_further_one_doubles_it(lockout, clock):
    """S-019: the lock lasts 30 s, 60 s, … and never more than 900 s."""
    locked = []
    for _ in range(12):
        until = fail(lockout)
        locked.append(seconds_locked(until))
        clock.shift(locked[-1])
    assert locked == [0, 0, 0, 0, 30, 60, 120, 240, 480, 900, 900, 900]


def test_while_locked_nothing_is_evaluated_and_the_last_second_still_counts(lockout, clock):
    for _ in range(5):
        fail(lockout)
    assert lockout.locked("a key")
    assert lockout.reserve("a key") is Turn.LOCKED
    clock.shift(29)
    assert lockout.locked("a key")
    assert lockout.reserve("a key") is Turn.LOCKED
    clock.shift(1)
    assert not lockout.locked("a key")
    assert lockout.reserve("a key") is Turn.RESERVED


def test_an_unlocked_key_is_not_locked(lockout):
    """A-066: the question is not answered the wrong way round."""
    assert not lockout.locked("a key")
    fail(lockout)
    assert not lockout.locked("a key")


def test_after_a_hundred_failures_only_an_administrator_unlocks(lockout, clock):
    """S-020: no more than 100 are evaluated, however long one waits."""
    until = None
    for _ in range(100):
        until = fail(lockout)
        if until not in (None, NEVER):
            clock.shift(seconds_locked(until))
    assert until == NEVER
    clock.shift(10 * 365 * 86400)
    assert lockout.reserve("a key") is Turn.LOCKED
    lockout.unlock("a key")
    assert not lockout.locked("a key")
    assert lockout.reserve("a key") is Turn.RESERVED


def test_a_success_ends_the_failures_in_a_row(lockout, clock):
    for _ in range(4):
        fail(lockout)
    assert lockout.reserve("a key") is Turn.RESERVED
    lockout.succeed("a key")
    assert [seconds_locked(fail(lockout)) for _ in range(5)] == [0, 0, 0, 0, 30]


def test_keys_do_not_touch_each_other(lockout, clock):
    """A-059: one account's success or failure says nothing about another."""
    for _ in range(5):
        fail(lockout, "one")
    fail(lockout, "two")
    assert lockout.locked("one")
    assert not lockout.locked("two")
    assert lockout.reserve("two") is Turn.RESERVED
    lockout.succeed("two")
    assert lockout.locked("one")


def test_no_more_are_under_way_than_may_still_fail(lockout, clock):
    """A-056: reservations count before a password is evaluated, so parallel guesses do not overshoot."""
    for _ in range(2):
        fail(lockout)
    turns = [lockout.reserve("a key") for _ in range(5)]
    assert turns == [Turn.RESERVED] * 3 + [Turn.WAIT] * 2


def test_a_released_reservation_can_be_had_again(lockout, clock):
    turns = [lockout.reserve("a key") for _ in range(6)]
    assert turns[-1] is Turn.WAIT
    lockout.release("a key")
    assert lockout.reserve("a key") is Turn.RESERVED


def test_reservations_of_a_process_that_died_run_out(lockout, clock):
    assert [lockout.reserve("a key") for _ in range(6)][-1] is Turn.WAIT
    clock.shift(30)
    assert lockout.reserve("a key") is Turn.RESERVED


def test_one_attempt_at_a_time_once_the_limit_was_reached(lockout, clock):
    """A-056: after the lock ran out, ten parallel guesses are one guess."""
    for _ in range(5):
        fail(lockout)
    clock.shift(30)
    assert [lockout.reserve("a key") for _ in range(3)] == [Turn.RESERVED, Turn.WAIT, Turn.WAIT]


@pytest.mark.parametrize("value", [0])
def test_a_limit_of_zero_never_locks(site, value):
    with site.app.app_context():
        lockout = Lockout(site.services.store, LockoutSettings(max_failures=value))
        for _ in range(200):
            assert lockout.reserve("a key") is Turn.RESERVED
            assert lockout.fail("a key") is None
        assert not lockout.locked("a key")
        assert site.rows("identity_throttle") == []


def test_a_first_lock_longer_than_the_longest_is_kept(site):
    with site.app.app_context(), time_machine.travel(BEGAN, tick=False):
        lockout = Lockout(site.services.store, LockoutSettings(max_failures=1, seconds=3600))
        assert seconds_locked(fail(lockout)) == 3600


def test_the_key_of_a_name_cannot_be_mistaken_for_that_of_an_account():
    """A-055: account 7 and a name "account:7" have nothing to do with each other, and neither can be read back."""
    keys = {Lockout.key(7, ""), Lockout.key(None, "7"), Lockout.key(None, "account:7"), Lockout.key("7", "x")}
    assert len(keys) == 3
    assert not any("account" in key or "7:" in key for key in keys)
