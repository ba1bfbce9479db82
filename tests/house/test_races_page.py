"""The published figures of races are those that were measured."""

from __future__ import annotations

from scripts import races


def test_the_table_of_races_is_made_from_the_data():
    text = races.PAGE.read_text(encoding="utf-8")

    assert text == races.page(text, races.lines(races.DATA)), "python scripts/races.py"


def test_no_published_race_was_violated_or_failed_on_the_servers_side():
    """G-06."""
    assert [line for line in races.lines(races.DATA) if line["violations"] or line["5xx"] or line["faults"]] == []
