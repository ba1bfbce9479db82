"""What happened, counted by the hour: `Store.by_hour`."""

from __future__ import annotations

from flask_identity.base.ports import Kind
from flask_identity.core import activity
from tests.contracts.rows import happened

HOUR = 3_600_000_000
NOON = 1_780_000_000_000_000 // HOUR * HOUR


def test_activity_is_counted_by_hour_kind_and_details_over_a_range_that_ends_before_its_end(store):
    with store.unit():
        for row in (
            *(happened(at) for at in (NOON - 1, NOON, NOON + 1, NOON + HOUR - 1, NOON + HOUR, NOON + 2 * HOUR)),
            happened(NOON + 2, details='{"by":"basic"}'),
            happened(NOON + 3, "account_created", ""),
            happened(NOON + 4, "signed_out", ""),
        ):
            store.add(Kind.ACTIVITY, row)

    found = activity.by_hour(store, ["signed_in", "account_created"], NOON, NOON + 2 * HOUR)

    assert sorted(found) == [
        ("account_created", "", NOON, 1),
        ("signed_in", '{"by":"basic"}', NOON, 1),
        ("signed_in", '{"by":"password"}', NOON, 3),
        ("signed_in", '{"by":"password"}', NOON + HOUR, 1),
    ]
    assert {type(each.begins) for each in found} == {type(each.times) for each in found} == {int}
    assert list(activity.by_hour(store, ["token_made"], NOON, NOON + HOUR)) == []
