"""How fast Flask-Identity is, beside bare Flask and the libraries people use for the same.

    python benchmarks/run.py [--seconds 150] [--no-peers] [--no-postgres] [--json FILE]

Every application runs in a process of its own, the peers in an environment of their own made from peers.lock. They
take turns: each round runs every workload of every application once, in a new random order, and each figure is the
median over the rounds of its ratio to bare Flask in the same round. So what the machine does meanwhile, it does to all.
Bare Flask runs twice; where it differs from itself, or the machine had other work, the report says so.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import report  # noqa: E402

from tests.services import Absent, Services, own_database  # noqa: E402

PEERS = ROOT / ".venv-peers"
LOCK = ROOT / "benchmarks" / "peers.lock"
SLICE = 0.03  # seconds of one workload in one round
BARE = "bare Flask"


class Cell:
    """A running application."""

    def __init__(self, name: str, folder: Path, module: str, function: str, database: str, **options: Any) -> None:
        self.name = name
        python = PEERS / "bin" / "python" if module == "peers" else sys.executable
        script = ROOT / "benchmarks" / "cell.py"
        command = [python, script, module, function, database, json.dumps(options)]
        pipe = subprocess.PIPE
        self._errors = (folder / f"{name}.log").open("w+")
        self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=self._errors, text=True)
        ready = self._answer()
        self.workloads: list[str] = ready["workloads"]
        self.versions: dict[str, str] = ready["versions"]

    def measure(self, workload: str) -> dict[str, float]:
        """Run one workload for a slice of time; return microseconds a request, on the wall and on the processor."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{workload} {SLICE}\n")
        self._process.stdin.flush()
        found = self._answer()
        return {clock: found[clock] / found["count"] * 1e6 for clock in ("wall", "cpu")}

    def stop(self) -> None:
        """End the process; it checks once more that it still answers."""
        self._process.communicate()
        if self._process.returncode:
            self._fail()

    def _answer(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        return json.loads(line) if line else self._fail()

    def _fail(self) -> None:
        self._process.wait()
        self._errors.seek(0)
        sys.exit(f"{self.name} failed:\n{self._errors.read()[-3000:]}")


@contextmanager
def cells(peers: bool, postgres: bool) -> Iterator[tuple[list[Cell], list[str]]]:
    """Start every application; yield them, and a sentence about each that could not be had."""
    services, absent = Services(), []
    with ExitStack() as stack:
        stack.callback(services.stop)
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="benchmark-")))
        found = [
            Cell(BARE, folder, "apps", "bare", ""),
            Cell("bare Flask again", folder, "apps", "bare", ""),
            Cell("bare Flask, lazy session", folder, "apps", "bare", "", lazy=True),
            Cell("Flask-Identity, SQLite", folder, "apps", "identity", f"sqlite:///{folder}/identity.sqlite3"),
        ]
        server = services.find("postgres") if postgres else Absent("PostgreSQL", "--no-postgres")
        if isinstance(server, Absent):
            absent.append(str(server))
        else:
            url = stack.enter_context(own_database(server))
            found.append(Cell("Flask-Identity, PostgreSQL", folder, "apps", "identity", url))
        if peers:
            prepare_peers()
            found.append(Cell("Flask-Login", folder, "peers", "login", f"sqlite:///{folder}/login.sqlite3"))
            for people in (10, 1000):
                url = f"sqlite:///{folder}/security{people}.sqlite3"
                name = f"Flask-Security, {people:,} users"
                found.append(Cell(name, folder, "peers", "security", url, people=people))
        yield found, absent
        for cell in found:
            cell.stop()


def prepare_peers() -> None:
    """Make the peers' environment from their lock file, unless it is there."""
    marker, wanted = PEERS / ".ready", LOCK.read_text(encoding="utf-8")
    if marker.exists() and marker.read_text(encoding="utf-8") == wanted:
        return
    print("Making the peers' environment in .venv-peers.", flush=True)
    subprocess.run([sys.executable, "-m", "venv", "--clear", PEERS], check=True)
    pip = [PEERS / "bin" / "python", "-m", "pip", "--disable-pip-version-check", "install", "-qq"]
    subprocess.run([*pip, "--require-hashes", "-r", LOCK], check=True)
    marker.write_text(wanted, encoding="utf-8")


def measure(found: list[Cell], seconds: float) -> tuple[dict[tuple[str, str], list[dict[str, float]]], list[float]]:
    """Run rounds for about so many seconds; return the figures of each application and workload, and the load."""
    pairs = [(cell, workload) for cell in found for workload in cell.workloads]
    rounds: dict[tuple[str, str], list[dict[str, float]]] = {(cell.name, name): [] for cell, name in pairs}
    loads, until = [], time.monotonic() + seconds
    while time.monotonic() < until:
        random.shuffle(pairs)
        for cell, workload in pairs:
            rounds[cell.name, workload].append(cell.measure(workload))
        loads.append(os.getloadavg()[0])
    return rounds, loads


def main() -> None:
    """Measure, print the table and write the JSON."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seconds", type=float, default=150, help="how long to measure (%(default)s)")
    options.add_argument("--no-peers", action="store_true", help="leave Flask-Login and Flask-Security out")
    options.add_argument("--no-postgres", action="store_true", help="leave PostgreSQL out")
    options.add_argument("--json", type=Path, default=ROOT / "build" / "benchmark.json", help="where the figures go")
    asked = options.parse_args()
    before = os.getloadavg()[0]
    with cells(peers=not asked.no_peers, postgres=not asked.no_postgres) as (found, absent):
        rounds, loads = measure(found, asked.seconds)
        versions = {cell.name: cell.versions for cell in found}
    result = report.summary(rounds, versions, [before, *loads], absent)
    asked.json.parent.mkdir(parents=True, exist_ok=True)
    asked.json.write_text(json.dumps(result, indent=1), encoding="utf-8")
    print(report.markdown(result))


if __name__ == "__main__":
    main()
