"""How databases find the people of the administrators' list among 100,000: by an index, in its order, in little time.

Both ORMs send the same text (`stores/people_sql.py`), so the plans of one are those of the other.
"""

from __future__ import annotations

import re
import time

from sqlalchemy import create_engine, event

from flask_identity.base.ports import PeopleQuery
from flask_identity.core.names import prefix
from tests.contracts.stores import on_sqlalchemy
from tests.performance.crowd import NOW, email, filled, joined_at

MANY = 100_000
HALF = MANY // 2
MIDDLE = joined_at(MANY, HALF)

QUERIES = {
    "newest": PeopleQuery(),
    "newest, the middle": PeopleQuery(after=(MIDDLE, HALF)),
    "newest, back": PeopleQuery(after=(MIDDLE, HALF), backwards=True),
    "addresses": PeopleQuery(sort="email", descending=False, after=(email(HALF), HALF)),
    "last sign-in": PeopleQuery(sort="last_login_at", after=(MIDDLE, HALF)),
    "first sign-in": PeopleQuery(sort="last_login_at", descending=False),
    "never signed in, the middle": PeopleQuery(sort="last_login_at", after=(None, HALF)),
    "suspended": PeopleQuery(status="suspended"),
    "active, the middle": PeopleQuery(status="active", after=(MIDDLE, HALF)),
    "a search": PeopleQuery(prefix=prefix(email(HALF)[:6]), sort="email", descending=False),
    "a search for a name": PeopleQuery(prefix=prefix("Person 77"), sort="email", descending=False),
    "a search, page two": PeopleQuery(
        prefix=prefix("n005"), sort="email", descending=False, after=(f"n{HALF + 25:07}", HALF + 25)
    ),
    "a role of few": PeopleQuery(role="admin", sort="id", descending=False),
    "a role of all, the middle": PeopleQuery(role="user", sort="id", descending=False, after=(HALF, HALF)),
    "a search in a role": PeopleQuery(role="user", prefix=prefix(email(HALF)[:6]), sort="email", descending=False),
}


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
    # A page reads what it shows and little more: a join by merging would begin at the first user of all.
    read = [step for (step,) in rows if int((re.search(r"rows=(\d+) loops", step) or [0, 0])[1]) > MANY // 100]
    found = [] if "count(*)" in statement else read
    for number, (step,) in enumerate(rows):
        if re.search(r"Seq Scan on user_role\b", step):
            found.append(step)
        elif re.search(r"Seq Scan on .*\b(user|identity_profile)\b", step):
            # A table of whose rows nearly all are wanted may be read without an index.
            removed = re.search(r"Rows Removed by Filter: (\d+)", " ".join(row[0] for row in rows[number : number + 3]))
            if removed and int(removed[1]) > MANY // 20:
                found.append(step)
    return found


def test_each_page_and_count_is_found_by_an_index_in_little_time(database_url):
    with on_sqlalchemy(database_url) as case:
        filled(case.engine, MANY)
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
