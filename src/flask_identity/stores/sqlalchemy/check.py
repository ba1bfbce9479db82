"""What a User and Role class must have, said in one sentence where they have not."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import String, Table
from sqlalchemy.exc import NoInspectionAvailable
from sqlalchemy.orm import MappedAsDataclass

from ...base.errors import ConfigurationError
from ...models.sqlalchemy.tables import mapped_columns

_USER = ("id", "email", "password", "active", "uniquifier")
_ROLE = ("id", "name", "description")
_SHORTEST_PASSWORD = 128


def classes(user: Any, role: Any) -> None:
    """Check the two classes.

    Raises:
        ConfigurationError: naming what is missing or too small, and the mixin that has it.
    """
    for cls, needed, mixin in ((user, _USER, "UserMixin"), (role, _ROLE, "RoleMixin")):
        if issubclass(cls, MappedAsDataclass):
            raise ConfigurationError(f"{cls.__name__} is mapped as a dataclass; use a base without MappedAsDataclass.")
        columns = _mapped(cls)
        missing = [name for name in needed if name not in columns]
        if missing:
            raise ConfigurationError(missing_columns(cls.__name__, missing, mixin))
    columns = _mapped(user)
    if "email" not in unique_columns(columns):
        raise ConfigurationError(f"{user.__name__}.email must be unique: add unique=True to its column.")
    length = getattr(columns["password"].type, "length", None)
    if length is not None and length < _SHORTEST_PASSWORD:
        raise ConfigurationError(
            f"{user.__name__}.password holds {length} characters and needs {_SHORTEST_PASSWORD} or more: "
            "use String(255), as UserMixin of flask_identity.models.sqlalchemy does."
        )


def missing_columns(cls: str, missing: list[str], mixin: str) -> str:
    """Return the sentence that names missing columns and the mixin that has them."""
    return (
        f"{cls} lacks {', '.join(missing)}: add {'it' if len(missing) == 1 else 'them'}, "
        f"or inherit from {mixin} of flask_identity.models.sqlalchemy, which has all columns."
    )


def collation(user: Any, dialect: str) -> None:
    """Check that addresses are compared byte by byte, without asking the database.

    Raises:
        ConfigurationError: for a case-insensitive collation, or none at all on MariaDB, whose default is one.
    """
    kind: Any = _mapped(user)["email"].type
    variants = getattr(kind, "_variant_mapping", {})
    chosen = variants.get(dialect) or (variants.get("mysql") if dialect == "mariadb" else None) or kind
    named = str(getattr(chosen, "collation", None) or "")
    on_mariadb = dialect in ("mysql", "mariadb")
    if "_ci" in named.lower() or named.upper() == "NOCASE" or (on_mariadb and not named and isinstance(chosen, String)):
        raise ConfigurationError(
            f"{user.__name__}.email must be compared byte by byte, or look-alike addresses open each other's accounts: "
            'give its column a binary collation such as "utf8mb4_bin".'
        )


def unique_columns(columns: Mapping[str, Any]) -> Mapping[str, Collection[str]]:
    """Return the columns that a unique rule of their own guards, with the names databases may give that rule."""
    return {name: _rule_names(column) for name, column in columns.items() if _rules(column) or column.unique}


def _rule_names(column: Any) -> Collection[str]:
    by_default = (column.name, f"{column.table.name}.{column.name}", f"{column.table.name}_{column.name}_key")
    return {*by_default, *(str(rule.name) for rule in _rules(column) if rule.name)}


def _rules(column: Any) -> list[Any]:
    table = column.table
    rules = [*table.indexes, *table.constraints] if isinstance(table, Table) else []
    alone = [rule for rule in rules if [item.name for item in getattr(rule, "columns", ())] == [column.name]]
    return [rule for rule in alone if getattr(rule, "unique", False) or type(rule).__name__ in _UNIQUE_RULES]


_UNIQUE_RULES = ("UniqueConstraint", "PrimaryKeyConstraint")


def _mapped(cls: Any) -> Mapping[str, Any]:
    try:
        return mapped_columns(cls)
    except NoInspectionAvailable:
        raise ConfigurationError(f"{cls.__name__} is not a mapped SQLAlchemy class.") from None
