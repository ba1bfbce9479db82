"""Delivers what is in the outbox, beside the requests and never in one.

Each process has one thread for it, from its first request on. It looks when a letter was written and every half a
minute, since letters may be left by a process that was killed, or by a command. A process that ends takes none along:
what it had in hand is due again after the lease.
"""

from __future__ import annotations

import logging
import os
import threading
import weakref
from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext

from flask import current_app, has_app_context

from ..base.errors import Unavailable
from ..base.letters import MailAway, Mailer, MailRefused
from ..base.ports import Row
from ..core.services import Services
from .feature import LetterKind
from .letters import NOTICES, Desk

LOOK_EVERY = 30
"""Seconds between looks at an outbox in which nothing is due."""
_log = logging.getLogger("flask_identity")


class Postman:
    """Delivers the letters of one application.

    Args:
        services: Its services.
        desk: Writes letters.
        mailer: Carries them.
        kinds: The letters of its features.
    """

    def __init__(self, services: Services, desk: Desk, mailer: Mailer, kinds: Iterable[LetterKind]) -> None:
        self._services = services
        self._desk = desk
        self._mailer = mailer
        self._kinds = {kind.name: kind for kind in (*NOTICES, *kinds)}
        self.begin_anew()
        _all.add(self)

    def begin_anew(self) -> None:
        """Forget the thread, which is another process's after a fork."""
        self._lock = threading.Lock()
        self._letter = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to deliver in this process; called with every request."""
        if self._thread is not None or self._mailer.at_once:
            return
        with self._lock:
            if self._thread is None:
                given = weakref.ref(self), self._letter
                self._thread = threading.Thread(target=_run, args=given, name="flask-identity-mail", daemon=True)
                self._thread.start()

    def wake(self) -> None:
        """Say that a letter was written."""
        if self._mailer.at_once:
            self.deliver()
        else:
            self._letter.set()

    def check(self) -> None:
        """See whether letters could be sent now; sends none.

        Raises:
            MailAway: where they could not, with what is in the way.
        """
        self._mailer.check()

    def deliver(self) -> tuple[int, int]:
        """Deliver what is due; return how many letters went out, and how many did not.

        Raises:
            Unavailable: where the database is away.
        """
        sent = failed = 0
        with self._context():
            for row in self._services.outbox.claimed():
                went = self._deliver(row)
                sent, failed = sent + went, failed + (not went)
        return sent, failed

    def _context(self) -> AbstractContextManager[object]:
        # Inside a request that of the application is there; another would close its session.
        app = self._desk.app
        inside = has_app_context() and current_app._get_current_object() is app  # type: ignore[attr-defined]
        return nullcontext() if inside else app.app_context()

    def _deliver(self, row: Row) -> bool:
        outbox = self._services.outbox
        try:
            kind = self._kinds[row.kind]  # KeyError: of a feature that was switched off since
            draft = kind.draft(self._services, row)
            if draft is not None:
                self._mailer.send(self._desk.write(kind, row, draft), row.id)
            outbox.done(row)
        except MailAway as away:
            _log.warning("Letter %s (%s) is kept and tried again: %s.", row.id, row.kind, away)
            outbox.failed(row, str(away))
        except MailRefused as refused:
            _log.error("Letter %s (%s) cannot be sent: %s.", row.id, row.kind, refused)
            outbox.failed(row, str(refused), for_good=True)
        except Unavailable:
            raise
        except Exception as error:
            # Without the trace: what failed may hold the letter, and the letter a secret.
            _log.error("Letter %s (%s) could not be written: %s.", row.id, row.kind, type(error).__name__)
            outbox.failed(row, type(error).__name__)
        else:
            return True
        return False

    def look(self) -> int:
        """Deliver what is due; return in how many seconds to look again."""
        try:
            self.deliver()
            with self._context():
                return self._services.outbox.seconds_to_wait(LOOK_EVERY)
        except Exception as error:  # the database is away, or what it says is; the letters wait for it
            _log.warning("Letters wait: %s.", type(error).__name__)
            return LOOK_EVERY


def _run(of: weakref.ref[Postman], letter: threading.Event) -> None:
    """Look again and again, until the application is no more: a thread that held it would keep it for ever."""
    wait = LOOK_EVERY  # what others left can wait so long, and a first request asks the database for nothing
    while True:
        letter.wait(max(wait, 1))
        letter.clear()
        postman = of()
        if postman is None:
            return
        wait = postman.look()
        del postman


_all: weakref.WeakSet[Postman] = weakref.WeakSet()


def _forked() -> None:
    for postman in list(_all):
        postman.begin_anew()  # the parent's lock may be held for ever


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forked)
