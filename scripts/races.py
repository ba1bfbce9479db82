"""The table of races in `docs/reliability.md`, made from the figures of release runs in `docs/races.jsonl`.

    python scripts/races.py [build/races.jsonl …]

Lines of further files replace those of the same case and cell; then the table is written anew.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "docs" / "races.jsonl"
PAGE = ROOT / "docs" / "reliability.md"
BEGIN, END = "<!-- races: begin -->", "<!-- races: end -->"
ORMS = {"sqlalchemy": "SQLAlchemy", "pony": "Pony", "mixed": "both at once"}
DATABASES = {"sqlite": "SQLite", "postgres": "PostgreSQL", "mariadb": "MariaDB"}


def lines(path: Path) -> list[dict[str, Any]]:
    """The figures in a file, one race in one cell a line."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def merged(figures: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The last line of each case and cell, in the order of the table."""
    last = {(line["case"], line["cell"]): line for line in figures}
    cells = [f"{orm}-{database}" for orm in ORMS for database in DATABASES]
    return sorted(last.values(), key=lambda line: (line["case"], cells.index(line["cell"])))


def table(figures: Iterable[dict[str, Any]]) -> str:
    """The table as Markdown: a row for each case and ORM, a column for each database."""
    found = {(line["case"], *line["cell"].split("-")): line for line in figures}
    rows = [f"| case | through | {' | '.join(DATABASES.values())} |", "|---" * 5 + "|"]
    for case in sorted({case for case, _, _ in found}):
        name = case
        for orm in ORMS:
            cells = [_cell(found.get((case, orm, database))) for database in DATABASES]
            if set(cells) != {"-"}:
                rows.append(f"| {name} | {ORMS[orm]} | {' | '.join(cells)} |")
                name = ""
    return "\n".join(rows)


def page(text: str, figures: Iterable[dict[str, Any]]) -> str:
    """The page with its table made anew."""
    before, _, rest = text.partition(BEGIN)
    return f"{before}{BEGIN}\n{table(figures)}\n{END}{rest.partition(END)[2]}"


def _cell(line: dict[str, Any] | None) -> str:
    return "-" if line is None else f"{line['n']:,}: {line['violations']}, {line['5xx']}"


def main(more: list[str]) -> None:
    """Take in the files named, and write data and table."""
    known = lines(DATA) if DATA.exists() else []
    figures = merged([*known, *(line for name in more for line in lines(Path(name)))])
    DATA.write_text("".join(f"{json.dumps(line)}\n" for line in figures), encoding="utf-8")
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8"), figures), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
