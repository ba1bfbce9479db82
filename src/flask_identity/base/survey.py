"""What a store can tell about its database: how the tables there differ from what the models need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Survey:
    """What was found. Names are `table`, `table.column`, or `table (column, column)` for an index."""

    dialect: str
    """`sqlite`, `postgresql` or `mysql`."""
    missing_tables: Sequence[str] = ()
    missing_columns: Sequence[str] = ()
    missing_indexes: Sequence[str] = ()
    too_short: Sequence[str] = ()
    """Columns that hold less than the models allow."""
    folding: Mapping[str, str] = field(default_factory=dict)
    """Columns of names that are not compared byte by byte, with the collation they have."""
    few_letters: Mapping[str, str] = field(default_factory=dict)
    """Text columns that cannot hold every alphabet, with their character set."""
    email_is_unique: bool = True
    ahead: float = 0.0
    """Seconds by which the database's clock is ahead of this process's."""
    outdated: int = 0
    """How many password records are not of the newest form."""
