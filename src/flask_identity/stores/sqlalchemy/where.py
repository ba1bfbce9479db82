"""Conditions and values of the `Store` verbs, in SQLAlchemy's terms."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, func, null
from sqlalchemy.sql import ColumnElement

from ...base.ports import Add, Copy, Where
from ..prefix import with_name_key

_COMPARE: Mapping[str, Callable[[Any, Any], Any]] = {
    "lt": operator.lt,
    "le": operator.le,
    "gt": operator.gt,
    "ge": operator.ge,
    "ne": operator.ne,
    "in": lambda column, values: column.in_(values),
}


def conditions(columns: Mapping[str, Any], where: Where) -> list[ColumnElement[bool]]:
    """Return the conditions of a `Where` over the columns of one table, by attribute name."""
    found: list[ColumnElement[bool]] = []
    for key, value in where.items():
        name, _, how = key.partition("__")
        column = columns[name]
        if not how:
            found.append(column.is_(None) if value is None else column == fitting(column, value))
        else:
            compared = [fitting(column, each) for each in value] if how == "in" else fitting(column, value)
            found.append(_COMPARE[how](column, compared))
    return found


def assignments(columns: Mapping[str, Any], values: Mapping[str, Any]) -> list[tuple[Any, Any]]:
    """Return what an UPDATE sets, in order: MariaDB sets one after the other and later ones see the earlier."""
    found: list[tuple[Any, Any]] = []
    for name, value in with_name_key(columns, values).items():
        column = columns[name]
        if isinstance(value, Add):
            value = func.coalesce(column, 0) + value.by
        elif isinstance(value, Copy):
            source = columns[value.column]
            value = source if value.otherwise is None else func.coalesce(source, fitting(source, value.otherwise))
        else:
            value = fitting(column, value)
        found.append((column, value))
    return found


def attributes(columns: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a new instance is made with. None given for a column with a default means NULL, not the default."""
    made = {name: fitting(columns[name], value) if name in columns else value for name, value in values.items()}
    unset = [name for name, value in made.items() if value is None and name in columns]
    return made | {name: null() for name in unset if columns[name].default is not None}


def fitting(column: Any, value: Any) -> Any:
    """Return a value as its column wants it: a hand-written column without a time zone takes naive UTC."""
    kind = column.type
    if isinstance(value, datetime) and value.tzinfo is not None and isinstance(kind, DateTime) and not kind.timezone:
        return value.astimezone(UTC).replace(tzinfo=None)
    return value
