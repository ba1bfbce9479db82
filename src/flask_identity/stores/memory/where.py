"""Conditions and values of the `Store` verbs, on plain objects."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any

from ...base.ports import Add, Copy, Where

_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "lt": operator.lt,
    "le": operator.le,
    "gt": operator.gt,
    "ge": operator.ge,
    "ne": operator.ne,
    "in": lambda held, values: held in values,
}


def matches(row: Any, where: Where) -> bool:
    """Say whether all conditions hold, as SQL has it: NULL is neither equal nor unequal to anything."""
    return all(_holds(row, key, value) for key, value in where.items())


def assign(row: Any, values: Mapping[str, Any]) -> None:
    """Set columns one after the other; later ones see the earlier, as on MariaDB."""
    for name, value in values.items():
        if isinstance(value, Add):
            value = (getattr(row, name) or 0) + value.by
        elif isinstance(value, Copy):
            held = getattr(row, value.column)
            value = value.otherwise if held is None else held
        setattr(row, name, value)


def _holds(row: Any, key: str, value: Any) -> bool:
    name, _, how = key.partition("__")
    held = getattr(row, name)
    if not how:
        return held is None if value is None else bool(held == value)
    return held is not None and _COMPARE[how](held, value)
