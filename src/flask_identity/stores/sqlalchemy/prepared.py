"""Statements prepared once on a connection of psycopg and run without what its cursors do for each of theirs.

psycopg's cursor parses, adapts and plans for any statement, which costs as much as the round trip. Ours are two, known
beforehand, with texts and integers for parameters; libpq runs them, waited for as psycopg waits.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

_PLACEHOLDER = re.compile("%([%s])")


class PreparedCursor:
    """As much of a cursor as a statement that stands alone needs.

    Args:
        connection: A psycopg connection in autocommit that nobody else uses.
    """

    def __init__(self, connection: Any) -> None:
        from psycopg import adapt, errors, generators, pq

        self._connection = connection
        self._libpq = connection.pgconn
        self._fetch = generators.execute
        self._done = (pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK)
        self._error = errors.error_from_result
        self._loader = adapt.Transformer(connection)
        self._names: dict[str, bytes] = {}
        self._result: Any = None

    def execute(self, statement: str, arguments: Sequence[str | int]) -> None:
        """Run a statement, prepared the first time.

        Raises:
            psycopg.Error: as a cursor does.
        """
        name = self._names.get(statement) or self._prepare(statement)
        self._libpq.send_query_prepared(name, [str(value).encode() for value in arguments])
        self._result = self._wait()

    def fetchall(self) -> Sequence[Any]:
        """Return the rows of the last statement."""
        result, self._result = self._result, None
        self._loader.set_pgresult(result)
        rows: Sequence[Any] = self._loader.load_rows(0, result.ntuples, tuple)
        return rows

    def _prepare(self, statement: str) -> bytes:
        name = f"flask_identity_{len(self._names)}".encode()
        count = 0

        def numbered(found: re.Match[str]) -> str:
            nonlocal count
            count += found[1] == "s"
            return f"${count}" if found[1] == "s" else "%"

        self._libpq.send_prepare(name, _PLACEHOLDER.sub(numbered, statement).encode())
        self._wait()
        self._names[statement] = name
        return name

    def _wait(self) -> Any:
        result = self._connection.wait(self._fetch(self._libpq))[-1]
        if result.status not in self._done:
            raise self._error(result, encoding="utf-8")
        return result


def cursor(driver: str, connection: Any) -> Any:
    """Return what to run statements through: a prepared one where psycopg is told to prepare at all.

    An application whose connections go through a pooler that knows no prepared statements has told it not to.
    """
    if driver != "psycopg" or connection.prepare_threshold is None or connection.info.encoding != "utf-8":
        return connection.cursor()
    try:
        return PreparedCursor(connection)
    except (ImportError, AttributeError):  # a release of psycopg whose inner parts have other names
        return connection.cursor()
