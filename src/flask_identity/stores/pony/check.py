"""What a User and Role entity must have, said in one sentence where they have not."""

from __future__ import annotations

import re
from typing import Any

from pony.orm.core import EntityMeta

from ...base.errors import ConfigurationError
from ...models.pony.columns import MARIADB

_USER = ("id", "email", "password", "active", "uniquifier")
_ROLE = ("id", "name", "description")
_SHORTEST_PASSWORD = 128
_LENGTH = re.compile(r"char[a-z ]*\(\s*(\d+)", re.IGNORECASE)


def classes(db: Any, user: Any, role: Any) -> None:
    """Check the two classes.

    Raises:
        ConfigurationError: naming what is missing or too small, and the mixin that has it.
    """
    for cls, needed, mixin in ((user, _USER, "UserMixin"), (role, _ROLE, "RoleMixin")):
        if not isinstance(cls, EntityMeta) or getattr(cls, "_database_", None) is not db:
            raise ConfigurationError(f"{getattr(cls, '__name__', cls)} is not an entity of this Pony Database.")
        missing = [name for name in needed if name not in cls._adict_]
        if missing:
            raise ConfigurationError(_missing_columns(cls.__name__, missing, mixin))
    if not user._adict_["email"].is_unique:
        raise ConfigurationError(f"{user.__name__}.email must be unique: add unique=True to its column.")
    length = _length(user._adict_["password"])
    if length is not None and length < _SHORTEST_PASSWORD:
        raise ConfigurationError(
            f"{user.__name__}.password holds {length} characters and needs {_SHORTEST_PASSWORD} or more: "
            "use Optional(str, 255), as UserMixin of flask_identity.models.pony does."
        )


def collation(user: Any, dialect: str) -> None:
    """Check that addresses are compared byte by byte, without asking the database.

    Raises:
        ConfigurationError: for a case-insensitive collation, or none at all on MariaDB, whose default is one.
    """
    email = user._adict_["email"]
    named = (email.sql_type or getattr(email, "types", {}).get(dialect, "")).upper()
    without = dialect == MARIADB and "COLLATE" not in named and "BINARY" not in named
    if "_CI" in named or "NOCASE" in named or without:
        raise ConfigurationError(
            f"{user.__name__}.email must be compared byte by byte, or look-alike addresses open each other's accounts: "
            'give its column a binary collation, such as sql_type="VARCHAR(254) CHARACTER SET utf8mb4 COLLATE '
            'utf8mb4_bin".'
        )


def _missing_columns(cls: str, missing: list[str], mixin: str) -> str:
    return (
        f"{cls} lacks {', '.join(missing)}: add {'it' if len(missing) == 1 else 'them'}, "
        f"or inherit from {mixin} of flask_identity.models.pony, which has all columns."
    )


def _length(attribute: Any) -> int | None:
    """Return how many characters a column holds, None where that is not limited."""
    named = _LENGTH.search(attribute.sql_type or "")
    if named is not None:
        return int(named[1])
    given = attribute.args[0] if attribute.args else attribute.kwargs.get("max_len")
    return given if isinstance(given, int) else None
