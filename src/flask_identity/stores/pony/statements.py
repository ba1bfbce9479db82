"""Statements of the `Store` verbs as text, for Pony to run.

Values stand in a statement as `$p1`, `$p2`, …, which Pony turns into what the driver takes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from ...base.ports import Add, Copy, Kind, Where
from ...models.pony.columns import MARIADB, naive
from ...models.pony.tables import Tables
from ..prefix import with_name_key

_COMPARE = {"lt": "<", "le": "<=", "gt": ">", "ge": ">=", "ne": "<>"}


@dataclass(frozen=True)
class Column:
    """A column: its name as it stands in a statement, and Pony's conversion."""

    sql: str
    convert: Any
    blank: bool = False
    """Whether nothing is the empty text here, not NULL: Pony's way with a text that may be left out."""
    nullable: bool = True
    unique: bool = False
    default: Any = None
    stamp: bool = False

    def fitting(self, value: Any) -> Any:
        """Return a value as Pony keeps it in this column."""
        if isinstance(value, datetime):
            return naive(value)
        return "" if value is None and self.blank else value

    def bind(self, value: Any) -> Any:
        """Return a value as the driver takes it."""
        value = self.fitting(value)
        return None if value is None else self.convert.py2sql(self.convert.val2dbval(value))

    def read(self, value: Any) -> Any:
        """Return a value of the driver's as Python has it."""
        return None if value is None else self.convert.sql2py(value)

    def initial(self) -> Any:
        """Return what a new row has here where nothing is given."""
        return self.default() if callable(self.default) else self.default


@dataclass(frozen=True)
class Table:
    """A table as the verbs see it."""

    sql: str
    columns: Mapping[str, Column]
    key: str = "id"
    entity: Any = None
    instances: bool = False
    """Whether its rows are instances of the application's class."""
    by_key: str = ""
    """What makes an UPDATE find a row by its primary key where that is given."""

    def every(self) -> str:
        """Return the names of all columns, in their order."""
        return ", ".join(column.sql for column in self.columns.values())


@dataclass
class Values:
    """The values of one statement."""

    given: dict[str, Any] = field(default_factory=dict)

    def put(self, column: Column, value: Any) -> str:
        """Take a value in; return what stands for it in the statement."""
        name = f"p{len(self.given) + 1}"
        self.given[name] = column.bind(value)
        return f"${name}"


def tables(defined: Tables) -> Mapping[Kind, Table]:
    """Return the tables of all kinds; without roles there is none of memberships."""
    quote = defined.db.provider.quote_name
    # MariaDB might take the index of another column in the condition, and lock that before the row. Whoever holds the
    # row and is about to change that column would then wait for it, and both for ever.
    by_key = " FORCE INDEX (PRIMARY)" if defined.db.provider.dialect == MARIADB else ""
    found = {
        Kind.USER: _table(quote, defined.user, instances=True),
        Kind.ROLE: _table(quote, defined.role, instances=True),
        Kind.PROFILE: _table(quote, defined.profile, instances=True),
        Kind.SESSION: _table(quote, defined.session),
        Kind.THROTTLE: _table(quote, defined.throttle, key="key"),
        Kind.ACTIVITY: _table(quote, defined.activity),
        Kind.ONE_TIME: _table(quote, defined.one_time),
        Kind.MAIL: _table(quote, defined.mail),
        Kind.INVITATION: _table(quote, defined.invitation),
    }
    found = {kind: replace(table, by_key=by_key) for kind, table in found.items()}
    members = defined.membership()
    if members is not None:
        name, columns = members
        pair = {each: Column(quote(sql), convert) for each, (sql, convert) in columns.items()}
        found[Kind.MEMBERSHIP] = Table(quote(name), pair, key="user_id")
    return found


def condition(table: Table, where: Where, values: Values) -> str:
    """Return the WHERE clause of conditions that all must hold."""
    found = [_one(table, key, value, values) for key, value in where.items()]
    return " WHERE " + " AND ".join(found) if found else ""


def insert(table: Table, row: Mapping[str, Any], values: Values) -> str:
    """Return an INSERT of one row; columns not given take their defaults."""
    full = {name: column.initial() for name, column in table.columns.items()} | dict(row)
    kept = {name: value for name, value in full.items() if value is not None}
    names = ", ".join(table.columns[name].sql for name in kept)
    marks = ", ".join(values.put(table.columns[name], value) for name, value in kept.items())
    return f"INSERT INTO {table.sql} ({names}) VALUES ({marks})"


def update(table: Table, where: Where, changes: Mapping[str, Any], values: Values) -> str:
    """Return an UPDATE; MariaDB sets one column after the other and later ones see the earlier."""
    stamps = {name: column.initial() for name, column in table.columns.items() if column.stamp and name not in changes}
    every = {**with_name_key(table.columns, changes), **stamps}
    hint = table.by_key if table.key in where else ""
    pairs = ", ".join(f"{table.columns[name].sql} = {_new(table, name, new, values)}" for name, new in every.items())
    return f"UPDATE {table.sql}{hint} SET {pairs}{condition(table, where, values)}"


def _new(table: Table, name: str, value: Any, values: Values) -> str:
    column = table.columns[name]
    if isinstance(value, Add):
        return f"coalesce({column.sql}, 0) + {values.put(column, value.by)}"
    if not isinstance(value, Copy):
        return values.put(column, value)
    source = table.columns[value.column]
    return source.sql if value.otherwise is None else f"coalesce({source.sql}, {values.put(source, value.otherwise)})"


def _one(table: Table, key: str, value: Any, values: Values) -> str:
    name, _, how = key.partition("__")
    column = table.columns[name]
    if how == "in":
        marks = ", ".join(values.put(column, each) for each in value)
        return f"{column.sql} IN ({marks})" if marks else "1 = 0"
    if value is None:
        return f"{column.sql} IS {'NOT ' if how == 'ne' else ''}NULL"
    return f"{column.sql} {_COMPARE[how] if how else '='} {values.put(column, value)}"


def _table(quote: Any, entity: Any, *, key: str = "id", instances: bool = False) -> Table:
    return Table(quote(entity._table_), dict(_columns(quote, entity)), key, entity, instances)


def _columns(quote: Any, entity: Any) -> Iterator[tuple[str, Column]]:
    for attribute in entity._attrs_with_columns_:
        name = attribute.columns[0] if attribute.reverse else attribute.name
        yield (
            name,
            Column(
                quote(attribute.columns[0]),
                attribute.converters[0],
                blank=attribute.is_string and not attribute.is_required and not attribute.nullable,
                nullable=bool(attribute.nullable) and not attribute.is_required,
                unique=bool(attribute.is_unique),
                default=entity._discriminator_ if attribute.is_discriminator else attribute.default,
                stamp=getattr(attribute, "stamp", False),
            ),
        )
