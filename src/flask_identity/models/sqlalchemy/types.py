"""Column types that mean the same on SQLite, PostgreSQL and MariaDB."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Dialect, String, Text
from sqlalchemy.dialects import mysql
from sqlalchemy.types import TypeDecorator


def key_string(length: int) -> String:
    """Return a text type that is compared byte by byte everywhere and sorts so that a prefix is one range.

    MariaDB's default collations hold í and i for equal, which would let one address open another's account.
    """
    binary = mysql.VARCHAR(length, charset="utf8mb4", collation="utf8mb4_bin")
    return (
        String(length)
        .with_variant(String(length, collation="C"), "postgresql")
        .with_variant(binary, "mysql", "mariadb")
    )


class UtcDateTime(TypeDecorator[datetime]):
    """Aware UTC times, with microseconds; SQLite and MariaDB keep them naive in UTC."""

    impl: Any = DateTime(timezone=True)
    cache_ok: bool | None = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        if dialect.name in ("mysql", "mariadb"):
            return dialect.type_descriptor(mysql.DATETIME(fsp=6))
        return dialect.type_descriptor(DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("Give an aware time; a naive one does not say which moment it is")
        value = value.astimezone(UTC)
        return value if dialect.name == "postgresql" else value.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo is not None else value.replace(tzinfo=UTC)


class PermissionSet(TypeDecorator[frozenset[str]]):
    """A set of permissions, stored as a JSON list and read as a frozenset."""

    impl: Any = Text
    cache_ok: bool | None = True

    def process_bind_param(self, value: Iterable[str] | None, dialect: Dialect) -> str:
        return json.dumps(sorted(set(value or ())), separators=(",", ":"))

    def process_result_value(self, value: str | None, dialect: Dialect) -> frozenset[str]:
        return frozenset(json.loads(value)) if value else frozenset()

    def coerce_compared_value(self, op: Any, value: Any) -> Any:
        return self
