"""One application in a process of its own, which answers requests for as long as it is told to.

The requests are WSGI calls inside the process: a client, a socket and a server would cost several times what is
measured and hide it. Standard input names a workload and a number of seconds; standard output has the figures.
"""

from __future__ import annotations

import io
import json
import sqlite3
import sys
import time
from contextlib import closing
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import Any

Workload = dict[str, Any]

COOKIE, ROLE, BEARER, ANONYMOUS = "W1", "W2", "W3", "anonymous"
PASSWORD = "plum-tractor-lantern-quiet"
PACKAGES = ("Flask", "Werkzeug", "SQLAlchemy", "psycopg", "Flask-Identity", "Flask-Login", "Flask-Security")
BATCH = 10  # requests between two looks at the clock


def address(number: int) -> str:
    """The e-mail address of the person with this number."""
    return f"person{number}@example.com"


def environ(path: str, **headers: str) -> Workload:
    """A GET as a server would hand it on."""
    return {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": "app.example.com",
        "SERVER_PORT": "443",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "192.0.2.7",
        "HTTP_HOST": "app.example.com",
        "HTTP_USER_AGENT": "benchmark",
        "HTTP_ACCEPT": "*/*",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "https",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        **headers,
    }


def check(app: Any, request: Workload) -> None:
    """Make sure that what is measured is an answer, not a refusal."""
    seen: list[Any] = []
    body = b"".join(app.wsgi_app(request.copy(), lambda *given: seen.extend(given)))
    assert (seen[0], body) == ("200 OK", b"ok"), (seen, body)


def run(app: Any, request: Workload, seconds: float) -> dict[str, float]:
    """Answer one request again and again; return how often, and the time it took on the wall and on the processor."""

    def start_response(status: str, headers: Any, exc_info: Any = None) -> None:
        pass

    answer, copy, wall_clock = app.wsgi_app, request.copy, time.perf_counter
    count, cpu, wall = 0, time.process_time(), wall_clock()
    until = wall + seconds
    while (now := wall_clock()) < until:
        for _ in range(BATCH):
            body = answer(copy(), start_response)
            for _ in body:
                pass
            body.close()
        count += BATCH
    return {"count": count, "wall": now - wall, "cpu": time.process_time() - cpu}


def main() -> None:
    """Serve rounds until the input ends."""
    module, function, database, *options = sys.argv[1:]
    if database.startswith("sqlite:///"):
        write_ahead(database.removeprefix("sqlite:///"))
    app, workloads = getattr(import_module(module), function)(database, **json.loads(options[0] if options else "{}"))
    for request in workloads.values():
        check(app, request)
        run(app, request, 0.1)
    print(json.dumps({"workloads": list(workloads), "versions": versions()}), flush=True)
    for line in sys.stdin:
        workload, seconds = line.split()
        print(json.dumps(run(app, workloads[workload], float(seconds))), flush=True)
    for request in workloads.values():
        check(app, request)


def write_ahead(path: str) -> None:
    """Make an SQLite file as one runs it below a website: readers do not wait for who writes. A file remembers that."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")


def versions() -> dict[str, str]:
    """The installed releases of what is measured."""
    found = {"Python": sys.version.split()[0]}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


if __name__ == "__main__":
    main()
