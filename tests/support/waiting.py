"""Waiting for what a database server notices a little later."""

from __future__ import annotations

import time
from collections.abc import Callable

# Seconds; MariaDB says the same for ever to who asks for its transactions more than ten times a second.
PAUSE = 0.15


def comes_true(condition: Callable[[], object], within: float) -> bool:
    """Say whether a condition holds, now or within so many seconds."""
    give_up = time.monotonic() + within
    while not condition():
        if time.monotonic() > give_up:
            return False
        time.sleep(PAUSE)
    return True
