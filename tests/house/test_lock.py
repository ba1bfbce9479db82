"""requirements.lock pins everything by version and hash, names no source, and fits pyproject.toml."""

from __future__ import annotations

import re
import tomllib
from itertools import chain, pairwise

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.house.project import ROOT

PIN = re.compile(r"(?P<name>[a-z0-9-]+)==(?P<version>\S+)(?: ; (?P<marker>.+?))? \\")
HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}( \\)?")


@pytest.fixture(scope="module")
def lines():
    return (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()


def declared() -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = [*project["dependencies"], *chain.from_iterable(project["optional-dependencies"].values())]
    return [Requirement(text) for text in named if not text.startswith(project["name"])]


def test_every_line_is_a_pin_or_a_hash(lines):
    odd = [line for line in lines if not PIN.fullmatch(line) and not HASH.fullmatch(line)]

    assert not odd


def test_every_pin_has_a_hash(lines):
    bare = [line for line, after in pairwise([*lines, ""]) if PIN.fullmatch(line) and not HASH.fullmatch(after)]

    assert not bare


@pytest.mark.parametrize("requirement", declared(), ids=lambda requirement: requirement.name)
def test_the_lock_satisfies_what_pyproject_asks_for(lines, requirement):
    pins = [found for line in lines if (found := PIN.fullmatch(line))]
    versions = [pin["version"] for pin in pins if pin["name"] == canonicalize_name(requirement.name)]

    assert versions, "missing: make lock"
    assert all(requirement.specifier.contains(version, prereleases=True) for version in versions), "stale: make lock"
