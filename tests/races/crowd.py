"""Many callers at once: one function in many threads of several processes, all let go at the same moment.

The processes are started once and wait for races. Each has an application of its own over the same database, shared by
the threads of the process, as under a server. It is made once for all races that need the same.
"""

from __future__ import annotations

import gc
import logging
import multiprocessing
import os
import sys
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Any

from flask_identity.base.errors import Unavailable
from tests.races.site import APP, SQLALCHEMY, Site, Sites

PROCESSES = 4
RELEASE = os.environ.get("RACES") == "release"
THREADS = 16 if RELEASE else 4
CONTENDERS = PROCESSES * THREADS
PATIENCE = 120  # seconds until a race that hangs is a failure


@dataclass
class Seat:
    """Where a call runs: the process's application, and what it shares with the callers in other processes."""

    site: Site
    warm: Any
    """A semaphore between processes: released by those under way, acquired by who waits for them."""


@dataclass(frozen=True)
class Outcome:
    """What one call came to. Times are those of the machine's monotonic clock, which all processes share."""

    given: Any
    status: int
    code: str = ""
    note: Any = None
    began: float = 0.0
    ended: float = 0.0


@dataclass
class Race:
    """What all calls of a race came to."""

    outcomes: list[Outcome] = field(default_factory=list)
    evaluated: int = 0
    """How many passwords argon2 compared."""
    faults: list[str] = field(default_factory=list)
    """What was logged as an error."""
    outages: list[str] = field(default_factory=list)
    """Why the database counted as away, each time; most were mended by trying again."""
    seconds: float = 0.0

    def count(self, status: int) -> int:
        """How many calls came to a status."""
        return sum(outcome.status == status for outcome in self.outcomes)

    def tally(self) -> dict[str, int]:
        """How many calls came to each status and code."""
        return dict(Counter(f"{outcome.status} {outcome.code}".strip() for outcome in self.outcomes))

    def assert_sound(self) -> None:
        """No call failed on the server's side."""
        failed = sum(outcome.status >= 500 for outcome in self.outcomes) + len(self.faults)
        assert not failed, "\n".join([str(self.tally()), *self.faults[:2], *self.outages[-3:]])


@dataclass(frozen=True)
class _Job:
    url: str
    orm: str
    config: dict[str, Any]
    call: Callable[[Seat, Any], Outcome]
    given: Sequence[Any]

    @property
    def site(self) -> tuple[str, str, dict[str, Any]]:
        """What the application has to be."""
        return self.url, self.orm, self.config


class Crowd:
    """The processes. `close` ends them."""

    def __init__(self) -> None:
        # All begin as copies of one that has imported what they need.
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["tests.races.calls"])
        # Kept for as long as the processes: a semaphore nobody holds is gone before they have started.
        self._barrier = barrier = context.Barrier(CONTENDERS)
        self._warm = warm = context.Semaphore(0)
        self._pipes: list[Connection] = []
        self._processes = []
        for _ in range(PROCESSES):
            ours, theirs = context.Pipe()
            process = context.Process(target=_wait_for_races, args=(theirs, barrier, warm), daemon=True)
            process.start()
            theirs.close()
            self._pipes.append(ours)
            self._processes.append(process)

    def race(
        self,
        url: str,
        call: Callable[[Seat, Any], Outcome],
        given: Sequence[Any],
        orms: Sequence[str] = (SQLALCHEMY,),
        **config: Any,
    ) -> Race:
        """Call once with each of `given`, spread over all threads, and return what came of it.

        Args:
            url: The database; its tables are there.
            call: A function of a module that other processes can import.
            given: What each call is given.
            orms: What the processes' applications are on, in turn.
            **config: Settings of the applications.
        """
        while self._warm.acquire(block=False):
            pass  # left over from a race that failed
        self._barrier.reset()
        for number, pipe in enumerate(self._pipes):
            pipe.send(_Job(url, orms[number % len(orms)], config, call, given[number::PROCESSES]))
        race = Race()
        for pipe in self._pipes:
            assert pipe.poll(PATIENCE + len(given) / 4), "a race did not come to its end"
            part: Race = pipe.recv()
            race.outcomes += part.outcomes
            race.evaluated += part.evaluated
            race.faults += part.faults
            race.outages += part.outages
            race.seconds = max(race.seconds, part.seconds)
        assert len(race.outcomes) == len(given)
        return race

    def leave(self) -> None:
        """End the threads that have raced, and close all connections."""
        for pipe in self._pipes:
            pipe.send(())
        for pipe in self._pipes:
            assert pipe.poll(PATIENCE), "a process did not leave"
            pipe.recv()

    def close(self) -> None:
        """End the processes."""
        for pipe in self._pipes:
            pipe.send(None)
            pipe.close()
        for process in self._processes:
            process.join(10)
            if process.is_alive():
                process.kill()
                process.join()
            process.close()


class _Evaluations:
    """Counts every comparison argon2 makes in this process."""

    def __init__(self) -> None:
        from argon2 import PasswordHasher

        self._lock = threading.Lock()
        self._count = 0
        genuine = PasswordHasher.verify

        def verify(hasher: Any, record: Any, password: Any) -> Any:
            with self._lock:
                self._count += 1
            return genuine(hasher, record, password)

        PasswordHasher.verify = verify  # type: ignore[assignment, method-assign]

    def taken(self) -> int:
        """The count since this was last asked."""
        with self._lock:
            count, self._count = self._count, 0
        return count


class _Outages:
    """Notes what the driver said whenever the store says that the database is away."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        genuine = Unavailable.__init__

        def made(refusal: Unavailable, *args: Any, **options: Any) -> None:
            self.texts.append(str(sys.exc_info()[1])[:600])
            genuine(refusal, *args, **options)

        Unavailable.__init__ = made  # type: ignore[assignment, method-assign]


class _Faults(logging.Handler):
    """Keeps what is logged as an error, with its traceback."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.texts: list[str] = []
        self.setFormatter(logging.Formatter("%(name)s: %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(self.format(record))


class _Room:
    """The applications of a process, and the threads that call one for as long as races need the same."""

    def __init__(self) -> None:
        self._sites = Sites()
        self._of: Any = None
        self.site: Any = None
        self.threads: Any = None

    def open(self, job: _Job) -> None:
        """Make both, unless they are there."""
        if self._of == job.site:
            return
        self.rest()
        url, orm, config = self._of = job.site
        self.site = self._sites.open(url, orm, **config)
        # Pony keeps a connection for each thread.
        self.threads = ThreadPoolExecutor(THREADS)

    def rest(self) -> None:
        """End the threads and close all connections."""
        if self._of is not None:
            self.threads.shutdown()
            self.threads = None
            self.site.let_go()
            gc.collect()  # what a thread that has ended had of Pony's
            self._of = None

    def close(self) -> None:
        """End the threads, then the applications."""
        self.rest()
        self._sites.close()


def _wait_for_races(pipe: Connection, barrier: Any, warm: Any) -> None:
    evaluations = _Evaluations()
    outages = _Outages()
    faults = _Faults()
    room = _Room()
    for name in ("flask_identity", APP):
        logging.getLogger(name).addHandler(faults)
        logging.getLogger(name).propagate = False
    while (job := pipe.recv()) is not None:
        race = Race()
        try:
            if job:
                room.open(job)
                evaluations.taken()
                _run(job, room, Seat(room.site, warm), barrier, race)
            else:
                room.rest()
        except Exception:
            race.faults.append(traceback.format_exc())
            barrier.abort()
        race.evaluated = evaluations.taken()
        race.faults += faults.texts
        race.outages += outages.texts
        faults.texts, outages.texts = [], []
        pipe.send(race)
    room.close()


def _run(job: _Job, room: _Room, seat: Seat, barrier: Any, race: Race) -> None:
    def take_part(given: Sequence[Any]) -> tuple[list[Outcome], float]:
        barrier.wait(PATIENCE)  # which is why each thread of the pool takes one part
        started = time.monotonic()
        return [_outcome(job, seat, each) for each in given], time.monotonic() - started

    parts = [room.threads.submit(take_part, job.given[number::THREADS]) for number in range(THREADS)]
    for part in parts:
        try:
            outcomes, seconds = part.result()
        except Exception:
            race.faults.append(traceback.format_exc())
        else:
            race.outcomes += outcomes
            race.seconds = max(race.seconds, seconds)


def _outcome(job: _Job, seat: Seat, given: Any) -> Outcome:
    began = time.monotonic()
    try:
        found = job.call(seat, given)
    except Exception:
        found = Outcome(given, 599, "raised", traceback.format_exc())
        logging.getLogger("flask_identity").exception("a call raised")
    times = {"began": found.began or began, "ended": found.ended or time.monotonic()}
    return Outcome(found.given, found.status, found.code, found.note, **times)
