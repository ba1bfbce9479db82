"""One small application on each flavour of SQLAlchemy, with pages that ask more and more of who is calling."""

# Bases are made anew for each test, which mypy cannot follow.
# mypy: disable-error-code="misc, valid-type, assignment"

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import flask_sqlalchemy
import flask_sqlalchemy_lite
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, String, create_engine, event
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, scoped_session, sessionmaker
from werkzeug.test import TestResponse

from flask_identity import Identity, SQLAlchemyStore, auth_required, current_user, roles_required
from flask_identity.models.sqlalchemy import RoleMixin, UserMixin
from tests.performance.recording import Recorder

EMAIL, PASSWORD = "ada@example.com", "correct horse battery staple"
JSON = {"Accept": "application/json"}
CONFIG = {
    "SECRET_KEY": "a key for tests only, 32 bytes or more",
    "TESTING": True,
    "IDENTITY_ARGON2_MEMORY": 8,
    "IDENTITY_ARGON2_TIME": 1,
    **{f"IDENTITY_{name}": True for name in ("REGISTERABLE", "TRACKABLE", "PROFILE", "PEOPLE", "API_TOKENS")},
}


@dataclass
class Site:
    """An application and what was sent to its database."""

    app: Flask
    identity: Identity
    recorder: Recorder
    loaded: list[Any] = field(default_factory=list)
    """Every model instance that was made."""

    def sign_in(self, query: str = "") -> TestResponse:
        """Sign in as an editor and administrator, with nothing else on the request."""
        client = self.app.test_client(use_cookies=False)
        answer = client.post(f"/identity/login{query}", json={"email": EMAIL, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        return answer

    def cookie(self) -> Mapping[str, str]:
        """The header that a browser sends after signing in."""
        return {"Cookie": self.sign_in().headers["Set-Cookie"].partition(";")[0]}

    def bearer(self) -> Mapping[str, str]:
        """The header that a program sends after signing in."""
        user = self.sign_in("?include_auth_token").get_json()["response"]["user"]
        header = {"Authorization": f"Bearer {user['authentication_token']}"}
        self.get("/mine", header)  # the first of a process makes the connection that later ones find
        return header

    def token(self) -> Mapping[str, str]:
        """The header of a program with an API token, used before so that its next use is not written down."""
        body = {"name": "a program", "scopes": ["read"]}
        answer = self.app.test_client(use_cookies=False).post(
            "/identity/tokens", json=body, headers=dict(self.bearer())
        )
        header = {"Authorization": f"Bearer {answer.get_json()['response']['token']}"}
        self.get("/mine", header)
        return header

    def get(self, path: str, headers: Mapping[str, str], *, before: int = 0) -> tuple[TestResponse, list[str]]:
        """Ask for a page, `before` times unmeasured; return the answer and the statements it took."""
        client: FlaskClient = self.app.test_client(use_cookies=False)
        for _ in range(before):
            client.get(path, headers=dict(headers))
        self.recorder.take()
        self.loaded.clear()
        answer = client.get(path, headers=dict(headers))
        return answer, self.recorder.take()


def add_views(app: Flask) -> None:
    """Add the pages."""
    app.add_url_rule("/open", "open", lambda: "ok")
    app.add_url_rule("/mine", "mine", auth_required(lambda: "ok"))
    app.add_url_rule("/edit", "edit", auth_required("session", "token")(roles_required("editor")(lambda: "ok")))

    @app.get("/known")
    @auth_required
    def known() -> list[Any]:
        who = current_user
        return [str(who.id), who.email, sorted(who.roles), sorted(who.permissions)]

    @app.get("/nickname")
    @auth_required
    def nickname() -> str:
        return f"{current_user.nickname}, once more {current_user.nickname}"


def _prepare(app: Flask, identity: Identity, user: Any, metadata: Any, engine: Any, recorder: Recorder) -> Site:
    add_views(app)
    metadata.create_all(engine)
    with app.app_context():
        identity.datastore.create_role("editor", permissions=["pages.edit"])
        identity.datastore.create_role("admin", rank=100)
        identity.datastore.create_user(EMAIL, PASSWORD, roles=["editor", "admin"], nickname="Ada")
    site = Site(app, identity, recorder)
    event.listen(user, "load", lambda instance, _: site.loaded.append(instance))
    return site


@contextmanager
def plain(url: str, recorder: Recorder, bind: Engine | None = None) -> Iterator[Site]:
    """SQLAlchemy alone; on an engine of one's own with `bind`."""

    class Model(DeclarativeBase): ...

    class Role(RoleMixin, Model): ...

    class User(UserMixin, Model):
        nickname: Mapped[str | None] = mapped_column(String(80))

    engine = bind if bind is not None else create_engine(url)
    session = scoped_session(sessionmaker(engine))
    app = Flask(__name__)
    app.config.update(CONFIG)
    identity = Identity(app, SQLAlchemyStore(session, User, Role))
    app.teardown_appcontext(lambda _: session.remove())
    try:
        yield _prepare(app, identity, User, Model.metadata, engine, recorder)
    finally:
        session.remove()
        engine.dispose()


@contextmanager
def lite(url: str, recorder: Recorder) -> Iterator[Site]:
    """Flask-SQLAlchemy-Lite."""

    class Model(DeclarativeBase): ...

    class Role(RoleMixin, Model): ...

    class User(UserMixin, Model):
        nickname: Mapped[str | None] = mapped_column(String(80))

    db = flask_sqlalchemy_lite.SQLAlchemy()
    app = Flask(__name__)
    app.config.update(CONFIG, SQLALCHEMY_ENGINES={"default": url})
    db.init_app(app)
    yield from _extended(app, db, SQLAlchemyStore(lambda: db.session, User, Role), User, recorder)


@contextmanager
def full(url: str, recorder: Recorder) -> Iterator[Site]:
    """Flask-SQLAlchemy."""
    db: Any = flask_sqlalchemy.SQLAlchemy()

    class Role(RoleMixin, db.Model): ...

    class User(UserMixin, db.Model):
        nickname: Mapped[str | None] = mapped_column(String(80))

    app = Flask(__name__)
    app.config.update(CONFIG, SQLALCHEMY_DATABASE_URI=url)
    db.init_app(app)
    yield from _extended(app, db, SQLAlchemyStore(lambda: db.session, User, Role), User, recorder)


def _extended(app: Flask, db: Any, store: Any, user: Any, recorder: Recorder) -> Iterator[Site]:
    identity = Identity(app, store)
    with app.app_context():
        engine = db.engine
    try:
        yield _prepare(app, identity, user, user.metadata, engine, recorder)
    finally:
        engine.dispose()


FLAVOURS = {"plain": plain, "lite": lite, "full": full}
