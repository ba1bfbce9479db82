"""Applications to test with: real Flask applications on a real database, made in a few milliseconds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, MetaData, String, create_engine, event, select, update
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, scoped_session, sessionmaker

from flask_identity import Identity, PonyStore, SQLAlchemyStore
from flask_identity.core.services import Services
from flask_identity.models import sqlalchemy as columns
from tests.support.pony import pony_store
from tests.support.tables import make_tables
from tests.support.templates import Compiled

PASSWORD = "correct horse battery staple"
SECRET_KEY = "only-for-tests-" + "k" * 32
JSON = {"Accept": "application/json"}
HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}
_TEMPLATES = Compiled()
FLAVOURS = ("plain", "lite", "fsa", "pony")

# Hashes that cost next to nothing; what a real one costs is tested where it matters.
FAST = {"IDENTITY_ARGON2_MEMORY": 8, "IDENTITY_ARGON2_TIME": 1}
EVERYTHING = {
    f"IDENTITY_{name}": True for name in ("REGISTERABLE", "TRACKABLE", "PROFILE", "PEOPLE", "API_TOKENS", "ACTIVITY")
}


@dataclass
class Site:
    """An application under test and what stands behind it."""

    app: Flask
    identity: Identity
    session: Any
    """Called for the current SQLAlchemy session; Pony's Database."""
    engine: Engine
    User: Any
    Role: Any
    metadata: MetaData
    users: str
    """The name of the users' table."""

    @property
    def services(self) -> Services:
        """The assembled parts of the identity layer."""
        found: Services = self.app.extensions["flask_identity"].services
        return found

    def client(self) -> FlaskClient:
        """A browser without cookies that says where its requests come from."""
        client = self.app.test_client()
        client.environ_base["HTTP_SEC_FETCH_SITE"] = "same-origin"
        return client

    def program(self) -> FlaskClient:
        """A client that sends no header of its own, as curl does."""
        return self.app.test_client(use_cookies=False)

    def person(self, email: str = "ada@example.com", password: str | None = PASSWORD, **given: Any) -> Any:
        """Create an account and return its id."""
        with self.app.app_context():
            return self.identity.datastore.create_user(email, password, **self.vouched(), **given).id

    def vouched(self) -> dict[str, Any]:
        """What a new account needs to be confirmed, where addresses are to be."""
        state = self.app.extensions["flask_identity"]
        return {"confirmed_at": datetime.now(UTC)} if state.confirmation else {}

    def admin(self, email: str = "root@example.com", **given: Any) -> Any:
        """Create an administrator and return the id."""
        return self.person(email, roles=["admin"], **given)

    def signed_in(self, email: str = "ada@example.com", password: str = PASSWORD, **given: Any) -> FlaskClient:
        """A browser in which someone is signed in; the account is created where it is missing."""
        with self.app.app_context():
            if self.identity.datastore.find_user(email=email) is None:
                self.identity.datastore.create_user(email, password, **self.vouched(), **given)
        client = self.client()
        answer = sign_in(client, email, password)
        assert answer.status_code == 200, answer.text
        return client

    def bearer(self, email: str = "ada@example.com", password: str = PASSWORD) -> dict[str, str]:
        """The headers of a program with a bearer session of its own."""
        body = {"identity": email, "password": password}
        answer = self.program().post("/identity/login?include_auth_token", json=body)
        assert answer.status_code == 200, answer.text
        return {"Authorization": f"Bearer {answer.get_json()['response']['user']['authentication_token']}"}

    def token(self, client: FlaskClient, *scopes: str, **more: Any) -> dict[str, str]:
        """The headers of a program with an API token of whoever is signed in with a client."""
        body = {"name": "a program", "scopes": scopes or ["read"], **more}
        answer = client.post("/identity/tokens", json=body)
        assert answer.status_code == 200, answer.text
        return {"Authorization": f"Bearer {answer.get_json()['response']['token']}"}

    def row(self, user_id: Any) -> Mapping[str, Any]:
        """What the database holds of a user now, by column."""
        table = self.metadata.tables[self.users]
        with self.engine.connect() as connection:
            return dict(connection.execute(select(table).where(table.c.id == user_id)).mappings().one())

    def write(self, user_id: Any, /, **values: Any) -> None:
        """Change columns of a user in the database alone, below the library and either ORM."""
        table = self.metadata.tables[self.users]
        with self.engine.begin() as connection:
            assert connection.execute(update(table).where(table.c.id == user_id).values(values)).rowcount == 1

    def rows(self, table: str) -> list[Mapping[str, Any]]:
        """All rows of a table, by its name."""
        with self.engine.connect() as connection:
            return [dict(row) for row in connection.execute(select(self.metadata.tables[table])).mappings()]

    def let_go(self) -> None:
        """Close all connections; they are made anew when they are needed."""
        if isinstance(self.services.store, PonyStore):
            self.services.store.close()
            self.session.disconnect()
        elif hasattr(self.session, "remove"):
            self.session.remove()
        self.engine.dispose()

    close = let_go


def sign_in(client: FlaskClient, email: str = "ada@example.com", password: str = PASSWORD, **more: Any) -> Any:
    """Send a sign-in as JSON and return the answer."""
    return client.post("/identity/login", json={"identity": email, "password": password, **more})


def in_utc(value: datetime) -> datetime:
    """A time as SQLAlchemy's columns have it; Pony's are UTC without saying so."""
    return value if value.tzinfo is not None else value.replace(tzinfo=UTC)


def error_of(answer: Any) -> tuple[int, str]:
    """Status and code of a refusal, after checking its envelope."""
    body = answer.get_json()
    assert body is not None, f"{answer.status} {answer.text[:500]}"
    assert set(body) == {"meta", "response"}
    assert body["meta"] == {"code": answer.status_code}
    assert set(body["response"]) <= {"error", "message", "field_errors"}
    assert body["response"]["message"]
    return answer.status_code, body["response"]["error"]


def build_app(
    url: str,
    flavour: str = "plain",
    *,
    models: str = "full",
    register: Any = None,
    before: Callable[[Flask], object] | None = None,
    **settings: Any,
) -> Site:
    """Make an application with empty tables.

    Args:
        url: The database, as an SQLAlchemy URL.
        flavour: `plain` SQLAlchemy, `lite` (Flask-SQLAlchemy-Lite), `fsa` (Flask-SQLAlchemy) or `pony`.
        models: `full` (the column mixins), `minimal` (hand-written, with roles) or `bare` (without roles or mixins).
        register: The input model of a sign-up.
        before: Called with the application before the library is connected to it.
        **settings: Further keys of `app.config`, over TESTING, a key and cheap hashes.
    """
    assert flavour in FLAVOURS, f"{flavour} is no flavour: give it a store here, or it would test that of another"
    app = Flask("tests.support.site")
    app.config.update(SECRET_KEY=SECRET_KEY, TESTING=True, **FAST)
    app.config.update(settings)
    if before is not None:
        before(app)
    if flavour == "lite":
        made = _lite(app, url, models)
    elif flavour == "fsa":
        made = _fsa(app, url, models)
    else:
        made = _plain(app, url, models)
    base, user, role, session, engine = made
    store: Any = SQLAlchemyStore(session, user, role)  # which makes the library's own tables known
    make_tables(url, engine, base.metadata)
    users = user.__tablename__
    if flavour == "pony":
        store, user, role = pony_store(url)
        session = role._database_
    identity = Identity()
    identity.init_app(app, store, register=register)
    app.jinja_env.bytecode_cache = _TEMPLATES
    return Site(app, identity, session, engine, user, role, base.metadata, users)


def create_full_tables(url: str) -> None:
    """Make the tables of an application of the column mixins in a database."""
    base, user, role = full_models()
    SQLAlchemyStore(lambda: None, user, role)  # which makes the library's own tables known
    engine = relaxed_engine(url)
    base.metadata.create_all(engine)
    engine.dispose()


@contextmanager
def open_app(url: str, flavour: str = "plain", **given: Any) -> Iterator[Site]:
    """`build_app`, closed at the end."""
    site = build_app(url, flavour, **given)
    try:
        yield site
    finally:
        site.close()


def relaxed_engine(url: str) -> Engine:
    """An engine that, on SQLite, does not wait for the disk: no test cuts the power."""
    engine = create_engine(url)
    _relax(engine)
    return engine


def _relax(engine: Engine) -> None:
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def relax(connection: Any, _: Any) -> None:
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute("PRAGMA foreign_keys = ON")


@cache
def full_models() -> tuple[Any, Any, Any]:
    """A base, a User and a Role from the column mixins, with one column of the application's own."""

    class Base(DeclarativeBase):
        pass

    class Role(columns.RoleMixin, Base):
        pass

    class User(columns.UserMixin, Base):
        nickname: Mapped[str | None] = mapped_column(String(80))

    return Base, User, Role


@cache
def minimal_models(with_roles: bool) -> tuple[Any, Any, Any]:
    """A base, a User with the five columns it needs, and a Role; written by hand (M7)."""
    from sqlalchemy import Column, ForeignKey, Table
    from sqlalchemy.orm import relationship

    from flask_identity.models.sqlalchemy.types import key_string

    class Base(DeclarativeBase):
        pass

    class Role(Base):
        __tablename__ = "role"
        id: Mapped[int] = mapped_column(primary_key=True)
        name: Mapped[str] = mapped_column(key_string(80), unique=True)
        description: Mapped[str | None] = mapped_column(String(255))

    class User(Base):
        __tablename__ = "member"
        id: Mapped[int] = mapped_column(primary_key=True)
        email: Mapped[str] = mapped_column(key_string(254), unique=True)
        password: Mapped[str | None] = mapped_column(String(255))
        active: Mapped[bool | None]
        uniquifier: Mapped[str] = mapped_column(String(64))
        if with_roles:
            _pairs = Table(
                "member_role",
                Base.metadata,
                Column("member", ForeignKey("member.id"), primary_key=True),
                Column("role", ForeignKey("role.id"), primary_key=True),
            )
            roles = relationship(Role, secondary=_pairs)

    return Base, User, Role


def _models(models: str) -> tuple[Any, Any, Any]:
    return full_models() if models == "full" else minimal_models(models == "minimal")


def _plain(app: Flask, url: str, models: str) -> tuple[Any, ...]:
    base, user, role = _models(models)
    engine = relaxed_engine(url)
    session = scoped_session(sessionmaker(engine))

    @app.teardown_appcontext
    def remove(_: Any) -> None:
        session.remove()

    return base, user, role, session, engine


def _lite(app: Flask, url: str, models: str) -> tuple[Any, ...]:
    from flask_sqlalchemy_lite import SQLAlchemy

    base, user, role = _models(models)
    db = SQLAlchemy()
    app.config["SQLALCHEMY_ENGINES"] = {"default": url}
    db.init_app(app)
    with app.app_context():
        engine = db.engine
    _relax(engine)
    return base, user, role, lambda: db.session, engine


def _fsa(app: Flask, url: str, models: str) -> tuple[Any, ...]:
    from flask_sqlalchemy import SQLAlchemy

    assert models == "full", "Flask-SQLAlchemy brings a base of its own"
    db: Any = SQLAlchemy()
    app.config["SQLALCHEMY_DATABASE_URI"] = url

    class Role(columns.RoleMixin, db.Model):  # type: ignore[misc]
        pass

    class User(columns.UserMixin, db.Model):  # type: ignore[misc]
        nickname: Mapped[str | None] = mapped_column(String(80))

    db.init_app(app)
    with app.app_context():
        engine = db.engine
    _relax(engine)
    return db.Model, User, Role, lambda: db.session, engine
