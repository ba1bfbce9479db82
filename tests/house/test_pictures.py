"""The pictures of the documentation: each has a page and a text, and one script makes them all."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scripts.pictures import FOLDER, PICTURES
from tests.house.project import below, name_of
from tests.house.snippets import pages

PICTURE = re.compile(r"!\[(?P<text>[^\]]*)\]\((?P<target>[^)\s]+)\)")
HEAVIEST = 1_500_000  # bytes of all together: they are fetched with the repository
SHOWN = [
    (page, match["text"], match["target"]) for page in pages() for match in PICTURE.finditer(page.read_text("utf-8"))
]


@pytest.mark.parametrize(("page", "text", "target"), SHOWN, ids=[f"{name_of(page)}:{to}" for page, _, to in SHOWN])
def test_a_picture_on_a_page_is_there_and_has_words_for_who_does_not_see_it(page, text, target):
    assert (page.parent / target).resolve().is_file()
    assert len(text.split()) >= 3


def test_every_picture_is_made_by_the_script_and_shown_on_a_page():
    files = {path.name for path in below("docs/img", "")}
    shown = {Path(target).name for _, _, target in SHOWN}

    assert files == {f"{name}.webp" for name in PICTURES} == shown


def test_all_pictures_together_are_light():
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < HEAVIEST
