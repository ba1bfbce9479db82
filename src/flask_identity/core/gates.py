"""Gates that let a few through at a time, first come first served.

Python's own semaphores let newcomers overtake; under a crowd somebody would then wait for ever.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from ..base.errors import Busy

TURN_SECONDS = 20.0
"""How long an attempt waits while others on the same account are under way."""

_GATES = 256
_ABREAST = 4


class Gate:
    """A fair semaphore.

    Args:
        abreast: How many may be inside at once.
    """

    def __init__(self, abreast: int) -> None:
        self._free = abreast
        self._lock = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()

    def enter(self, timeout: float) -> bool:
        """Go in, waiting up to `timeout` seconds; False where that was not enough."""
        with self._lock:
            if self._free and not self._waiting:
                self._free -= 1
                return True
            turn = threading.Lock()
            turn.acquire()
            self._waiting.append(turn)
        if turn.acquire(timeout=timeout):
            return True
        with self._lock:
            if turn in self._waiting:
                self._waiting.remove(turn)
                return False
        return True  # called in at the very last moment

    def leave(self) -> None:
        """Come out and call in whoever has waited longest."""
        with self._lock:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._free += 1


class Gates:
    """A few hundred gates: attempts on one account queue here before they ask the database for a turn.

    Only the database decides; this spares it the crowd. A key always meets the same gate, strangers may share it.
    """

    def __init__(self) -> None:
        self._gates = tuple(Gate(_ABREAST) for _ in range(_GATES))

    @contextmanager
    def pass_through(self, key: str) -> Iterator[None]:
        """Let at most four attempts on a key be under way in this process.

        Raises:
            Busy: where no turn came within 20 s.
        """
        gate = self._gates[hash(key) % _GATES]
        if not gate.enter(TURN_SECONDS):
            raise Busy(retry_after=1)
        try:
            yield
        finally:
            gate.leave()
