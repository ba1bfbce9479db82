"""Tell what a database driver's error means, whichever ORM it came through."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping
from typing import Any

from ..base.errors import Gone, Taken

DEADLOCK: frozenset[str | int] = frozenset({"40P01", "40001", 1213, 1020})
"""PostgreSQL's deadlock and serialization failure; MariaDB's deadlock and "record has changed since last read"."""

_OURS = {1054, 1064, 1146, 1364}
"""MariaDB: unknown column, syntax, no such table, no default. Telling people to wait would hide a defect."""

_OURS_IN_SQLITE = ("no such", "syntax error", "has no column", "too many")


def code(error: BaseException | None) -> Any:
    """Return a driver error's own code: SQLSTATE, MariaDB's number, or None."""
    args = getattr(error, "args", ())
    if args and isinstance(args[0], int):  # MariaDB's; its SQLSTATE says less
        return args[0]
    return getattr(error, "sqlstate", None) or getattr(error, "pgcode", None)


def is_deadlock(error: BaseException | None) -> bool:
    """Say whether a driver error means that the whole transaction may be tried again."""
    return code(error) in DEADLOCK


def is_away(error: BaseException | None) -> bool:
    """Say whether a driver error means that the database is away or cannot take the change now."""
    names = {kind.__name__ for kind in type(error).__mro__}
    if isinstance(error, sqlite3.OperationalError):
        return not any(sign in str(error) for sign in _OURS_IN_SQLITE)
    number = code(error)
    if isinstance(number, int) and number in _OURS:
        return False
    return bool(names & {"OperationalError", "InterfaceError", "ReadOnlySqlTransaction"})


def integrity(kind: str, unique: Collection[str], orig: Any) -> Exception | None:
    """Return the refusal that a driver's IntegrityError stands for; None where it is an error of ours.

    Args:
        kind: The table that is worked on.
        unique: Its columns under a unique rule; as a mapping, with the names that a database may give the rule.
        orig: The driver's error.
    """
    number = code(orig)
    text = str(orig)
    if number == "23503" or number in (1451, 1452) or "FOREIGN KEY" in text:
        return Gone()
    if number == "23505" or number == 1062 or "UNIQUE constraint" in text:
        return Taken(kind, _column(orig, text, unique))
    return None


def _column(orig: Any, text: str, unique: Collection[str]) -> str:
    # The name of the rule, never the value: an address may well contain the word "username".
    rule = getattr(getattr(orig, "diag", None), "constraint_name", None)
    if rule is None:
        rule = text.rpartition(" for key ")[2] if " for key " in text else text.rpartition("failed: ")[2]
    rule = rule.strip("'\"`) ")
    known: Mapping[str, Collection[str]] = unique if isinstance(unique, Mapping) else {}
    exact = [column for column, names in known.items() if rule in names or rule.rpartition(".")[2] in names]
    if exact:
        return exact[0]
    named = [column for column in unique if column in rule]
    return max(named, key=len, default="")
