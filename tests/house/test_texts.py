"""No file of the project speaks of the machine it was written on, or of where packages are fetched from."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.house.project import files, name_of, text_of

# Host names are put together here, so that this file does not hold them either.
REGISTRY_HOSTS = [
    ("pypi", "org"),
    ("files", "pythonhosted", "org"),
    ("registry", "npmjs", "org"),
    ("registry", "yarnpkg", "com"),
    ("deb", "debian", "org"),
    ("proxy", "golang", "org"),
    ("crates", "io"),
]
FORBIDDEN = re.compile(
    "|".join([r"/(work|farm)/", *(r"\b" + r"\.".join(parts) + r"\b" for parts in REGISTRY_HOSTS)]), re.IGNORECASE
)


def mentions(text: str) -> Iterator[str]:
    for number, line in enumerate(text.splitlines(), 1):
        if found := FORBIDDEN.search(line):
            yield f"line {number}: {found.group()}"


def test_no_text_names_a_build_machine_or_a_package_registry():
    found = {name_of(path): list(mentions(text)) for path in files() if (text := text_of(path)) is not None}

    assert not {name: lines for name, lines in found.items() if lines}


@pytest.mark.parametrize("text", ["see " + "/" + "work/x.txt", "https://" + ".".join(REGISTRY_HOSTS[0]) + "/p"])
def test_such_a_text_would_be_found(text):
    assert list(mentions(text))
