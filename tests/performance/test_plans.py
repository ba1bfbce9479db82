"""How databases find the people of the administrators' list among 100,000: by an index, in its order, in little time.

Both ORMs send the same text (`stores/people_sql.py`), so the plans of one are those of the other.
"""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime

from sqlalchemy import create_engine, event, text

from flask_identity.base.ports import PeopleQuery
from flask_identity.core.names import prefix
from tests.contracts.stores import on_sqlalchemy

MANY = 100_000
NOW = datetime(2026, 6, 1, tzinfo=UTC)
MIDDLE = datetime(2025, 1, 1, tzinfo=UTC)

NUMBERS = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {many}) "
    "{into} SELECT {of} FROM n",
    "postgresql": "{into} SELECT {of} FROM generate_series(1, {many}) AS n(i)",
    "mysql": "{into} SELECT {of} FROM (SELECT seq AS i FROM seq_1_to_{many}) AS n",
}

QUERIES = {
    "newest": PeopleQuery(),
    "newest, the middle": PeopleQuery(after=(MIDDLE, MANY // 2)),
    "newest, back": PeopleQuery(after=(MIDDLE, MANY // 2), backwards=True),
    "addresses": PeopleQuery(sort="email", descending=False, after=("u050000@example.com", 50_000)),
    "last sign-in": PeopleQuery(sort="last_login_at", after=(MIDDLE, MANY // 2)),
    "first sign-in": PeopleQuery(sort="last_login_at", descending=False),
    "never signed in, the middle": PeopleQuery(sort="last_login_at", after=(None, MANY // 2)),
    "suspended": PeopleQuery(status="suspended"),
    "active, the middle": PeopleQuery(status="active", after=(MIDDLE, MANY // 2)),
    "a search": PeopleQuery(prefix=prefix("u0500"), sort="email", descending=False),
    "a search for a name": PeopleQuery(prefix=prefix("Person 77"), sort="email", descending=False),
    "a search, page two": PeopleQuery(prefix=prefix("n05"), sort="email", descending=False, after=("n050025", 50_025)),
    "a role of few": PeopleQuery(role="admin", sort="id", descending=False),
    "a role of all, the middle": PeopleQuery(role="user", sort="id", descending=False, after=(50_000, 50_000)),
    "a search in a role": PeopleQuery(role="user", prefix=prefix("u0500"), sort="email", descending=False),
}


def filled(engine):
    """Put people, profiles and roles into empty tables."""
    kind = engine.dialect.name
    quoted = engine.dialect.identifier_preparer.quote
    texts = {
        "sqlite": ("printf('%06d', i)", "datetime('2020-01-01', '+' || (i * 30) || ' minutes')"),
        "postgresql": ("lpad(i::text, 6, '0')", "timestamptz '2020-01-01 00:00+00' + i * interval '30 minutes'"),
        "mysql": ("lpad(i, 6, '0')", "timestamp('2020-01-01') + interval i * 30 minute"),
    }
    digits, at = texts[kind]
    joined = (lambda a, b: f"concat({a}, {b})") if kind == "mysql" else (lambda a, b: f"({a} || {b})")
    email = joined(joined("'u'", digits), "'@example.com'")
    columns = "id, email, username, active, uniquifier, login_count, failed_logins, version, created_at, updated_at"
    values = f"i, {email}, {joined(chr(39) + 'n' + chr(39), digits)}, i % 50 <> 0, {digits}, 0, 0, 1, {at}, {at}"
    seen = f"CASE WHEN i % 3 = 0 THEN NULL ELSE {at} END"
    name = joined("'person '", "i" if kind != "postgresql" else "i::text")
    profile = "id, user_id, full_name, search_name, created_at, updated_at"
    rows = (
        (f"INSERT INTO {quoted('user')} ({columns}, last_login_at)", f"{values}, {seen}"),
        (f"INSERT INTO identity_profile ({profile})", f"i, i, {name}, {name}, {at}, {at}"),
        ("INSERT INTO user_role (user_id, role_id)", "i, 1"),
    )
    with engine.begin() as connection:
        role = f"INSERT INTO role (id, name, permissions, {quoted('rank')}, created_at, updated_at) VALUES"
        for number, each in ((1, "user"), (2, "admin")):
            connection.execute(text(f"{role} ({number}, '{each}', '[]', 1, '2020-01-01', '2020-01-01')"))
        for into, of in rows:
            connection.exec_driver_sql(
                NUMBERS[kind].format(many=MANY, into=into, of=of).replace("%", "%%" if kind != "sqlite" else "%")
            )
        connection.execute(
            text("INSERT INTO user_role (user_id, role_id) SELECT id, 2 FROM " + quoted("user") + " WHERE id < 9")
        )
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        tables = {"sqlite": "", "postgresql": "", "mysql": f" TABLE {quoted('user')}, identity_profile, user_role"}
        connection.exec_driver_sql(f"ANALYZE{tables[kind]}")


def faults(engine, statement, values):
    """What of a statement's plan reads a big table from end to end, or puts many rows in order."""
    kind = engine.dialect.name
    how = {"sqlite": "EXPLAIN QUERY PLAN ", "postgresql": "EXPLAIN (ANALYZE, TIMING OFF) ", "mysql": "EXPLAIN "}[kind]
    with engine.connect() as connection:
        rows = connection.exec_driver_sql(how + statement, values).all()
    if kind == "sqlite":
        steps = [row[3] for row in rows]
        scans = [step for step in steps if re.match(r"SCAN [upm]( |$)", step) and "INDEX" not in step]
        sorts = [step for step in steps if "TEMP B-TREE FOR" in step and "ORDER BY" in step]
        return scans + (sorts if "UNION" not in statement else [])  # what a page's ways have found is put in order
    if kind == "mysql":
        return [dict(row._mapping) for row in rows if row.type == "ALL" and str(row.table) in ("u", "p", "m")]
    found = []
    for number, (step,) in enumerate(rows):
        # The pairs of users and roles are not among them: how many hold a role is not known when a count is planned,
        # and PostgreSQL then reads that narrow table through.
        if re.search(r"Seq Scan on .*\b(user|identity_profile)\b", step):
            # A few rows of a table that are nearly all what is wanted may be read without an index.
            removed = re.search(r"Rows Removed by Filter: (\d+)", " ".join(row[0] for row in rows[number : number + 3]))
            if removed and int(removed[1]) > 2000:
                found.append(step)
    return found


def test_each_page_and_count_is_found_by_an_index_in_little_time(database_url):
    with on_sqlalchemy(database_url) as case:
        filled(case.engine)
        sent = []
        event.listen(case.engine, "before_cursor_execute", lambda c, cu, s, v, ctx, many: sent.append((s, v)))
        for name, query in QUERIES.items():
            sent.clear()
            began = time.perf_counter()
            page = case.store.people(query, NOW, False)
            took = time.perf_counter() - began
            assert page.users, name
            case.store.tally(query, NOW, False, 1001)
            statements = [each for each in sent if each[0].startswith("SELECT")]
            assert len(statements) == 3, name
            for statement, values in statements:
                assert faults(case.engine, statement, values) == [], (name, statement)
            print(f"{database_url[:8]} {name}: {took * 1000:.1f} ms")
            assert took < 1, name
        case.leave()
        drop(case)


def drop(case):
    engine = create_engine(case.url)
    case.models.Model.metadata.drop_all(engine)
    engine.dispose()
