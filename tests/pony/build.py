"""Applications' entities and stores on Pony for tests."""

# mypy: disable-error-code="misc,name-defined,union-attr"
# Pony has no types: to a checker its entities are nothing.

from __future__ import annotations

import uuid
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

from pony.orm import Database, Optional, PrimaryKey

from flask_identity import PonyStore
from flask_identity.models.pony import RoleMixin, UserMixin


def bound(url: str, **options: Any) -> Any:
    """A Pony Database at an SQLAlchemy URL, with options of the driver; an SQLite file is made where there is none."""
    db = Database()
    address = urlsplit(url)
    if address.scheme.startswith("sqlite"):
        name = url.partition(":///")[2]
        db.bind("sqlite", name or ":memory:", create_db=True, **options)
        return db
    where: dict[str, Any] = {"host": address.hostname, "user": address.username, "password": address.password or ""}
    where |= {"database": address.path.strip("/"), "connect_timeout": 5, **options}
    if address.scheme.startswith("postgres"):
        db.bind("postgres", port=address.port or 5432, **where)
    else:
        db.bind("mysql", port=address.port or 3306, **where)
    return db


def entities(db: Any, key: type = int) -> Any:
    """User and Role on a Database, with an id of this type and a nickname that may be NULL."""

    class Role(db.Entity, RoleMixin):
        pass

    class User(db.Entity, UserMixin):
        nickname = Optional(str, 80, nullable=True, autostrip=False)
        if key is uuid.UUID:
            id = PrimaryKey(uuid.UUID, default=uuid.uuid4)
        elif key is str:
            id = PrimaryKey(str, 36, default=lambda: str(uuid.uuid4()))

    return SimpleNamespace(User=User, Role=Role)


def make_store(url: str, *, key: type = int, create_tables: bool = True) -> PonyStore:
    """A store in the empty database at this URL, its tables made."""
    store: PonyStore = make_parts(url, key=key, create_tables=create_tables).store
    return store


def make_parts(
    url: str, *, key: type = int, create_tables: bool = True, check_tables: bool = True, **options: Any
) -> Any:
    """A store with its Database and classes: `store`, `db`, `User`, `Role`; with options of the driver."""
    db = bound(url, **options)
    made = entities(db, key)
    store = PonyStore(db, made.User, made.Role)
    db.generate_mapping(create_tables=create_tables, check_tables=check_tables)
    return SimpleNamespace(store=store, db=db, User=made.User, Role=made.Role)
