"""The application all processes of a race run, on either ORM, each on connections of its own to one database."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from pony.orm import db_session
from sqlalchemy import Column, Engine, Integer, MetaData, String, Table, create_engine, insert
from sqlalchemy.orm import scoped_session, sessionmaker

from flask_identity import (
    Identity,
    PonyStore,
    SQLAlchemyStore,
    auth_required,
    roles_required,
    sign_in_failed,
    signed_in,
    status_changed,
)
from tests.pony.build import bound, entities
from tests.support.apps import FAST, full_models

APP = "races"
PASSWORD = "correct horse battery staple"
WRONG = "wrong horse battery staple"
CONFIG = {
    "SECRET_KEY": "a key for tests only, 32 bytes or more",
    "TESTING": True,  # for the cookie on plain HTTP
    "PROPAGATE_EXCEPTIONS": False,  # a defect is to be seen as what it answers
    **FAST,
    "IDENTITY_REGISTERABLE": True,
    "IDENTITY_TRACKABLE": True,
    "IDENTITY_PROFILE": True,
    "IDENTITY_PEOPLE": True,
}
SQLALCHEMY, PONY = "sqlalchemy", "pony"
PATIENCE = 30
"""On SQLite, the seconds to wait for other writers."""

Model, User, Role = full_models()
SQLAlchemyStore(lambda: None, User, Role)  # which makes the library's own tables

ATTEMPT = Table("attempt", MetaData(), Column("id", Integer, primary_key=True), Column("outcome", String(8)))
"""What became of an evaluated sign-in, or whose status changed, written inside the unit: the ids are the order in
which they took effect, since each unit has locked the user's row, or the administrators, before it gets here."""


@dataclass
class Site:
    """One process's application."""

    app: Flask
    identity: Identity
    session: Any
    """The registry of sessions, or Pony's Database."""
    engine: Engine
    """On Pony one beside it, for looking and for what goes past the library."""
    store: Any
    note: Callable[[str], object]
    edit: Callable[[str, Mapping[str, Any]], None]
    """Change columns of the user of an address as an application may, without the library."""

    def client(self, address: str = "127.0.0.1", cookie: str | None = None) -> FlaskClient:
        """A program at a network address, with the cookie of a session."""
        client = self.app.test_client()
        client.environ_base["REMOTE_ADDR"] = address
        if cookie is not None:
            client.set_cookie("identity", cookie)
        return client

    def person(self, email: str, **given: Any) -> Any:
        """Create an account and return its id."""
        with self.app.app_context():
            return self.identity.datastore.create_user(email, PASSWORD, **given).id

    def sign_in(self, email: str) -> str:
        """Sign in and return the value of the cookie."""
        client = self.client()
        answer = client.post("/identity/login", json={"identity": email, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        cookie = client.get_cookie("identity")
        assert cookie is not None
        return cookie.value

    def verb(self, name: str, email: str, *arguments: Any) -> Any:
        """What a verb of the datastore returns for the user of an address."""
        with self.app.app_context():
            store = self.identity.datastore
            return getattr(store, name)(store.find_user(email=email), *arguments)


def engine_for(url: str) -> Engine:
    """An engine made as an application would; all processes together stay below what a server lets in."""
    options: dict[str, Any] = {"pool_size": 6, "max_overflow": 0}
    if url.startswith("sqlite"):
        options["connect_args"] = {"timeout": PATIENCE}
    return create_engine(url, **options)


@contextmanager
def open_site(url: str, orm: str = SQLALCHEMY, **config: Any) -> Iterator[Site]:
    """An application on a database whose tables are there; see `create_tables`."""
    app = Flask(APP)
    app.config.update(CONFIG, **config)
    with ExitStack() as stack:
        engine = engine_for(url)
        stack.callback(engine.dispose)
        site = (_on_pony if orm == PONY else _on_sqlalchemy)(app, url, engine, stack)
        _add_routes(app)
        _listen(site, stack)
        yield site


def create_tables(url: str) -> None:
    """Make the tables; an SQLite file writes ahead, as one shared by processes should."""
    engine = engine_for(url)
    if url.startswith("sqlite"):
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA journal_mode=WAL")
    Model.metadata.create_all(engine)
    ATTEMPT.metadata.create_all(engine)
    engine.dispose()


def _on_sqlalchemy(app: Flask, url: str, engine: Engine, stack: ExitStack) -> Site:
    session = scoped_session(sessionmaker(engine))
    stack.callback(session.remove)
    store = SQLAlchemyStore(session, User, Role)
    identity = Identity(app, store)
    app.teardown_appcontext(lambda _: session.remove())

    def edit(email: str, values: Mapping[str, Any]) -> None:
        with app.app_context():
            user = identity.datastore.find_user(email=email)
            for name, value in values.items():
                setattr(user, name, value)
            session.commit()

    def note(outcome: str) -> None:
        session.execute(insert(ATTEMPT).values(outcome=outcome))

    return Site(app, identity, session, engine, store, note, edit)


def _on_pony(app: Flask, url: str, engine: Engine, stack: ExitStack) -> Site:
    db = bound(url, **({"timeout": PATIENCE} if url.startswith("sqlite") else {}))
    made = entities(db)
    store = PonyStore(db, made.User, made.Role)
    db.generate_mapping(create_tables=False, check_tables=False)
    stack.callback(db.disconnect)
    stack.callback(store.close)
    identity = Identity(app, store)

    @db_session
    def edit(email: str, values: Mapping[str, Any]) -> None:
        made.User.get_for_update(email=email).set(**values)

    def note(outcome: str) -> None:
        db.execute("INSERT INTO attempt (outcome) VALUES ($outcome)", {}, {"outcome": outcome})

    return Site(app, identity, db, engine, store, note, edit)


def _add_routes(app: Flask) -> None:
    @app.get("/me")
    @auth_required
    def me() -> str:
        return "me"

    @app.get("/edit")
    @roles_required("editor")
    def edit() -> str:
        return "edited"


def _listen(site: Site, stack: ExitStack) -> None:
    receivers: tuple[tuple[Any, Callable[..., object]], ...] = (
        (sign_in_failed, lambda _, **__: site.note("failed")),
        (signed_in, lambda _, **__: site.note("right")),
        (status_changed, lambda _, *, user, **__: site.note(str(user.id))),
    )
    for signal, receiver in receivers:
        stack.enter_context(signal.connected_to(receiver, sender=site.app))
