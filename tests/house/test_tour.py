"""What the tour and the decisions name in the source is there.

`core/lockout.py:Lockout.reserve` is a file of the library and a name that it defines.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.house.project import ROOT, below, name_of

SOURCE = ROOT / "src/flask_identity"
MENTION = re.compile(r"`((?:[a-z_]+/)*[a-z_]+\.py)(?::([A-Za-z_.]+))?`")
PAGES = [ROOT / "docs/tour.md", *below("docs/decisions", ".md")]


def names_in(body: list[ast.stmt], prefix: str = "") -> Iterator[str]:
    for node in body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield prefix + node.name
        if isinstance(node, ast.ClassDef):
            yield from names_in(node.body, f"{prefix}{node.name}.")
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        yield from (prefix + target.id for target in targets if isinstance(target, ast.Name))


@cache
def defined_in(path: Path) -> frozenset[str]:
    return frozenset(names_in(ast.parse(path.read_text(encoding="utf-8")).body))


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_file_and_function_a_page_names_exists(page):
    mentioned = {found.groups() for found in MENTION.finditer(page.read_text(encoding="utf-8"))}
    files = {path: SOURCE / path for path, _ in mentioned}

    missing = [path for path, file in files.items() if not file.is_file()]
    missing += [
        f"{path}:{name}"
        for path, name in mentioned
        if name and path in files and files[path].is_file() and name not in defined_in(files[path])
    ]

    assert not missing


def test_the_tour_names_enough_to_be_worth_checking():
    assert len(MENTION.findall((ROOT / "docs/tour.md").read_text(encoding="utf-8"))) > 40
