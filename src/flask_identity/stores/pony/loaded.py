"""What Pony remembers of rows, and how it is made to forget.

Pony keeps every row it has read for the length of a `db_session` and compares it when it writes. A row that was
changed below it, by one statement of ours, has to be read anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from pony.orm import core

_IN_DATABASE = ("loaded", "inserted", "updated")


def forget(cache: Any, cls: Any, names: Iterable[str] | None = None) -> None:
    """Forget columns of all loaded rows of a class, so that they are read anew when they are asked for.

    Args:
        cache: Pony's cache.
        cls: The entity.
        names: Attributes; None forgets all columns.
    """
    cache.query_results.clear()
    wanted = cls._adict_.values() if names is None else [cls._adict_[name] for name in names if name in cls._adict_]
    for row in _rows(cache, cls):
        for attribute in wanted:
            _forget(cache, row, attribute, collections=names is not None)


def unchecked(cache: Any, cls: Any) -> None:
    """Let the next read overwrite what was read before; Pony would call a value that has changed an error."""
    for row in _rows(cache, cls):
        row._rbits_ = 0


def forget_roles(rows: Iterable[Any]) -> None:
    """Forget which roles users hold, so that they are read anew when they are asked for."""
    for row in rows:
        row._vals_.pop(row._adict_.get("roles"), None)


@contextmanager
def undecided(cache: Any, cls: Any, values: Mapping[str, Any]) -> Iterator[None]:
    """Let the database decide whether unique values are taken, not what was read of them before."""
    holders = []
    for attribute in cls._simple_keys_:
        value = values.get(attribute.name)
        row = cache.indexes[attribute].get(value) if attribute.is_basic else None
        if row is not None and row._status_ in _IN_DATABASE:
            holders.append((row, attribute))
            _unlist(cache.indexes[attribute], row, value)
    yield
    for row, attribute in holders:
        _forget(cache, row, attribute, collections=False)


def complete(cache: Any, classes: Sequence[Any]) -> None:
    """Read all of the rows that are about to outlive their session, with the roles of users."""
    # A row that somebody removed meanwhile stays as it was.
    for row in list(_rows(cache, tuple(classes))):
        with suppress(core.UnrepeatableReadError):
            _read(row)
            if "roles" in row._adict_:
                for role in row.roles:
                    _read(role)


def _read(row: Any) -> None:
    if any(attribute.columns and attribute not in row._vals_ for attribute in row._attrs_with_columns_):
        row.load()


def _rows(cache: Any, cls: Any) -> Iterator[Any]:
    return (row for row in cache.objects if isinstance(row, cls) and row._status_ in _IN_DATABASE)


def _forget(cache: Any, row: Any, attribute: Any, *, collections: bool) -> None:
    if attribute.pk_offset is not None:
        return
    if attribute.is_collection or not attribute.columns:  # roles, or the other side of one to one
        if collections:
            row._vals_.pop(attribute, None)
        return
    row._rbits_ &= ~row._bits_[attribute]
    if attribute.reverse:
        return  # Pony itself keeps both sides in step when it reads the row again
    if attribute.is_unique:
        _unlist(cache.indexes[attribute], row, row._vals_.get(attribute))
    for keys, _ in attribute.composite_keys:
        _unlist(cache.indexes[keys], row, tuple(row._vals_.get(each) for each in keys))
    row._vals_.pop(attribute, None)
    row._dbvals_.pop(attribute, None)


def _unlist(index: Any, row: Any, value: Any) -> None:
    if index.get(value) is row:
        del index[value]
