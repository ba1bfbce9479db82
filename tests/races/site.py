"""The application all processes of a race run, each on connections of its own to one database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, String, create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, scoped_session, sessionmaker

from flask_identity import (
    Identity,
    SQLAlchemyStore,
    auth_required,
    roles_required,
    sign_in_failed,
    signed_in,
    status_changed,
)
from flask_identity.models.sqlalchemy import RoleMixin, UserMixin

APP = "races"
PASSWORD = "correct horse battery staple"
WRONG = "wrong horse battery staple"
CONFIG = {
    "SECRET_KEY": "a key for tests only, 32 bytes or more",
    "TESTING": True,  # for the cookie on plain HTTP
    "PROPAGATE_EXCEPTIONS": False,  # a defect is to be seen as what it answers
    "IDENTITY_ARGON2_MEMORY": 8,
    "IDENTITY_ARGON2_TIME": 1,
    "IDENTITY_REGISTERABLE": True,
    "IDENTITY_TRACKABLE": True,
    "IDENTITY_PROFILE": True,
    "IDENTITY_PEOPLE": True,
}


class Model(DeclarativeBase): ...


class Role(RoleMixin, Model): ...


class User(UserMixin, Model): ...


class Attempt(Model):
    """What became of an evaluated sign-in, or whose status changed, written inside the unit: the ids are the order in
    which they took effect, since each unit has locked the user's row, or the administrators, before it gets here."""

    __tablename__ = "attempt"
    id: Mapped[int] = mapped_column(primary_key=True)
    outcome: Mapped[str] = mapped_column(String(8))


@dataclass
class Site:
    """One process's application."""

    app: Flask
    identity: Identity
    session: Any
    engine: Engine

    def client(self, address: str = "127.0.0.1", cookie: str | None = None) -> FlaskClient:
        """A program at a network address, with the cookie of a session."""
        client = self.app.test_client()
        client.environ_base["REMOTE_ADDR"] = address
        if cookie is not None:
            client.set_cookie("identity", cookie)
        return client

    def sign_in(self, email: str) -> str:
        """Sign in and return the value of the cookie."""
        client = self.client()
        answer = client.post("/identity/login", json={"identity": email, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        cookie = client.get_cookie("identity")
        assert cookie is not None
        return cookie.value


def engine_for(url: str) -> Engine:
    """An engine made as an application would; all processes together stay below what a server lets in."""
    options: dict[str, Any] = {"pool_size": 6, "max_overflow": 0}
    if url.startswith("sqlite"):
        options["connect_args"] = {"timeout": 30}
    return create_engine(url, **options)


@contextmanager
def open_site(url: str, **config: Any) -> Iterator[Site]:
    """An application on a database whose tables are there; see `create_tables`."""
    engine = engine_for(url)
    session = scoped_session(sessionmaker(engine))
    app = Flask(APP)
    app.config.update(CONFIG, **config)
    identity = Identity(app, SQLAlchemyStore(session, User, Role))
    app.teardown_appcontext(lambda _: session.remove())

    @app.get("/me")
    @auth_required
    def me() -> str:
        return "me"

    @app.get("/edit")
    @roles_required("editor")
    def edit() -> str:
        return "edited"

    def note(outcome: str) -> Any:
        return lambda _, **__: session.add(Attempt(outcome=outcome))

    def note_whom(_: Any, *, user: Any, **__: Any) -> None:
        session.add(Attempt(outcome=str(user.id)))

    with ExitStack() as stack:
        stack.callback(engine.dispose)
        stack.callback(session.remove)
        for signal, receiver in (
            (sign_in_failed, note("failed")),
            (signed_in, note("right")),
            (status_changed, note_whom),
        ):
            stack.enter_context(signal.connected_to(receiver, sender=app))
        yield Site(app, identity, session, engine)


def create_tables(url: str) -> None:
    """Make the tables; an SQLite file writes ahead, as one shared by processes should."""
    engine = engine_for(url)
    if url.startswith("sqlite"):
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA journal_mode=WAL")
    SQLAlchemyStore(lambda: None, User, Role)
    Model.metadata.create_all(engine)
    engine.dispose()
