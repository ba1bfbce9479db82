"""Files and functions stay small, and a module's name says what it is about."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.project import below, name_of

SOURCE_LINES = 250
FUNCTION_LINES = 40
TEST_LINES = 400
NAMES_THAT_SAY_NOTHING = {"utils", "util", "helpers", "helper", "common", "misc", "manager"}


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Name and length of every function; decorators do not count, the docstring does."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{name_of(path)}:{node.lineno} {node.name}", (node.end_lineno or node.lineno) - node.lineno + 1


def length(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


@pytest.mark.parametrize(("folder", "ceiling"), [("src", SOURCE_LINES), ("tests", TEST_LINES)])
def test_no_file_is_longer_than_its_ceiling(folder, ceiling):
    too_long = {name_of(path): length(path) for path in below(folder, ".py") if length(path) > ceiling}

    assert not too_long


def test_no_function_of_the_library_is_longer_than_its_ceiling():
    too_long = {
        name: lines for path in below("src", ".py") for name, lines in functions(path) if lines > FUNCTION_LINES
    }

    assert not too_long


@pytest.mark.parametrize("folder", ["src", "tests"])
def test_no_module_has_a_name_that_says_nothing(folder):
    named = {name_of(path): {path.stem, path.parent.name} for path in below(folder, ".py")}

    nameless = [name for name, parts in named.items() if parts & NAMES_THAT_SAY_NOTHING]

    assert not nameless


def test_the_features_package_itself_is_empty():
    for path in below("src/flask_identity/features", "__init__.py"):
        if path.parent.name == "features":
            assert path.read_text(encoding="utf-8").strip() == ""
