"""A change is told in a fragment: one file, named after the change and its kind."""

from __future__ import annotations

import re

import pytest

from tests.house.project import ROOT, below

NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\.(added|changed|fixed|removed|security)\.md")
FRAGMENTS = [path for path in below("changelog.d", "") if path.name != "README.md"]


def test_every_fragment_is_named_after_its_change_and_kind():
    assert not [path.name for path in FRAGMENTS if not NAME.fullmatch(path.name) or path.parent != ROOT / "changelog.d"]


@pytest.mark.parametrize("fragment", FRAGMENTS, ids=lambda path: path.name)
def test_a_fragment_is_a_few_plain_sentences(fragment):
    text = fragment.read_text(encoding="utf-8")

    assert text.strip()
    assert text[0] not in "#-* \n", "plain sentences: the heading and the dash come when it is collected"
    assert text.rstrip().endswith((".", "`", ")")), "a whole sentence"
    assert all(len(line) <= 120 for line in text.splitlines())
