"""What other people made is listed, and is what the list says."""

from __future__ import annotations

import hashlib
import re

import pytest

from scripts.vendor import BUNDLED, ICONS, PACKAGES, TEST_VENDOR, TESTED_WITH, VENDOR
from tests.house.project import below

ROW = re.compile(r"^\| `([^`]+)` \| (\S+) \| (\S+) \| (\S+) \| `([0-9a-f]{64})` \|$", re.MULTILINE)
USED = re.compile(r"""\bicon\(\s*["']([a-z0-9-]+)["']""")


@pytest.mark.parametrize(("folder", "packages"), [(VENDOR, PACKAGES | BUNDLED), (TEST_VENDOR, TESTED_WITH)])
def test_each_vendored_file_is_listed_with_its_hash(folder, packages):
    listed = {row[0]: row for row in ROW.findall((folder / "README.md").read_text(encoding="utf-8"))}

    for name, package, version, licence, digest in listed.values():
        assert (version, licence) == packages[package], name
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest, name
    assert set(listed) == {path.name for path in folder.iterdir()} - {"README.md"}


def test_no_vendored_file_points_to_a_source_map():
    for path in VENDOR.iterdir():
        assert b"sourceMappingURL" not in path.read_bytes(), path.name


def test_each_icon_that_a_template_shows_is_in_the_sprite():
    sprite = (VENDOR / "icons.svg").read_text(encoding="utf-8")
    shown = {name for path in below("src", ".html") for name in USED.findall(path.read_text(encoding="utf-8"))}

    assert all(f'id="{name}"' in sprite for name in ICONS)
    assert shown
    assert shown <= set(ICONS)
