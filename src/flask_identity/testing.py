"""For the tests of applications: a client signed in, a store and letters in memory, and hashing that costs nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from .base.letters import Letter
from .core.passwords import Passwords
from .core.sessions import COOKIE, Client
from .core.sign_in import Ticket
from .mail.memory import LETTERS
from .stores.memory import MemoryProfile, MemoryRole, MemoryStore, MemoryUser
from .web import cookies
from .web.current import services

__all__ = ["MemoryProfile", "MemoryRole", "MemoryUser", "client", "fast_hashing", "memory_store", "outbox"]

outbox: list[Letter] = LETTERS
"""The letters that applications with `IDENTITY_MAIL_URL = "memory:"` have sent in this process, the newest last.

Each has `to`, `subject`, `text`, `html`, `link` (None where it leads nowhere) and `language`. A letter is here as soon
as the request that wrote it is answered; call `outbox.clear()` before each test.
"""


def client(app: Flask, user: Any = None) -> FlaskClient:
    """Return a test client, signed in as a user by a real session. It says of itself that it comes from the site.

    Args:
        app: The application; `TESTING` or `DEBUG` should be on, since the client speaks plain HTTP.
        user: A row of its user class; None for nobody.

    Raises:
        InvalidCredentials: where the account is not active.
    """
    made = app.test_client()
    made.environ_base["HTTP_SEC_FETCH_SITE"] = "same-origin"
    if user is not None:
        with app.test_request_context():
            started = services.sign_in.start(user, Client("127.0.0.1", "test client"), Ticket(COOKIE)).session
            made.set_cookie(cookies.name(), started.secret.value)
    return made


def memory_store(user: Any = MemoryUser, role: Any = MemoryRole, profile: Any = MemoryProfile) -> MemoryStore:
    """Return a store that keeps everything in memory and ends with the process.

    Args:
        user: The user class: `MemoryUser`, or a dataclass that extends it.
        role: The role class, likewise.
        profile: The profile class, likewise.
    """
    return MemoryStore(user, role, profile)


@contextmanager
def fast_hashing() -> Iterator[None]:
    """Hash passwords at next to no cost inside the block, in every application of the process.

    Records made so are as weak as they were cheap: never use this where real passwords are kept.
    """
    before = Passwords.costs_in_tests
    Passwords.costs_in_tests = (8, 1, 1)
    try:
        yield
    finally:
        Passwords.costs_in_tests = before
