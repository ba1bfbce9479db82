"""The statements of the administrators' list, written once for both ORMs.

A page is found by key on an index, never by OFFSET, and a count gives up at its cap. Where people are found in several
ways (an address, a username or a full name that begins so; a value, then none), each way is a range of an index of its
own, read in order up to one page; the few rows found are then put in order together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from ..base.matching import Prefix, name_key
from ..base.ports import Kind, PeopleQuery
from .people_where import Words, filters, role_id
from .prefix import next_prefix

STATUSES = ("active", "suspended", "pending", "locked")


@dataclass(frozen=True)
class _Way:
    """One range of an index in which people are found, in the order of `value` and `key`."""

    source: str
    key: str
    value: str
    conditions: Sequence[str] = field(default_factory=tuple)
    text: bool = False
    twin: str = ""
    """The key as the table joined has it: PostgreSQL concludes no range of one from a range of the other."""


def page(words: Words, query: PeopleQuery, now: datetime, pending: bool) -> str:
    """Return the SELECT of the columns of users on one page, and of one more."""
    downward = query.descending != query.backwards
    shown = ", ".join(f"u.{column}" for column in words.columns(Kind.USER).values())
    ways = _narrowed(words, query, now, pending, by_role=query.sort == "id")
    ways = [further for way in ways for further in _beyond(words, way, query, downward)]
    limit = f"LIMIT {query.limit + 1}"
    nullable = query.prefix is None and query.sort != "id" and words.nullable(query.sort)
    if len(ways) == 1:
        (way,) = ways
        return f"SELECT {shown} FROM {_where(way)} ORDER BY {_order(words, way, downward, nullable=nullable)} {limit}"
    parts = [
        f"SELECT * FROM (SELECT {way.key} AS k, {_comparable(words, way)} AS m FROM {_where(way)}"
        f" ORDER BY {_order(words, way, downward, nullable=nullable)} {limit}) AS w{number}"
        for number, way in enumerate(ways)
    ]
    user = f"{words.table(Kind.USER)} u ON u.{words.columns(Kind.USER)['id']} = found.k"
    order = _order(words, _Way("", "found.k", "found.m"), downward, nullable=nullable)
    return f"SELECT {shown} FROM ({' UNION ALL '.join(parts)}) AS found JOIN {user} ORDER BY {order} {limit}"


def tally(words: Words, query: PeopleQuery, now: datetime, pending: bool, cap: int) -> str:
    """Return the SELECT of one count for each of `STATUSES`. A search may count up to `cap` for each way to match."""
    counts = []
    query = replace(query, sort="id")  # counts have no order, and the application may lack the column of the page's
    for status in STATUSES:
        # Those few are found by an index of their own, and sooner than among all who hold a role.
        by_role = status not in ("pending", "locked")
        ways = _narrowed(words, replace(query, status=status), now, pending, by_role=by_role, exclusive=False)
        if len(ways) == 1:
            order = f" ORDER BY {_order(words, ways[0], False)}" if ways[0].twin else ""
            some = f"SELECT 1 AS one FROM {_where(ways[0])}{order} LIMIT {cap}"
        else:
            # In the order of the index: PostgreSQL would otherwise read the whole table, hoping to be done early.
            some = " UNION ".join(
                f"SELECT k FROM (SELECT {way.key} AS k FROM {_where(way)} ORDER BY {_order(words, way, False)}"
                f" LIMIT {cap}) AS {status}_{number}"
                for number, way in enumerate(ways)
            )
        counts.append(f"(SELECT count(*) FROM ({some}) AS {status}_ones) AS {status}_count")
    return f"SELECT {', '.join(counts)}"


def details(words: Words, ids: Sequence[Any]) -> str:
    """Return the SELECT of (user id, role name, rank, full name, image) of people, a row for each role and profile."""
    profile, members, roles = (words.columns(kind) for kind in (Kind.PROFILE, Kind.MEMBERSHIP, Kind.ROLE))
    owner, shown = profile["user_id"], f"p.{profile['full_name']}, p.{profile['image']}"
    marks = ", ".join(words.put(Kind.USER, "id", each) for each in ids)
    found = [f"SELECT p.{owner}, NULL, 0, {shown} FROM {words.table(Kind.PROFILE)} p WHERE p.{owner} IN ({marks})"]
    if members:
        marks = ", ".join(words.put(Kind.USER, "id", each) for each in ids)
        rank = f"r.{roles['rank']}" if "rank" in roles else "0"
        found.append(
            f"SELECT m.{members['user_id']}, r.{roles['name']}, {rank}, NULL, NULL "
            f"FROM {words.table(Kind.MEMBERSHIP)} m "
            f"JOIN {words.table(Kind.ROLE)} r ON r.{roles['id']} = m.{members['role_id']} "
            f"WHERE m.{members['user_id']} IN ({marks})"
        )
    return " UNION ALL ".join(reversed(found))


def place(query: PeopleQuery, row: Any, full_name: str | None) -> tuple[Any, Any]:
    """Return the place of a user in the order asked for."""
    if query.prefix is None:
        return getattr(row, query.sort), row.id
    for name, value in (("email", row.email), ("username", getattr(row, "username", None))):
        if value is not None and value.startswith(getattr(query.prefix, name)):
            return value, row.id
    return name_key(full_name), row.id


def _narrowed(
    words: Words, query: PeopleQuery, now: datetime, pending: bool, *, by_role: bool, exclusive: bool = True
) -> list[_Way]:
    """Return the ways to find those whom all filters let through; `by_role` begins with who holds the role."""
    if query.prefix is not None:
        ways = _matches(words, query.prefix, exclusive)
    elif by_role and query.role is not None and words.columns(Kind.MEMBERSHIP):
        ways, query = [_holders(words, query.role)], replace(query, role=None)
    else:
        columns = words.columns(Kind.USER)
        ways = [_Way(f"{words.table(Kind.USER)} u", f"u.{columns['id']}", f"u.{columns[query.sort]}")]
    narrowed = filters(words, query, now, pending)
    return [replace(way, conditions=(*way.conditions, *narrowed)) for way in ways]


def _holders(words: Words, role: str) -> _Way:
    members, key = words.columns(Kind.MEMBERSHIP), f"u.{words.columns(Kind.USER)['id']}"
    member, of_role = f"m.{members['user_id']}", f"m.{members['role_id']} = {role_id(words, role)}"
    joined = f"{words.table(Kind.MEMBERSHIP)} m JOIN {words.table(Kind.USER)} u ON {key} = {member}"
    return _Way(joined, member, member, (of_role,), twin=key)


def _matches(words: Words, prefix: Prefix, exclusive: bool) -> list[_Way]:
    columns, profile = words.columns(Kind.USER), words.columns(Kind.PROFILE)
    user, key = f"{words.table(Kind.USER)} u", f"u.{columns['id']}"
    ways: list[_Way] = []
    others: list[str] = []  # who has matched in a way before is found there, and once
    for name in ("email", "username"):
        if name in columns:
            value = _by_code_point(words, f"u.{columns[name]}")
            found = _range(words, value, Kind.USER, name, getattr(prefix, name))
            ways.append(_Way(user, key, value, (found, *others), text=True))
            if exclusive:
                others.append(f"({value} IS NULL OR NOT ({found}))")
    owner, value = f"p.{profile['user_id']}", _by_code_point(words, f"p.{profile['search_name']}")
    found = _range(words, value, Kind.PROFILE, "search_name", prefix.full_name)
    joined = f"{words.table(Kind.PROFILE)} p JOIN {user} ON {key} = {owner}"
    return [*ways, _Way(joined, owner, value, (found, *others), text=True)]


def _range(words: Words, value: str, kind: Kind, column: str, prefix: str) -> str:
    behind = next_prefix(prefix)
    begins = f"{value} >= {words.put(kind, column, prefix)}"
    return begins if behind is None else f"{begins} AND {value} < {words.put(kind, column, behind)}"


def _beyond(words: Words, way: _Way, query: PeopleQuery, downward: bool) -> list[_Way]:
    """Return what is left of a way behind the place where the page begins; NULL sorts lowest."""
    column = "email" if query.prefix is not None else query.sort
    nullable = query.prefix is None and column != "id" and words.nullable(column)
    if query.after is None and not nullable:
        return [way]
    some = replace(way, conditions=(*way.conditions, f"{way.value} IS NOT NULL")) if nullable else way
    none = replace(way, conditions=(*way.conditions, f"{way.value} IS NULL"))
    if query.after is None:
        return [some, none]
    than, (value, key) = "<" if downward else ">", query.after
    mark = words.put(Kind.USER, "id", key)
    at_key = f"{way.key} {than} {mark}"
    if column == "id":
        also = (f"{way.twin} {than} {mark}",) if way.twin else ()
        return [replace(way, conditions=(*way.conditions, at_key, *also))]
    if value is None:
        rest = replace(none, conditions=(*none.conditions, at_key))
        return [rest] if downward else [some, rest]
    at = words.put(Kind.USER, column, value)
    if words.dialect == "mysql":  # which reads a comparison of pairs as no range
        onward = f"({way.value} {than} {at} OR ({way.value} = {at} AND {at_key}))"
    else:
        onward = f"({way.value}, {way.key}) {than} ({at}, {mark})"
    rest = replace(way, conditions=(*way.conditions, onward))
    return [rest, none] if nullable and downward else [rest]


def _order(words: Words, way: _Way, downward: bool, *, nullable: bool = False) -> str:
    # NULL sorts lowest everywhere: as SQLite and MariaDB do of themselves, and PostgreSQL when told.
    order = "DESC" if downward else "ASC"
    if way.value == way.key:
        return f"{way.key} {order}"
    told = f" NULLS {'LAST' if downward else 'FIRST'}" if nullable and words.dialect == "postgresql" else ""
    return f"{way.value} {order}{told}, {way.key} {order}"


def _by_code_point(words: Words, column: str) -> str:
    # Nothing where the column is compared so anyhow. MariaDB would use no index of it any more.
    return f'{column} COLLATE "C"' if words.dialect == "postgresql" else column


def _comparable(words: Words, way: _Way) -> str:
    return (
        f"CONVERT({way.value} USING utf8mb4) COLLATE utf8mb4_bin"
        if way.text and words.dialect == "mysql"
        else way.value
    )


def _where(way: _Way) -> str:
    return f"{way.source} WHERE {' AND '.join(way.conditions)}" if way.conditions else way.source
