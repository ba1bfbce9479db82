"""M1: the mixins on a plain declarative base, Flask-SQLAlchemy-Lite and Flask-SQLAlchemy, on each database."""

# Bases are made anew for each test, which mypy cannot follow.
# mypy: disable-error-code="misc, valid-type, assignment"

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import flask_sqlalchemy
import flask_sqlalchemy_lite
import pytest
from sqlalchemy import String, inspect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from flask_identity import Identity, SQLAlchemyStore
from flask_identity.models.sqlalchemy import RoleMixin, UserMixin
from tests.models.sites import Site, add_views, bare_app, live_a_day, plain_site


@contextmanager
def plain(url: str) -> Iterator[Site]:
    class Model(DeclarativeBase): ...

    class Role(RoleMixin, Model): ...

    class User(UserMixin, Model):
        nickname: Mapped[str | None] = mapped_column(String(80))

    with plain_site(url, User, Role) as site:
        yield site


@contextmanager
def lite(url: str) -> Iterator[Site]:
    class Model(DeclarativeBase): ...

    class Role(RoleMixin, Model): ...

    class User(UserMixin, Model): ...

    db = flask_sqlalchemy_lite.SQLAlchemy()
    app = bare_app(SQLALCHEMY_ENGINES={"default": url})
    db.init_app(app)
    yield from _site(app, SQLAlchemyStore(lambda: db.session, User, Role), Model.metadata, db)


@contextmanager
def full(url: str) -> Iterator[Site]:
    db: Any = flask_sqlalchemy.SQLAlchemy()

    class Role(RoleMixin, db.Model): ...

    class User(UserMixin, db.Model): ...

    app = bare_app(SQLALCHEMY_DATABASE_URI=url)
    db.init_app(app)
    yield from _site(app, SQLAlchemyStore(lambda: db.session, User, Role), db.metadata, db)


def _site(app: Any, store: Any, metadata: Any, db: Any) -> Iterator[Site]:
    identity = Identity(app, store)
    add_views(app)
    with app.app_context():
        engine = db.engine
        metadata.create_all(engine)
    try:
        yield Site(app, identity, lambda: db.session, engine)
    finally:
        engine.dispose()


@pytest.mark.parametrize("flavour", [plain, lite, full], ids=lambda flavour: flavour.__name__)
def test_people_register_sign_in_are_guarded_and_suspended_on_every_flavour(flavour, database_url):
    """M1, R-15: a second sign-in does not end the first."""
    with flavour(database_url) as site:
        live_a_day(site)


@pytest.mark.parametrize("flavour", [plain, lite, full], ids=lambda flavour: flavour.__name__)
def test_making_the_tables_names_them_alike_on_every_flavour(flavour, sqlite_url):
    with flavour(sqlite_url) as site:
        tables = set(inspect(site.engine).get_table_names())

    assert {"user", "role", "user_role", "identity_profile", "identity_session", "identity_throttle"} <= tables
