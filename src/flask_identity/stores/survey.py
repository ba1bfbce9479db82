"""Compare a database with what the models need, in plain SQL, for either ORM.

Only catalogues are read, so it costs the same whatever the tables hold.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..base.survey import Survey

Ask = Callable[[str], Sequence[Any]]
"""Runs a SELECT without values and returns its rows."""

LONG = 8  # bytes of a big integer
_BYTES = {"smallint": 2, "mediumint": 3, "int": 4, "integer": 4, "bigint": 8}


@dataclass(frozen=True)
class Wanted:
    """A table as the models have it."""

    columns: Mapping[str, int | None]
    """By column, how many characters it has to hold; LONG for a big integer; None for anything else."""
    indexes: Sequence[Sequence[str]]
    unique: Sequence[Sequence[str]]
    big: frozenset[str] = frozenset()
    """The columns whose number is bytes, not characters."""
    names: tuple[str, ...] = ()
    """Columns that must be compared byte by byte."""
    email: str | None = None
    """The column with the address, in the table of users."""


_COLUMNS = {
    "sqlite": "SELECT m.name, p.name, p.type, 0, '', '' FROM sqlite_master m JOIN pragma_table_info(m.name) p "
    "WHERE m.type = 'table'",
    "postgresql": "SELECT c.relname, a.attname, t.typname, "
    "CASE WHEN t.typname = 'varchar' AND a.atttypmod > 4 THEN a.atttypmod - 4 ELSE 0 END, "
    "CASE WHEN t.typname = 'citext' THEN 'citext' WHEN o.oid IS NOT NULL AND NOT o.collisdeterministic "
    "THEN o.collname ELSE '' END, '' "
    "FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_type t ON t.oid = a.atttypid "
    "LEFT JOIN pg_collation o ON o.oid = a.attcollation "
    "WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped AND pg_table_is_visible(c.oid)",
    "mysql": "SELECT table_name, column_name, data_type, coalesce(character_maximum_length, 0), "
    "coalesce(collation_name, ''), coalesce(character_set_name, '') FROM information_schema.columns "
    "WHERE table_schema = DATABASE()",
}
"""Table, column, type, characters, the collation (on PostgreSQL only where it folds), the character set."""

_INDEXES = {
    "sqlite": 'SELECT m.name, i.name, i."unique" AND NOT i.partial, x.name, x.coll FROM sqlite_master m '
    "JOIN pragma_index_list(m.name) i JOIN pragma_index_xinfo(i.name) x "
    "WHERE m.type = 'table' AND x.key = 1 ORDER BY m.name, i.name, x.seqno",
    "postgresql": "SELECT c.relname, n.relname, "
    "CASE WHEN i.indisunique AND i.indisvalid AND i.indpred IS NULL THEN 1 ELSE 0 END, a.attname, '' FROM pg_index i "
    "JOIN pg_class c ON c.oid = i.indrelid JOIN pg_class n ON n.oid = i.indexrelid "
    "CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k(attnum, place) "
    "LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum "
    "WHERE pg_table_is_visible(c.oid) ORDER BY c.relname, n.relname, k.place",
    "mysql": "SELECT table_name, index_name, CASE WHEN non_unique = 0 AND sub_part IS NULL THEN 1 ELSE 0 END, "
    "column_name, '' FROM information_schema.statistics WHERE table_schema = DATABASE() "
    "ORDER BY table_name, index_name, seq_in_index",
}
"""Table, index, whether it keeps values apart, column, the collation it compares by (SQLite)."""

_CLOCK = {
    "postgresql": "SELECT extract(epoch FROM clock_timestamp())",
    "mysql": "SELECT unix_timestamp(now(6))",
}


def survey(dialect: str, wanted: Mapping[str, Wanted], ask: Ask, outdated: Callable[[], int]) -> Survey:
    """Look at a database.

    Args:
        dialect: `sqlite`, `postgresql` or `mysql`.
        wanted: What the models have, by table.
        ask: Runs a SELECT.
        outdated: Counts old password records; called only where the table of users is whole.
    """
    columns: dict[str, dict[str, Any]] = defaultdict(dict)
    for table, column, *rest in ask(_COLUMNS[dialect]):
        columns[str(table)][str(column)] = rest
    indexes = _grouped(ask(_INDEXES[dialect]))
    seen = [_look(dialect, name, each, columns.get(name), indexes.get(name, ())) for name, each in wanted.items()]
    gone = {name for each in seen for name in (*each.missing_tables, *each.missing_columns)}
    users = next(name for name, each in wanted.items() if each.email is not None)
    whole = not any(name.partition(".")[0] == users for name in gone)
    return Survey(
        dialect,
        missing_tables=[name for each in seen for name in each.missing_tables],
        missing_columns=[name for each in seen for name in each.missing_columns],
        missing_indexes=[name for each in seen for name in each.missing_indexes],
        too_short=[name for each in seen for name in each.too_short],
        folding={name: what for each in seen for name, what in each.folding.items()},
        few_letters={name: what for each in seen for name, what in each.few_letters.items()},
        email_is_unique=all(each.email_is_unique for each in seen),
        ahead=_ahead(dialect, ask),
        outdated=outdated() if whole else 0,
    )


_Index = tuple[tuple[str, ...], bool, str]


def _grouped(rows: Sequence[Any]) -> Mapping[str, Sequence[_Index]]:
    parts: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for table, index, unique, column, collation in rows:
        parts[str(table), str(index)].append((str(column), bool(unique), str(collation or "")))
    found: dict[str, list[_Index]] = defaultdict(list)
    for (table, _), each in parts.items():
        found[table].append((tuple(column for column, _, _ in each), all(unique for _, unique, _ in each), each[0][2]))
    return found


def _look(
    dialect: str, name: str, wanted: Wanted, found: Mapping[str, Any] | None, indexes: Sequence[_Index]
) -> Survey:
    if not found:
        return Survey(dialect, [name])
    here = {column: found[column] for column in wanted.columns if column in found}
    unique = [set(columns) for columns, alone, _ in indexes if alone]
    lacking = [each for each in wanted.unique if set(each) not in unique]
    # A longer index that begins the same serves as well.
    lacking += [each for each in wanted.indexes if not any(has[: len(each)] == tuple(each) for has, _, _ in indexes)]
    return Survey(
        dialect,
        missing_columns=[f"{name}.{column}" for column in wanted.columns if column not in found],
        missing_indexes=[f"{name} ({', '.join(each)})" for each in lacking],
        too_short=[f"{name}.{column}" for column, facts in here.items() if _is_short(dialect, wanted, column, facts)],
        folding=_folding(dialect, name, wanted, here, indexes),
        few_letters={
            f"{name}.{column}": facts[3] for column, facts in here.items() if facts[3] not in ("", "utf8mb4", "ascii")
        },
        email_is_unique=wanted.email is None or {wanted.email} in unique,
    )


def _is_short(dialect: str, wanted: Wanted, column: str, facts: Any) -> bool:
    size = wanted.columns[column]
    if size is None or dialect == "sqlite":  # which keeps whatever it is given
        return False
    if column in wanted.big:
        return _width(str(facts[0])) < size
    return 0 < int(facts[1]) < size


def _width(kind: str) -> int:
    number = kind.lower().removeprefix("int")
    return int(number) if number in ("2", "4", "8") else _BYTES.get(kind.lower(), LONG)


def _folding(
    dialect: str, name: str, wanted: Wanted, found: Mapping[str, Any], indexes: Sequence[_Index]
) -> Mapping[str, str]:
    if dialect == "sqlite":  # it tells the collation of an index only, which is that of the column
        named = {columns[0]: collation for columns, _, collation in indexes if len(columns) == 1}
        folds = {column: named.get(column, "") for column in wanted.names if named.get(column, "BINARY") != "BINARY"}
    else:
        folds = {column: str(found[column][2]) for column in wanted.names if column in found}
        folds = {
            column: how for column, how in folds.items() if how and not (dialect == "mysql" and how.endswith("_bin"))
        }
    return {f"{name}.{column}": how for column, how in folds.items()}


def _ahead(dialect: str, ask: Ask) -> float:
    if dialect not in _CLOCK:  # SQLite is a library in this process, with this process's clock
        return 0.0
    before = time.time()
    theirs = float(ask(_CLOCK[dialect])[0][0])
    return theirs - (before + time.time()) / 2
