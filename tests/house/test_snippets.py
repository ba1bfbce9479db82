"""Every piece of Python in the documentation runs, and every command it tells to type exists."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

from tests.house.project import ROOT, name_of
from tests.house.snippets import blocks, commands_of, pages, script_of
from tests.house.test_commands import make_targets

SETTINGS = ("IDENTITY_", "DASHBOARD_", "DATABASE_")
RUN = "import runpy, sys; runpy.run_path(sys.argv[1], run_name='page')"
WITH_PYTHON = [page for page in pages() if script_of(page)]
MANAGE = sorted(
    {
        tuple(words[2:])
        for page in pages()
        for words in commands_of(page)
        if words[:2] in (["python", "manage.py"], [".venv/bin/python", "manage.py"])
    }
)


def run(arguments, folder):
    """Run Python in a folder, with nothing set up but what the page itself sets up."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(SETTINGS)}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=clean | {"DASHBOARD_INSTANCE": str(folder)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize("page", WITH_PYTHON, ids=name_of)
def test_the_python_of_a_page_runs(page, tmp_path):
    script = tmp_path / page.with_suffix(".py").name
    script.write_text(script_of(page), encoding="utf-8")

    result = run(["-W", "error", "-c", RUN, str(script)], tmp_path)

    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("page", pages(), ids=name_of)
def test_no_python_is_fenced_so_that_it_would_not_run(page):
    spelled_otherwise = [
        f"line {block.line}: {block.language}"
        for block in blocks(page)
        if re.search(r"\bpy(thon3?|con)?\b", block.language) and block.language != "python"
    ]

    assert not spelled_otherwise


@pytest.mark.parametrize("page", pages(), ids=name_of)
def test_every_make_target_a_page_names_exists(page):
    typed = {word for command in commands_of(page) if command[0] == "make" for word in command[1:] if "=" not in word}
    mentioned = set(re.findall(r"`make ([a-z]+)", page.read_text(encoding="utf-8")))

    assert typed | mentioned <= make_targets()


@pytest.mark.parametrize("arguments", MANAGE, ids=" ".join)
def test_every_management_command_a_page_names_exists(arguments, tmp_path):
    # With --help at the end, an unknown command or option is refused and nothing is done.
    result = run([str(ROOT / "manage.py"), *arguments, "--help"], tmp_path)

    assert result.returncode == 0, result.stdout
