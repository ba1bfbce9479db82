"""Compare the database with the mapped entities, for `flask identity doctor`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ...base.ports import Kind
from ...base.survey import Survey
from ...models.pony.columns import MARIADB, POSTGRES, SQLITE
from ...models.pony.tables import Tables
from ..survey import LONG, Wanted, survey
from .faults import outages
from .session import Sessions
from .statements import Table

_DIALECTS = {SQLITE: "sqlite", POSTGRES: "postgresql", MARIADB: "mysql"}
_LENGTH = re.compile(r"char[a-z ]*\(\s*(\d+)", re.IGNORECASE)


class Surveyed:
    """The part of the store that looks at its database."""

    _defined: Tables
    _sessions: Sessions

    if TYPE_CHECKING:

        @property
        def _tables(self) -> Mapping[Kind, Table]: ...

    def survey(self, newest: str) -> Survey:
        """Compare the database with the models; see `Surveyed`."""
        users = self._tables[Kind.USER]
        password = users.columns["password"].sql

        def ask(sql: str) -> Any:
            return self._sessions.write(sql, {}).fetchall()

        def outdated() -> int:
            start = f"substr({password}, 1, {len(newest)})"
            old = f"SELECT count(*) FROM {users.sql} WHERE {password} <> '' AND {start} <> $p1"
            return int(self._sessions.write(old, {"p1": newest}).fetchall()[0][0])

        with outages(), self._sessions.reading():
            dialect = _DIALECTS[self._sessions.db.provider.dialect]
            return survey(dialect, dict(_wanted(self._defined)), ask, outdated)


def _wanted(defined: Tables) -> Iterator[tuple[str, Wanted]]:
    user, role = defined.user, defined.role
    names = {
        user._table_: tuple(user._adict_[name].columns[0] for name in ("email", "username") if name in user._adict_),
        role._table_: (role._adict_["name"].columns[0],),
    }
    entities = [getattr(defined, name) for name in defined.__dataclass_fields__ if name != "db"]
    ours = [entity._table_ for entity in entities if hasattr(entity, "_table_")]
    members = defined.membership()
    for name in [*ours, *([members[0]] if members else [])]:
        table = defined.db.schema.tables[name]
        sizes = {column.name: _size(column.sql_type) for column in table.column_list}
        rules = [
            ([column.name for column in columns], each.is_unique)
            for columns, each in table.indexes.items()
            if not each.is_pk
        ]
        yield (
            name,
            Wanted(
                sizes,
                [columns for columns, unique in rules if not unique],
                [columns for columns, unique in rules if unique],
                frozenset(column for column, size in sizes.items() if size == LONG),
                names.get(name, ()),
                user._adict_["email"].columns[0] if name == user._table_ else None,
            ),
        )


def _size(sql_type: str) -> int | None:
    if "BIGINT" in sql_type.upper():
        return LONG
    named = _LENGTH.search(sql_type)
    return int(named[1]) if named else None
