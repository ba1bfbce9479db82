"""The statement of the list of everybody's sessions, written once for both ORMs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..base.ports import Kind, SessionSeen, SessionsQuery
from .people_where import Words

_SHOWN = ("kind", "created_at", "last_seen_at", "ip", "agent")


def page(words: Words, query: SessionsQuery) -> str:
    """Return the SELECT of live sessions and whose they are, in the order they are read."""
    row = {name: f"s.{column}" for name, column in words.columns(Kind.SESSION).items()}
    user = {name: f"u.{column}" for name, column in words.columns(Kind.USER).items()}

    def put(column: str, value: Any) -> str:
        return words.put(Kind.SESSION, column, value)

    alive = " OR ".join(
        f"({row['kind']} = {put('kind', kind)} AND {row['remember']} = {put('remember', remember)} AND "
        f"{row['created_at']} > {put('created_at', began)} AND {row['last_seen_at']} > {put('last_seen_at', seen)})"
        for kind, remember, began, seen in query.alive
    )
    active = f"{user['active']} = {words.put(Kind.USER, 'active', True)}"
    conditions = [f"({alive})", active, f"{row['uniquifier']} = {user['uniquifier']}"]
    if query.users is not None:
        marks = ", ".join(words.put(Kind.USER, "id", each) for each in query.users)
        conditions.append(f"{row['user_id']} IN ({marks})" if marks else "1 = 0")
    than, order = (">", "ASC") if query.backwards else ("<", "DESC")
    if query.after is not None:
        began, last = put("created_at", query.after[0]), put("id", query.after[1])
        tie = f"({row['created_at']} = {began} AND {row['id']} {than} {last})"
        conditions += [f"{row['created_at']} {than}= {began}", f"({row['created_at']} {than} {began} OR {tie})"]
    profile = words.columns(Kind.PROFILE)
    # For each row shown, and so in nobody's way where rows are looked for.
    own = f"FROM {words.table(Kind.PROFILE)} p WHERE p.{profile['user_id']} = {user['id']}"
    told = [f"(SELECT p.{profile[name]} {own})" for name in ("image", "full_name")]
    shown = ", ".join([row["id"], user["id"], user["email"], *(row[name] for name in _SHOWN), *told])
    source = f"{words.table(Kind.SESSION)} s JOIN {words.table(Kind.USER)} u ON {user['id']} = {row['user_id']}"
    return (
        f"SELECT {shown} FROM {source} WHERE {' AND '.join(conditions)} "
        f"ORDER BY {row['created_at']} {order}, {row['id']} {order} LIMIT {query.limit + 1}"
    )


def seen(rows: Sequence[Sequence[Any]], key: Callable[[Any], Any], query: SessionsQuery) -> list[SessionSeen]:
    """Return the rows that were found, newest first; `key` reads a user's id."""
    found = [SessionSeen(row[0], key(row[1]), *row[2:]) for row in rows]
    return found[::-1] if query.backwards else found
