"""Make an instance of an application's class, whichever ORM it is on."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping
from typing import Any


def instance(cls: Any, values: Mapping[str, Any], columns: Collection[str]) -> Any:
    """Return a new instance.

    Args:
        cls: The class.
        values: What it is made with.
        columns: The names of its columns.

    Raises:
        TypeError: for a value that it does not take, naming the nearest column.
    """
    try:
        return cls(**values)
    except TypeError:
        # Asked only now: a class may take what is no attribute of it.
        refuse_unknown(cls, values, columns)
        raise


def refuse_unknown(cls: Any, values: Collection[str], columns: Collection[str]) -> None:
    """Refuse what is neither a column nor another attribute of a class.

    Raises:
        TypeError: naming the first such value and the nearest column.
    """
    unknown = next((name for name in values if name not in columns and not hasattr(cls, name)), None)
    if unknown is not None:
        near = difflib.get_close_matches(unknown, sorted(columns), n=1, cutoff=0.0)[0]
        raise TypeError(f"{cls.__name__} has no field {unknown!r}; the nearest it has is {near!r}.")
