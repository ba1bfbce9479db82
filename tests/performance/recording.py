"""What a process says to a database, below SQLAlchemy: the statement that tells who is calling uses a bare cursor.

SQLite tells by its trace callback, PostgreSQL by libpq's trace of the protocol, MariaDB where its driver sends a
command; so BEGIN, COMMIT and ROLLBACK are among them, and each statement is one round trip.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.pool import Pool

_MESSAGE = re.compile(r"^F\t\d+\t(\w+)\t (.*?)\n(?=[FB]\t|\Z)", re.MULTILINE | re.DOTALL)
_PARSE = re.compile(r'"([^"]*)" "(.*)" [\d ]+', re.DOTALL)
_BIND = re.compile(r'"[^"]*" "([^"]*)"')


class Recorder:
    """Collects what is sent on every connection made while it is active."""

    def __init__(self) -> None:
        self._sent: list[str] = []
        self._traces: list[_Trace] = []

    def take(self) -> list[str]:
        """Return the statements since the last call, white space made plain."""
        found = self._sent + [each for trace in self._traces for each in trace.take()]
        self._sent.clear()
        return [" ".join(each.split()) for each in found]

    def connected(self, connection: Any, _: Any) -> None:
        """Listen to a new connection."""
        driver = type(connection).__module__.partition(".")[0]
        if driver == "psycopg":
            self._traces.append(_Trace(connection))
        elif driver == "pymysql":
            self._listen_to_pymysql(connection)
        else:
            connection.set_trace_callback(self._sent.append)

    def close(self) -> None:
        """Let go of the files."""
        for trace in self._traces:
            trace.close()

    def _listen_to_pymysql(self, connection: Any) -> None:
        from pymysql.constants.COMMAND import COM_QUERY

        execute = connection._execute_command

        def listening(command: int, sql: Any) -> Any:
            if command == COM_QUERY:
                self._sent.append(sql if isinstance(sql, str) else bytes(sql).decode())
            return execute(command, sql)

        connection._execute_command = listening


class _Trace:
    """The protocol trace of one PostgreSQL connection."""

    def __init__(self, connection: Any) -> None:
        from psycopg.pq import Trace

        self._connection = connection
        self._prepared: dict[str, str] = {}
        self._file = tempfile.NamedTemporaryFile("r", prefix="trace-", encoding="utf-8", errors="replace")  # noqa: SIM115
        self._target = os.open(self._file.name, os.O_WRONLY)
        connection.pgconn.trace(self._target)
        connection.pgconn.set_trace_flags(Trace.SUPPRESS_TIMESTAMPS)

    def take(self) -> Iterator[str]:
        for kind, rest in _MESSAGE.findall(self._file.read()):
            if kind == "Query":
                yield rest.strip('"')
            elif kind == "Parse" and (parsed := _PARSE.fullmatch(rest)):
                self._prepared[parsed[1]] = parsed[2]
            elif kind == "Bind" and (bound := _BIND.match(rest)):
                yield self._prepared[bound[1]]

    def close(self) -> None:
        if not self._connection.closed:
            self._connection.pgconn.untrace()
        os.close(self._target)
        self._file.close()


@contextmanager
def recording() -> Iterator[Recorder]:
    """Record on all connections that are made from now on."""
    recorder = Recorder()
    with ExitStack() as stack:
        stack.callback(recorder.close)
        event.listen(Pool, "connect", recorder.connected)
        stack.callback(event.remove, Pool, "connect", recorder.connected)
        yield recorder
