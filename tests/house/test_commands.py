"""The commands a newcomer types exist and do what the texts promise."""

from __future__ import annotations

import os
import re
import subprocess

import pytest

from tests.house.project import ROOT

PROMISED = {"setup", "run", "demo", "test", "races", "check", "docs", "bench", "lock"}


def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def test_the_makefile_has_every_promised_target():
    assert make_targets() >= PROMISED


def test_make_alone_explains_every_target():
    listing = subprocess.run(["make", "--no-print-directory"], cwd=ROOT, capture_output=True, text=True, check=True)

    assert set(re.findall(r"^  make ([a-z]+) +\S", listing.stdout, re.MULTILINE)) == make_targets()


@pytest.mark.parametrize("script", [".ci/run"])
def test_a_script_can_be_run_and_its_syntax_is_right(script):
    assert os.access(ROOT / script, os.X_OK)
    subprocess.run(["bash", "-n", ROOT / script], check=True)


def test_ci_runs_what_everybody_runs():
    last = (ROOT / ".ci/run").read_text(encoding="utf-8").rstrip().splitlines()[-1]

    assert last == "CI=true make test"
