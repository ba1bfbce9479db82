"""People of a running dashboard, for the browser tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any, TypeVar

from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import text

from flask_identity import testing
from identity_dashboard import create_app, schema
from identity_dashboard.app import identity
from identity_dashboard.models import db
from tests.dashboard.processes import GOOD

T = TypeVar("T")
_numbers = count(1)


@dataclass(frozen=True)
class Person:
    """Somebody with an account."""

    id: int
    email: str
    password: str


class Site:
    """The dashboard under test: its URL, and people put into its database past its pages, which is much quicker.

    People are new ones each time and stay until the module ends, so a test must not count on being alone.
    """

    def __init__(self, url: str, app: Application) -> None:
        self.url = url
        self._app = app

    def person(self, *, roles: tuple[str, ...] = (), password: str = GOOD, **fields: Any) -> Person:
        """Make an account.

        Args:
            roles: Names of roles.
            password: In clear.
            **fields: `email`, `username`, `active` and so on, as `identity.datastore.create_user` takes them.
        """
        email = fields.pop("email", f"person{next(_numbers)}@example.com")

        def make(_: Flask) -> Person:
            made = identity.datastore.create_user(email, password, roles=roles, **fields)
            return Person(made.id, made.email, password)

        return self._app.do(make)

    def admin(self, **fields: Any) -> Person:
        """Make an administrator's account; see `person`."""
        return self.person(roles=("admin",), **fields)

    def sign_in(self, page: Page, who: Person | None = None) -> Person:
        """Sign somebody in, a new person if nobody is given, by a real session and without the sign-in page."""
        who = who or self.person()
        caller = self._app.do(lambda app: testing.client(app, identity.datastore.find_user(id=who.id)))
        cookie = caller.get_cookie("identity")
        assert cookie is not None
        page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": self.url}])
        return who

    def do(self, act: Callable[[Flask], T]) -> T:
        """Call with an application on the dashboard's database, inside its context, and return the result."""
        return self._app.do(act)

    def tire(self, who: Person) -> None:
        """Let it be a day ago that somebody entered their password, in every session of theirs."""
        sql = text("UPDATE identity_session SET proved_at = proved_at - 86400 WHERE user_id = :who")

        def act(_: Flask) -> None:
            with db.engine.begin() as connection:
                assert connection.execute(sql, {"who": who.id}).rowcount

        self._app.do(act)


class Application:
    """The dashboard in this process, on the database of a server. It lives in a thread: this one has an event loop."""

    def __init__(self, app: Flask, thread: ThreadPoolExecutor) -> None:
        self._app = app
        self._thread = thread

    def do(self, act: Callable[[Flask], T]) -> T:
        """Call with the application, inside its context, and return the result."""
        return self._thread.submit(self._inside, act).result()

    def _inside(self, act: Callable[[Flask], T]) -> T:
        with self._app.app_context():
            return act(self._app)


@contextmanager
def application(env: Mapping[str, str]) -> Iterator[Application]:
    """The dashboard's application in this process, its tables made, to share the database of a server started later."""
    with ThreadPoolExecutor(1) as thread:
        app = Application(thread.submit(create_app, env).result(), thread)
        app.do(lambda _: schema.migrate(db.engine))
        yield app
        app.do(lambda _: db.engine.dispose())
