"""The application all processes of a race run, on either ORM, each on connections of its own to one database."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from pony.orm import db_session
from sqlalchemy import Column, Engine, Integer, MetaData, String, Table, create_engine, insert, select
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
    user_deleted,
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
"""The seconds to wait for other writers on SQLite, and for a connection elsewhere: it is crowded on purpose."""

Model, User, Role = full_models()
SQLAlchemyStore(lambda: None, User, Role)  # which makes the library's own tables

ATTEMPT = Table(
    "attempt",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("outcome", String(8)),
    Column("user_id", Integer),
)
"""What became of an evaluated sign-in, whose status changed or who was deleted, written inside the unit: the ids are
the order in which they took effect, since each unit has locked the user's row, or the administrators, by then."""


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
    note: Callable[[str, Any], object]
    """Add a row to `ATTEMPT` for a user, who may be None, in the unit under way."""
    edit: Callable[[str, Mapping[str, Any]], None]
    """Change columns of the user of an address as an application may, without the library."""
    let_go: Callable[[], None]
    """Close the connections of this thread and those that all share; they are made anew when they are needed."""

    @property
    def url(self) -> str:
        """The database."""
        return self.engine.url.render_as_string(hide_password=False)

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

    def attempts(self, after: int = 0) -> Sequence[Any]:
        """The rows of `ATTEMPT` in their order, after one with this id."""
        with self.engine.connect() as connection:
            return connection.execute(select(ATTEMPT).where(ATTEMPT.c.id > after).order_by(ATTEMPT.c.id)).all()

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
        site = (_on_pony if orm == PONY else _on_sqlalchemy)(app, url, engine_for(url))
        stack.callback(site.let_go)
        _add_routes(app)
        _listen(site, stack)
        yield site


class Sites:
    """The applications of a process, each made once."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._made: dict[str, Site] = {}

    def open(self, url: str, orm: str = SQLALCHEMY, **config: Any) -> Site:
        """The application that `open_site` makes, or has made."""
        of = repr((url, orm, sorted(config.items())))
        if of not in self._made:
            self._made[of] = self._stack.enter_context(open_site(url, orm, **config))
        return self._made[of]

    def rest(self) -> None:
        """Close their connections."""
        for site in self._made.values():
            site.let_go()

    def close(self) -> None:
        """End them all."""
        self._stack.close()


def create_tables(url: str) -> None:
    """Make the tables; an SQLite file writes ahead, as one shared by processes should."""
    engine = engine_for(url)
    if url.startswith("sqlite"):
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA journal_mode=WAL")
    Model.metadata.create_all(engine)
    ATTEMPT.metadata.create_all(engine)
    engine.dispose()


def _on_sqlalchemy(app: Flask, url: str, engine: Engine) -> Site:
    session = scoped_session(sessionmaker(engine))
    store = SQLAlchemyStore(session, User, Role)
    identity = Identity(app, store)
    app.teardown_appcontext(lambda _: session.remove())

    def edit(email: str, values: Mapping[str, Any]) -> None:
        with app.app_context():
            user = identity.datastore.find_user(email=email)
            for name, value in values.items():
                setattr(user, name, value)
            session.commit()

    def note(outcome: str, user: Any) -> None:
        session.execute(insert(ATTEMPT).values(outcome=outcome, user_id=user and user.id))

    def let_go() -> None:
        session.remove()
        engine.dispose()

    return Site(app, identity, session, engine, store, note, edit, let_go)


def _on_pony(app: Flask, url: str, engine: Engine) -> Site:
    db = bound(url, **{"timeout" if url.startswith("sqlite") else "connect_timeout": PATIENCE})
    made = entities(db)
    store = PonyStore(db, made.User, made.Role)
    db.generate_mapping(create_tables=False, check_tables=False)
    identity = Identity(app, store)

    @db_session
    def edit(email: str, values: Mapping[str, Any]) -> None:
        made.User.get_for_update(email=email).set(**values)

    def note(outcome: str, user: Any) -> None:
        values = {"outcome": outcome, "user_id": user and user.id}
        db.execute("INSERT INTO attempt (outcome, user_id) VALUES ($outcome, $user_id)", {}, values)

    def let_go() -> None:
        store.close()
        db.disconnect()
        engine.dispose()

    return Site(app, identity, db, engine, store, note, edit, let_go)


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
    noted = {"failed": sign_in_failed, "right": signed_in, "status": status_changed, "gone": user_deleted}
    for outcome, signal in noted.items():

        def receiver(_: Any, *, user: Any, outcome: str = outcome, **__: Any) -> None:
            site.note(outcome, user)

        stack.enter_context(signal.connected_to(receiver, sender=site.app))
