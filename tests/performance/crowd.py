"""Very many people, put into empty tables by the database itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, text

BEGAN = datetime(2020, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 6, 1, tzinfo=UTC)
_MINUTES = 3_000_000  # in which all of them joined

_NUMBERS = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {many}) "
    "{into} SELECT {of} FROM n",
    "postgresql": "{into} SELECT {of} FROM generate_series(1, {many}) AS n(i)",
    "mysql": "{into} SELECT {of} FROM (SELECT seq AS i FROM seq_1_to_{many}) AS n",
}
_DIGITS = {"sqlite": "printf('%07d', i)", "postgresql": "lpad(i::text, 7, '0')", "mysql": "lpad(i, 7, '0')"}
_AT = {
    "sqlite": "datetime('2020-01-01', '+' || (i * {step}) || ' minutes')",
    "postgresql": "timestamptz '2020-01-01 00:00+00' + i * interval '{step} minutes'",
    "mysql": "timestamp('2020-01-01') + interval i * {step} minute",
}


def email(number: int) -> str:
    """The address of one of them."""
    return f"u{number:07}@example.com"


def joined_at(many: int, number: int) -> datetime:
    """When one of so many joined."""
    return BEGAN + timedelta(minutes=number * (_MINUTES // many))


def filled(engine: Engine, many: int) -> None:
    """Put so many people with profiles and roles into empty tables: one in fifty suspended, one in a thousand locked,
    one in five hundred not confirmed, one in three never signed in; everybody a user, eight of them administrators."""
    kind = engine.dialect.name
    quoted = engine.dialect.identifier_preparer.quote
    with engine.begin() as connection:
        role = f"INSERT INTO role (id, name, permissions, {quoted('rank')}, created_at, updated_at) VALUES"
        for number, each in ((1, "user"), (2, "admin")):
            connection.execute(text(f"{role} ({number}, '{each}', '[]', 1, '2020-01-01', '2020-01-01')"))
        for into, of in _rows(kind, quoted("user"), _AT[kind].format(step=_MINUTES // many)):
            made = _NUMBERS[kind].format(many=many, into=into, of=of)
            connection.exec_driver_sql(made.replace("%", "%%" if kind != "sqlite" else "%"))
        connection.execute(
            text(f"INSERT INTO user_role (user_id, role_id) SELECT id, 2 FROM {quoted('user')} WHERE id < 9")
        )
    analyzed(engine, quoted("user"), "identity_profile", "user_role")


def happened(engine: Engine, many: int) -> None:
    """Put so many rows into an empty audit log, one each microsecond, by and to 20 people; one in a hundred a lock."""
    kind = engine.dialect.name
    at = {
        "sqlite": "printf('%016x', i)",
        "postgresql": "lpad(to_hex(i), 16, '0')",
        "mysql": "lpad(lower(hex(i)), 16, '0')",
    }
    text_type, by = ("CHAR", "DIV") if kind == "mysql" else ("TEXT", "/")
    values = {
        "id": f"concat({at[kind]}, '00000000')" if kind == "mysql" else f"{at[kind]} || '00000000'",
        "at": "i",
        "what": "CASE WHEN i % 100 = 77 THEN 'account_locked' ELSE 'signed_in' END",
        "actor": f"CAST(i % 20 AS {text_type})",
        "target": f"CAST(i {by} 20 % 20 AS {text_type})",
        "outcome": "'ok'",
        "details": "''",
    }
    into = f"INSERT INTO identity_activity ({', '.join(values)})"
    made = _NUMBERS[kind].format(many=many, into=into, of=", ".join(values.values()))
    with engine.begin() as connection:
        connection.exec_driver_sql(made.replace("%", "%%" if kind != "sqlite" else "%"))


def analyzed(engine: Engine, *tables: str) -> None:
    """Let the database know what is in its tables."""
    kind = engine.dialect.name
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        named = f" TABLE {', '.join(tables)}" if kind == "mysql" else ""
        connection.exec_driver_sql(f"{'VACUUM ' if kind == 'postgresql' else ''}ANALYZE{named}")


def _rows(kind: str, user: str, at: str) -> list[tuple[str, str]]:
    digits = _DIGITS[kind]

    def joined(*parts: str) -> str:
        return f"concat({', '.join(parts)})" if kind == "mysql" else f"({' || '.join(parts)})"

    number = "i::text" if kind == "postgresql" else "i"
    values = {
        "id": "i",
        "email": joined("'u'", digits, "'@example.com'"),
        "username": joined("'n'", digits),
        "active": "i % 50 <> 0",
        "uniquifier": digits,
        "login_count": "0",
        "failed_logins": "0",
        "version": "1",
        "created_at": at,
        "updated_at": at,
        "last_login_at": f"CASE WHEN i % 3 = 0 THEN NULL ELSE {at} END",
        "confirmed_at": f"CASE WHEN i % 500 = 1 THEN NULL ELSE {at} END",
        "locked_until": f"CASE WHEN i % 1000 = 3 THEN {_later(kind)} END",
    }
    name = joined("'person '", number)
    profile = {"id": "i", "user_id": "i", "full_name": name, "search_name": name, "created_at": at, "updated_at": at}
    return [
        (f"INSERT INTO {user} ({', '.join(values)})", ", ".join(values.values())),
        (f"INSERT INTO identity_profile ({', '.join(profile)})", ", ".join(profile.values())),
        ("INSERT INTO user_role (user_id, role_id)", "i, 1"),
    ]


def _later(kind: str) -> str:
    return "timestamptz '2099-01-01 00:00+00'" if kind == "postgresql" else "'2099-01-01 00:00:00'"
