"""A Flask application on Pony, with routes that fail on purpose."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import Flask, abort, request
from flask.testing import FlaskClient
from pony.orm import db_session

from flask_identity import Identity, IdentityRefusal, auth_required, current_user
from tests.pony.build import make_parts
from tests.support.apps import FAST, JSON, PASSWORD, SECRET_KEY

FEATURES = {f"IDENTITY_{name}": True for name in ("REGISTERABLE", "TRACKABLE", "PROFILE", "PEOPLE")}


@dataclass
class Site:
    """An application under test and what stands behind it."""

    app: Flask
    identity: Identity
    store: Any
    db: Any
    User: Any
    Role: Any

    def client(self) -> FlaskClient:
        """A browser without cookies that says where its requests come from."""
        client = self.app.test_client()
        client.environ_base["HTTP_SEC_FETCH_SITE"] = "same-origin"
        return client

    def person(self, email: str = "ada@example.com", **given: Any) -> Any:
        """Create an account and return its id."""
        with self.app.app_context():
            return self.identity.datastore.create_user(email, PASSWORD, **given).id

    def signed_in(self, email: str = "ada@example.com") -> FlaskClient:
        """A browser in which someone is signed in."""
        client = self.client()
        answer = client.post("/identity/login", json={"identity": email, "password": PASSWORD}, headers=JSON)
        assert answer.status_code == 200, answer.text
        return client

    def row(self, **where: Any) -> dict[str, Any]:
        """What the database holds of a user now, by attribute."""
        with db_session:
            found: dict[str, Any] = self.User.get(**where).to_dict()
            return found

    def count(self, entity: str = "User") -> int:
        """How many rows an entity has."""
        with db_session:
            return int(getattr(self.db, entity).select().count())


@contextmanager
def open_site(url: str, **settings: Any) -> Iterator[Site]:
    """An application with empty tables, closed at the end."""
    parts = make_parts(url)
    app = Flask("tests.pony.site")
    app.config.update(SECRET_KEY=SECRET_KEY, TESTING=True, **FAST, **FEATURES)
    app.config.update(settings)
    identity = Identity(app, parts.store)
    site = Site(app, identity, parts.store, parts.db, parts.User, parts.Role)
    _add_routes(site)
    try:
        yield site
    finally:
        parts.store.close()
        parts.db.disconnect()


def _add_routes(site: Site) -> None:
    app, datastore = site.app, site.identity.datastore

    @app.get("/me")
    @auth_required
    def me() -> str:
        return f"{current_user.email} {current_user.nickname} {current_user.role}"

    @app.post("/rename")
    def rename() -> str:
        """Change a row through Pony, then end in the way that is asked for."""
        row = site.User.get(email="ada@example.com")
        row.nickname = "changed"
        end = request.args["end"]
        if end == "raise":
            raise ZeroDivisionError
        if end == "refuse":
            raise IdentityRefusal
        if end == "abort":
            abort(404)
        return end

    @app.post("/rename/<status>")
    def rename_with_status(status: str) -> tuple[str, int]:
        site.User.get(email="ada@example.com").nickname = "changed"
        return "", int(status)

    @app.post("/half")
    def half() -> str:
        """Do one verb and fail in the next, in one unit."""
        with datastore.unit():
            datastore.create_user("bob@example.com")
            datastore.create_user("ada@example.com")
        return "never"
