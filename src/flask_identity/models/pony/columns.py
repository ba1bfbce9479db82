"""Attributes that make the same columns as the SQLAlchemy side, on SQLite, PostgreSQL and MariaDB.

Which types and conversions a column needs is known when Pony generates the mapping, not before: the database may be
bound after the class is written. So an attribute here chooses then.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from pony.orm import Optional, PrimaryKey, Required
from pony.orm.core import Attribute, attr_id_counter

from ...base.clock import now

SQLITE = "SQLite"
POSTGRES = "PostgreSQL"
MARIADB = "MySQL"
"""What Pony calls the databases; MariaDB is MySQL to it."""

Wrap = Callable[[Any], Any]


class _Late:
    """What an attribute of ours has besides Pony's: types by database, and a conversion around Pony's own."""

    types: Mapping[str, str] = MappingProxyType({})
    wrap: Wrap | None = None
    stamp: bool = False
    sql_type: Any
    converters: list[Any]

    def get_columns(self: Any) -> Any:
        """Return the names of the columns, with the type of this database."""
        if not self._columns_checked:
            if self.sql_type is None:
                self.sql_type = self.types.get(self.entity._database_.provider.dialect)
            super().get_columns()  # type: ignore[misc]
            if self.wrap is not None:
                self.converters = [self.wrap(self.converters[0])]
        return self.columns


class OptionalColumn(_Late, Optional):  # type: ignore[misc]
    """A column that may be left out."""


class RequiredColumn(_Late, Required):  # type: ignore[misc]
    """A column that is always filled."""


def integer(default: int, *, volatile: bool = True) -> Any:
    """A number that the database counts; Pony neither remembers nor compares it."""
    return _column(RequiredColumn, int, default=default, volatile=volatile)


def text(length: int, **options: Any) -> Any:
    """A text of at most `length` characters that may be NULL."""
    return _column(OptionalColumn, str, length, nullable=True, autostrip=False, **options)


def long_text() -> Any:
    """A text of any length that may be NULL."""
    types = {SQLITE: "TEXT", POSTGRES: "TEXT", MARIADB: "TEXT"}
    return _column(OptionalColumn, str, types=types, nullable=True, autostrip=False)


def key_text(length: int, *, required: bool = True, unique: bool = True, **options: Any) -> Any:
    """A text, unique unless told, that is compared byte by byte everywhere and sorts so that a prefix is one range.

    MariaDB's default collations hold í and i for equal, which would let one address open another's account.
    """
    if not required:
        options["nullable"] = True
    kind = RequiredColumn if required else OptionalColumn
    return _column(kind, str, length, types=key_types(length), unique=unique, autostrip=False, **options)


def key_types(length: int) -> Mapping[str, str]:
    """Return the types of `key_text` by database."""
    binary = f"VARCHAR({length}) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"
    return {POSTGRES: f'VARCHAR({length}) COLLATE "C"', MARIADB: binary}


def key(length: int) -> Any:
    """A primary key that is a text."""
    return _column(_TextKey, str, length, types=key_types(length), autostrip=False)


def moment(*, required: bool = False, stamp: bool = False, indexed: bool = False) -> Any:
    """A time: naive UTC with microseconds in Python. An aware one may be assigned.

    Args:
        required: Whether it is always filled, with the current time where none is given.
        stamp: Whether every change of the row sets it anew.
        indexed: Whether rows are looked up by it.
    """
    types = {POSTGRES: "TIMESTAMP WITH TIME ZONE", MARIADB: "DATETIME(6)"}
    options: dict[str, Any] = {"default": naive_now, "optimistic": False} if required else {"nullable": True}
    if indexed:
        options["index"] = True
    made = _column(
        RequiredColumn if required else OptionalColumn, datetime, 6, types=types, wrap=_utc, stamp=stamp, **options
    )
    return made


def permission_set() -> Any:
    """A set of permissions, stored as a JSON list and read as a frozenset."""
    types = {SQLITE: "TEXT", POSTGRES: "TEXT", MARIADB: "TEXT"}
    return _column(
        OptionalColumn, str, types=types, wrap=_permissions, default=frozenset(), optimistic=False, autostrip=False
    )


def naive(time: datetime) -> datetime:
    """Return a time as Pony keeps it: UTC, without saying so."""
    return time.astimezone(UTC).replace(tzinfo=None) if time.tzinfo is not None else time


def naive_now() -> datetime:
    """Return the current time as Pony keeps it."""
    return naive(now())


def fresh(attribute: Any) -> Any:
    """Return a copy of an attribute that belongs to no entity yet; Pony lets each be used once."""
    made = object.__new__(type(attribute))
    for cls in type(attribute).__mro__:
        for slot in getattr(cls, "__slots__", ()):
            if hasattr(attribute, slot):
                setattr(made, slot, getattr(attribute, slot))
    for name, value in getattr(attribute, "__dict__", {}).items():
        setattr(made, name, value)
    for name in ("columns", "col_paths", "composite_keys", "converters"):
        setattr(made, name, list(getattr(attribute, name)))
    made.kwargs = dict(attribute.kwargs)
    made.id = next(attr_id_counter)
    return made


def is_attribute(value: object) -> bool:
    """Say whether something is an attribute of Pony's."""
    return isinstance(value, Attribute)


class _TextKey(_Late, PrimaryKey):  # type: ignore[misc]
    pass


def _column(
    cls: Any,
    *args: Any,
    types: Mapping[str, str] | None = None,
    wrap: Wrap | None = None,
    stamp: bool = False,
    **options: Any,
) -> Any:
    made = cls(*args, **options)
    made.types, made.wrap, made.stamp = types or {}, wrap, stamp
    return made


def _around(mixin: type, plain: Any) -> Any:
    return type(mixin.__name__.strip("_"), (mixin, type(plain)), {})(plain.provider, plain.py_type, plain.attr)


class _Utc:
    def validate(self, value: Any, obj: Any = None) -> Any:
        parent: Any = super()
        return parent.validate(naive(value) if isinstance(value, datetime) else value, obj)

    def py2sql(self: Any, value: Any) -> Any:
        value = super().py2sql(value)  # type: ignore[misc]
        # PostgreSQL takes a time without zone for one in the zone of the connection, whatever that is.
        return value.replace(tzinfo=UTC) if self.provider.dialect == POSTGRES else value

    def sql2py(self, value: Any) -> Any:
        parent: Any = super()
        return parent.sql2py(naive(value) if isinstance(value, datetime) else value)


class _PermissionSet:
    def validate(self, value: Iterable[str], obj: Any = None) -> Any:
        if isinstance(value, str):
            raise TypeError("Give permissions as a set of texts, not as one text")
        return frozenset(value)

    def py2sql(self, value: Iterable[str]) -> str:
        return json.dumps(sorted(set(value)), separators=(",", ":"))

    def sql2py(self, value: str) -> frozenset[str]:
        return frozenset(json.loads(value)) if value else frozenset()


def _utc(plain: Any) -> Any:
    return _around(_Utc, plain)


def _permissions(plain: Any) -> Any:
    return _around(_PermissionSet, plain)
