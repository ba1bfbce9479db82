"""Who is calling, in one SELECT on a connection of our own.

The text is made once; its columns are numbers, booleans and texts, so nothing has to be converted but a key of another
type. It asks for what `stores/sqlalchemy/resume.py` asks for, in the same order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ...base.ports import Kind, Resumed
from ...models.pony.columns import MARIADB, SQLITE
from ..resumed import FIELD, resumed
from .connections import Connections
from .session import Sessions
from .statements import Column, Table


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
        else:
            rows = self.connections.run(statements.read, (session_id,))
        return resumed(rows, statements.key.read)

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
    joined = f"{rows.sql} s JOIN {user.sql} u ON {u['id']} = {s['user_id']}"
    held = "NULL"
    if Kind.MEMBERSHIP in tables:
        members, role = tables[Kind.MEMBERSHIP], tables[Kind.ROLE]
        m = {name: f"m.{column.sql}" for name, column in members.columns.items()}
        r = {name: f"r.{column.sql}" for name, column in role.columns.items()}
        joined += f" LEFT JOIN {members.sql} m ON {m['user_id']} = {u['id']}"
        joined += f" LEFT JOIN {role.sql} r ON {r['id']} = {m['role_id']}"
        held = _one_text(r, dialect)
    wanted = [
        *(s[name] for name in ("id", "digest", "kind", "remember", "uniquifier", "created_at", "last_seen_at")),
        *(s["proved_at"], u["id"], u["email"], u["active"], confirmed, u["uniquifier"]),
        *(held, s["expires_at"], s["scopes"]),
    ]
    return f"SELECT {', '.join(wanted)} FROM {joined} WHERE {s['id']} = {mark}"


def _one_text(role: Mapping[str, str], dialect: str) -> str:
    text = "CHAR" if dialect == MARIADB else "TEXT"
    parts = [role["name"]]
    for extra in ("rank", "permissions"):
        filled = f"coalesce(CAST({role[extra]} AS {text}), '')" if extra in role else "''"
        parts += [f"'{FIELD}'", filled]
    return f"concat({', '.join(parts)})" if dialect == MARIADB else " || ".join(parts)
