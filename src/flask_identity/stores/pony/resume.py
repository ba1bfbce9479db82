"""Who is calling, in one SELECT on a connection of our own.

The text is made once; its columns are numbers, booleans and texts, so nothing has to be converted but a key of another
type. It asks for what `stores/sqlalchemy/resume.py` asks for, in the same order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...base.ports import Kind, Resumed
from ...models.pony.columns import MARIADB, POSTGRES, SQLITE
from .connections import Connections
from .session import Sessions
from .statements import Column, Table

_FIELD = "'\x1f'"
_ROW = "'\x1e'"


@dataclass(frozen=True)
class _Statements:
    read: str
    touch: str
    mark: str
    key: Column


class Resumer:
    """Resumes sessions of one User/Role pair."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._statements: _Statements | None = None
        self.connections: Connections = Connections(sessions.db)

    def resume(self, tables: Mapping[Kind, Table], session_id: str) -> Resumed | None:
        """Read one session and its user; None where there is no such session."""
        statements = self._known(tables)
        if self._is_in_memory():
            with self._sessions.reading():
                text = statements.read.replace(statements.mark, "$session_id")
                rows = self._sessions.read(text, {"session_id": session_id})
            row = rows[0] if rows else None
        else:
            row = self.connections.run(statements.read, (session_id,))
        return None if row is None else _resumed(row, statements.key.read(row[8]))

    def touch(self, tables: Mapping[Kind, Table], session_id: str, seen_at: int) -> None:
        """Move `last_seen_at` forward, committed at once."""
        statements, sessions = self._known(tables), self._sessions
        text = statements.touch.replace(statements.mark, "$seen_at", 1).replace(statements.mark, "$session_id")
        values = {"seen_at": seen_at, "session_id": session_id}
        if sessions.is_open() or (sessions.db.provider.dialect == SQLITE and not sessions.idle()):
            sessions.write(text, values)  # another connection might wait for what this one has locked
        elif self._is_in_memory():
            with sessions.unit():
                sessions.write(text, values)
        else:
            self.connections.run(statements.touch, (seen_at, session_id))

    def _is_in_memory(self) -> bool:
        # Another connection would see another database, or none.
        provider = self._sessions.db.provider
        if provider.dialect != SQLITE:
            return False
        return bool(provider.pool.is_shared_memory_db) or provider.pool.filename == ":memory:"

    def _known(self, tables: Mapping[Kind, Table]) -> _Statements:
        if self._statements is None:
            dialect = self._sessions.db.provider.dialect
            mark = "?" if dialect == SQLITE else "%s"
            rows = tables[Kind.SESSION]
            seen, key = rows.columns["last_seen_at"].sql, rows.columns["id"].sql
            self._statements = _Statements(
                _select(tables, dialect, mark),
                f"UPDATE {rows.sql} SET {seen} = {mark} WHERE {key} = {mark}",
                mark,
                tables[Kind.USER].columns["id"],
            )
        return self._statements


def _select(tables: Mapping[Kind, Table], dialect: str, mark: str) -> str:
    rows, user = tables[Kind.SESSION], tables[Kind.USER]
    s = {name: f"s.{column.sql}" for name, column in rows.columns.items()}
    u = {name: f"u.{column.sql}" for name, column in user.columns.items()}
    confirmed = f"{u['confirmed_at']} IS NOT NULL" if "confirmed_at" in u else "1 = 1"
    wanted = [
        *(s[name] for name in ("id", "digest", "kind", "remember", "uniquifier", "created_at", "last_seen_at")),
        *(s["proved_at"], u["id"], u["email"], u["active"], confirmed, u["uniquifier"]),
        *(_roles(tables, dialect, u["id"]), s["expires_at"], s["scopes"]),
    ]
    joined = f"{rows.sql} s JOIN {user.sql} u ON {u['id']} = {s['user_id']}"
    return f"SELECT {', '.join(wanted)} FROM {joined} WHERE {s['id']} = {mark}"


def _roles(tables: Mapping[Kind, Table], dialect: str, user_id: str) -> str:
    if Kind.MEMBERSHIP not in tables:
        return "NULL"
    members, roles = tables[Kind.MEMBERSHIP], tables[Kind.ROLE]
    columns = roles.columns
    text = "CHAR" if dialect == MARIADB else "TEXT"
    parts = [f"r.{columns['name'].sql}"]
    for extra in ("rank", "permissions"):
        filled = f"coalesce(CAST(r.{columns[extra].sql} AS {text}), '')" if extra in columns else "''"
        parts += [_FIELD, filled]
    each = f"concat({', '.join(parts)})" if dialect == MARIADB else " || ".join(parts)
    held, role = members.columns["user_id"].sql, members.columns["role_id"].sql
    joined = f"{members.sql} m JOIN {roles.sql} r ON r.{columns['id'].sql} = m.{role}"
    return f"(SELECT {_joined(dialect, each)} FROM {joined} WHERE m.{held} = {user_id})"


def _joined(dialect: str, each: str) -> str:
    if dialect == MARIADB:
        return f"group_concat({each} SEPARATOR {_ROW})"
    return f"{'string_agg' if dialect == POSTGRES else 'group_concat'}({each}, {_ROW})"


def _resumed(row: Any, key: Any) -> Resumed:
    return Resumed(
        *(row[0], row[1], row[2], bool(row[3]), row[4], row[5], row[6], row[7]),
        *(key, row[9], bool(row[10]), bool(row[11]), row[12] or "", row[13] or "", row[14], row[15] or ""),
    )
