"""How databases read the audit log among many rows: by an index, in its order, never from end to end."""

from __future__ import annotations

from sqlalchemy import event

from flask_identity.core import activity
from tests.contracts.stores import on_sqlalchemy
from tests.performance.crowd import analyzed, happened
from tests.performance.test_plans import drop

MANY = 20_000
FEW = MANY // 50
"""So many that an index has found may be put in order."""
MIDDLE = activity.bound(MANY // 2) + "00000000"

SELECTIONS = {
    "everything": activity.Selection(),
    "whom": activity.Selection(targets=["7"]),
    "who": activity.Selection(actors=["7"]),
    "who, to whom": activity.Selection(["7"], ["7"]),
    "what": activity.Selection(what="account_locked"),
    "what is rare, to whom": activity.Selection(targets=["8"], what="account_locked"),
    "a span of time": activity.Selection(since=MANY // 4, until=3 * MANY // 4),
    "who, in a span of time": activity.Selection(["7"], since=MANY // 4, until=3 * MANY // 4),
    "what, since": activity.Selection(what="signed_in", since=MANY // 4),
}


def faults(engine, statement, values):
    """What of a statement's plan reads the log from end to end, or puts many rows in order."""
    kind = engine.dialect.name
    how = {"sqlite": "EXPLAIN QUERY PLAN ", "postgresql": "EXPLAIN ", "mysql": "EXPLAIN "}[kind]
    with engine.connect() as connection:
        rows = connection.exec_driver_sql(how + statement, values).all()
    if kind == "sqlite":
        steps = [row[3] for row in rows]
        return [step for step in steps if "TEMP B-TREE" in step or (step.startswith("SCAN") and "INDEX" not in step)]
    if kind == "mysql":
        sorts = [row for row in rows if "filesort" in (row.Extra or "") and int(row.rows) > FEW]
        return [dict(row._mapping) for row in rows if row.type == "ALL" or row in sorts]
    sorts = [step for (step,) in rows if "Sort  (" in step and int(step.partition("rows=")[2].split()[0]) > FEW]
    return [step for (step,) in rows if "Seq Scan" in step] + sorts


def test_each_page_of_the_audit_log_is_read_by_an_index(database_url):
    with on_sqlalchemy(database_url) as case:
        happened(case.engine, MANY)
        analyzed(case.engine, "identity_activity")
        sent = []
        event.listen(case.engine, "before_cursor_execute", lambda c, cu, s, v, ctx, many: sent.append((s, v)))
        for name, wanted in SELECTIONS.items():
            for after in (None, MIDDLE):
                sent.clear()
                assert activity.page(case.store, wanted, limit=50, after=after), (name, after)
                (read,) = (each for each in sent if each[0].startswith("SELECT"))
                assert faults(case.engine, *read) == [], (name, after, read[0])
        case.leave()
        drop(case)
