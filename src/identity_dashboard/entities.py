"""The same tables as in `models`, as PonyORM entities: what the dashboard runs on with DASHBOARD_ORM=pony.

Migrations are Alembic's in any case; Pony neither makes nor checks a table.
"""

from __future__ import annotations

from typing import Any

from pony.orm import Database, DBException
from sqlalchemy import URL

from flask_identity import PonyStore
from flask_identity.models.pony import RoleMixin, UserMixin

from . import database
from .schema import DatabaseAway


def make_store(options: dict[str, Any]) -> PonyStore:
    """Return a store on a Pony Database of its own.

    Args:
        options: What SQLAlchemy's engine is made with; Pony takes its own driver to the same place.

    Raises:
        DatabaseAway: Pony asks a database for its version at once, so it has to be there.
    """
    url: URL = options["url"]
    db = Database()
    try:
        db.bind(**_arguments(url, options))
    except (DBException, OSError) as error:
        reason = str(error).strip().splitlines()[0].rstrip(".")
        raise DatabaseAway(f"The database {database.place(url)} cannot be used: {reason}.") from error
    store = PonyStore(db, *_entities(db))
    db.generate_mapping(create_tables=False, check_tables=False)
    return store


def _entities(db: Any) -> tuple[Any, Any]:
    class Role(db.Entity, RoleMixin):  # type: ignore[misc]
        pass

    class User(db.Entity, UserMixin):  # type: ignore[misc]
        pass

    return User, Role


def _arguments(url: URL, options: dict[str, Any]) -> dict[str, Any]:
    if url.get_backend_name() == "sqlite":
        timeout = options["connect_args"]["timeout"]
        return {"provider": "sqlite", "filename": url.database, "create_db": True, "timeout": timeout}
    named = {"host": url.host, "port": url.port, "user": url.username, "password": url.password}
    named["database"] = url.database
    given: dict[str, Any] = {name: value for name, value in named.items() if value is not None}
    given |= {**url.query, **options["connect_args"]}
    return {"provider": "mysql" if url.get_backend_name() == "mysql" else "postgres", **given}
