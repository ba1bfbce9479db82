"""Compare the database with the mapped tables, for `flask identity doctor`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import BigInteger, Table, UniqueConstraint, func, select, text

from ...base.ports import Kind
from ...base.survey import Survey
from ..survey import LONG, Wanted, survey
from .faults import outages
from .unit import reading

_NAMES = {Kind.USER: ("email", "username"), Kind.ROLE: ("name",)}


class Surveyed:
    """The part of the store that looks at its database."""

    session: Callable[[], Any]
    _columns: Any

    def survey(self, newest: str) -> Survey:
        """Compare the database with the models; see `Surveyed`."""
        session = self.session()
        password = self._columns[Kind.USER]["password"]

        def ask(sql: str) -> Any:
            return session.execute(text(sql)).all()

        def outdated() -> int:
            old = select(func.count()).where(password.is_not(None), func.substr(password, 1, len(newest)) != newest)
            return int(session.execute(old).scalar_one())

        with reading(session), outages():
            dialect = session.get_bind(bind_arguments={"clause": self._columns.table(Kind.USER)}).dialect.name
            name = "mysql" if dialect == "mariadb" else dialect
            return survey(name, dict(self._wanted()), ask, outdated)

    def _wanted(self) -> Any:
        for kind in Kind:
            columns = self._columns[kind]
            if columns:
                table = self._columns.table(kind)
                yield table.name, _wanted(table, columns, _NAMES.get(kind, ()), kind is Kind.USER)


def _wanted(table: Table, columns: Mapping[str, Any], names: tuple[str, ...], users: bool) -> Wanted:
    rules = [rule for rule in table.constraints if isinstance(rule, UniqueConstraint)]
    indexes = [([column.name for column in each.columns], each.unique) for each in table.indexes]
    return Wanted(
        {column.name: _size(column) for column in table.columns},
        [parts for parts, unique in indexes if not unique],
        [[column.name for column in rule.columns] for rule in rules] + [parts for parts, unique in indexes if unique],
        frozenset(column.name for column in table.columns if isinstance(column.type, BigInteger)),
        tuple(columns[name].name for name in names if name in columns),
        columns["email"].name if users else None,
    )


def _size(column: Any) -> int | None:
    if isinstance(column.type, BigInteger):
        return LONG
    length: int | None = getattr(column.type, "length", None)
    return length
