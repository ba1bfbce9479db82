"""A small application around a pair of models, and what people do in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, create_engine, inspect
from sqlalchemy.orm import scoped_session, sessionmaker

from flask_identity import Identity, SQLAlchemyStore, auth_required, current_user, roles_required

PASSWORD = "correct horse battery staple"
CONFIG = {
    "SECRET_KEY": "a key for tests only, 32 bytes or more",
    "TESTING": True,
    "IDENTITY_ARGON2_MEMORY": 8,
    "IDENTITY_ARGON2_TIME": 1,
    "IDENTITY_REGISTERABLE": True,
    "IDENTITY_THROTTLE": False,
}
JSON = {"Accept": "application/json"}


@dataclass
class Site:
    """An application with the library in it."""

    app: Flask
    identity: Identity
    session: Callable[[], Any]
    engine: Engine

    @property
    def datastore(self) -> Any:
        """The verbs on users and roles."""
        return self.identity.datastore

    def client(self) -> FlaskClient:
        """A browser of its own."""
        return self.app.test_client()

    def register(self, email: str, password: str = PASSWORD) -> tuple[FlaskClient, dict[str, Any]]:
        """Register, and return the browser that is signed in now and what the answer said about the user."""
        client = self.client()
        answer = client.post("/identity/register", json={"email": email, "password": password})
        assert answer.status_code == 200, answer.text
        return client, answer.get_json()["response"]["user"]

    def sign_in(self, email: str, password: str = PASSWORD) -> tuple[FlaskClient, int]:
        """Sign in with a browser of its own; return it and the status of the answer."""
        client = self.client()
        return client, client.post("/identity/login", json={"identity": email, "password": password}).status_code


def bare_app(**config: Any) -> Flask:
    """An application without a database."""
    app = Flask(__name__)
    app.config.update(CONFIG, **config)
    return app


def add_views(app: Flask) -> None:
    """The application's own views: one for who is signed in, one for editors."""

    @app.get("/me")
    @auth_required
    def me() -> dict[str, Any]:
        return {"id": str(current_user.id), "email": current_user._get_current_object().email}

    @app.get("/edit")
    @auth_required
    @roles_required("editor")
    def edit() -> str:
        return "edited"


@contextmanager
def plain_site(url: str, user: Any, role: Any, profile: Any = None, **config: Any) -> Iterator[Site]:
    """An application on SQLAlchemy alone; its tables are made."""
    engine = create_engine(url)
    session = scoped_session(sessionmaker(engine))
    app = bare_app(**config)
    identity = Identity()
    try:
        identity.init_app(app, SQLAlchemyStore(session, user, role, profile))
        add_views(app)
        app.teardown_appcontext(lambda _: session.remove())
        inspect(user).local_table.metadata.create_all(engine)
        yield Site(app, identity, session, engine)
    finally:
        session.remove()
        engine.dispose()


def live_a_day(site: Site) -> None:
    """Register, sign in, be let in and kept out by role, be suspended."""
    browser, ada = site.register("Ada@Example.com")
    assert browser.get("/me").json == {"id": str(ada["id"]), "email": "ada@example.com"}
    assert browser.get("/edit").status_code == 403
    with site.app.app_context():
        user = site.datastore.find_user(email="ada@example.com")
        site.datastore.create_role("editor", "May edit.")
        assert site.datastore.add_role_to_user(user, "editor") is True
    assert browser.get("/edit").status_code == 200
    second, status = site.sign_in("ADA@example.com")
    assert (status, second.get("/edit").status_code) == (200, 200)
    assert site.sign_in("ada@example.com", "wrong horse battery staple")[1] == 401
    with site.app.app_context():
        site.datastore.deactivate_user(site.datastore.find_user(email="ada@example.com"))
    assert [client.get("/me").status_code for client in (browser, second)] == [401, 401]
    assert site.sign_in("ada@example.com")[1] == 401
