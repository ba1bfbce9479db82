"""A race test runs alone, and is not kept waiting by tests that come later."""

from __future__ import annotations

import fcntl
import threading
import time

import pytest

from tests.turns import Turns


@pytest.fixture
def turns(tmp_path):
    return Turns(tmp_path)


def is_held(path):
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False


def wait_until(condition):
    give_up = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < give_up
        time.sleep(0.005)


def test_ordinary_tests_run_side_by_side(turns):
    with turns.together(), turns.together():
        pass


def test_a_race_waits_for_those_who_run_and_goes_before_those_who_come_later(turns):
    order = []

    def enter(turn, name):
        with turn:
            order.append(name)

    race = threading.Thread(target=enter, args=(turns.alone(), "race"))
    late = threading.Thread(target=enter, args=(turns.together(), "late"))
    with turns.together():
        race.start()
        wait_until(lambda: is_held(turns.folder / "waiting"))
        late.start()
        assert order == []
    race.join(20)
    late.join(20)

    assert order == ["race", "late"]
