"""How long a database takes for the list of very many people: each filter and order, the first page and the middle.

    python benchmarks/people.py [--people 1000000] [--only postgresql|sqlite]

The people are put into a database of their own, which is dropped at the end. Each page is asked for as the library asks
(the page, its names and roles, the counts), and each statement then sent again on one connection. A figure is the
least of the repetitions, since whatever else the machine does only adds to it; driver and round trip are included.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from sqlalchemy import event

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from flask_identity.base.ports import PeopleQuery  # noqa: E402
from flask_identity.core.names import prefix  # noqa: E402
from tests.contracts.stores import on_sqlalchemy  # noqa: E402
from tests.performance.crowd import NOW, email, filled, joined_at  # noqa: E402
from tests.services import Absent, Services, own_database  # noqa: E402

CAP = 1001
REPEAT = 15
STATUSES = (None, "active", "suspended", "pending", "locked")
PARTS = ("page", "names and roles", "counts")


def queries(many: int) -> Iterator[tuple[str, PeopleQuery]]:
    """Every filter with every order it is offered with, at the first page and in the middle."""
    half = many // 2
    middle = {"email": email(half), "created_at": joined_at(many, half), "last_login_at": joined_at(many, half)}
    search = prefix(email(half)[:6])  # a hundred people, or a thousandth of them
    for status in STATUSES:
        for sort, value in middle.items():
            for descending in (False, True):
                for after in (None, (value, half)):
                    name = f"{'-' if descending else ''}{sort}"
                    yield f"by {name}", PeopleQuery(status, sort=sort, descending=descending, after=after)
        for role in ("user", "admin"):
            for after in (None, (half, half) if role == "user" else (4, 4)):
                yield f"role {role}", PeopleQuery(status, role, sort="id", descending=False, after=after)
        for role in (None, "user"):
            for after in (None, (email(half + 50), half + 50)):
                query = PeopleQuery(status, role, search, "email", False, after=after)
                yield "search" if role is None else "search in a role", query
    for role in (None, "user", "admin"):
        name = "search that everybody matches"
        yield name if role is None else f"{name}, role {role}", PeopleQuery(None, role, prefix("u"), "email", False)


def timed(engine: Any, statement: str, values: Any) -> float:
    """Milliseconds of a statement with the fetching of its rows."""
    found = []
    connection = engine.raw_connection()
    try:
        for _ in range(REPEAT):
            began = time.perf_counter()
            cursor = connection.cursor()
            cursor.execute(statement, values)
            cursor.fetchall()
            cursor.close()
            found.append((time.perf_counter() - began) * 1000)
            if found[-1] > 1000:
                break
        connection.rollback()
    finally:
        connection.close()
    return min(found)


def measure(url: str, many: int) -> None:
    """Fill one database and print what its statements take, the slowest place of each filter and order."""
    with on_sqlalchemy(url) as case:
        began = time.perf_counter()
        filled(case.engine, many)
        print(f"\n{case.engine.dialect.name}: {many:,} people, made in {time.perf_counter() - began:.0f} s", flush=True)
        sent: list[tuple[str, Any]] = []
        event.listen(case.engine, "before_cursor_execute", lambda c, cu, s, v, ctx, m: sent.append((s, v)))
        slowest: dict[tuple[str, str], list[float]] = {}
        for name, query in queries(many):
            sent.clear()
            case.store.people(query, NOW, True)
            if len(sent) == 1:  # nobody is there, so there are no names
                sent.append(("SELECT 1", ()))
            case.store.tally(query, NOW, True, CAP)
            case.leave()
            took = [timed(case.engine, *each) for each in list(sent)]
            known = slowest.setdefault((name, query.status or "all"), [0.0] * len(PARTS))
            known[:] = map(max, known, took)
        print(f"| list | status | {' | '.join(PARTS)} |\n|---|---|{'---:|' * len(PARTS)}")
        for (name, status), took in slowest.items():
            print(f"| {name} | {status} | {' | '.join(f'{each:.2f}' for each in took)} |", flush=True)


def main() -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--only", choices=("postgresql", "sqlite"))
    asked = parser.parse_args()
    with ExitStack() as stack:
        if asked.only != "postgresql":
            folder = stack.enter_context(tempfile.TemporaryDirectory())
            measure(f"sqlite:///{folder}/people.sqlite", asked.people)
        if asked.only != "sqlite":
            services = Services()
            stack.callback(services.stop)
            server = services.find("postgres")
            if isinstance(server, Absent):
                raise SystemExit(str(server))
            measure(stack.enter_context(own_database(server)), asked.people)


if __name__ == "__main__":
    main()
