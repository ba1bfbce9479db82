"""Limits per address and for the whole site: S-019, S-029, A-060, A-065."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import pytest
import time_machine

from flask_identity.base.errors import TooManyRequests
from flask_identity.core import sweep
from flask_identity.core.throttle import Limit, network

LIMIT = Limit("a route", per_address=3, site=5)


@pytest.fixture
def clock():
    with time_machine.travel(datetime(2026, 3, 1, tzinfo=UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def throttle(build, clock):
    made = build()
    with made.app.app_context():
        yield made.services.throttle


def test_the_last_request_allowed_passes_and_the_next_does_not(throttle, clock):
    """S-019."""
    for _ in range(3):
        throttle.count(LIMIT, "192.0.2.1")
    clock.shift(20)
    with pytest.raises(TooManyRequests) as caught:
        throttle.count(LIMIT, "192.0.2.1")
    assert caught.value.retry_after == 40
    throttle.count(LIMIT, "192.0.2.2")


def test_the_next_window_begins_anew(throttle, clock):
    for _ in range(3):
        throttle.count(LIMIT, "192.0.2.1")
    clock.shift(59)
    with pytest.raises(TooManyRequests):
        throttle.count(LIMIT, "192.0.2.1")
    clock.shift(1)
    throttle.count(LIMIT, "192.0.2.1")


def test_the_whole_site_has_a_limit_of_its_own(throttle):
    for number in range(5):
        throttle.count(LIMIT, f"192.0.2.{number}")
    with pytest.raises(TooManyRequests):
        throttle.count(LIMIT, "192.0.2.99")


def test_a_limit_can_be_for_addresses_only(throttle):
    for number in range(20):
        throttle.count(Limit("a route", per_address=1), f"192.0.2.{number}")


def test_limits_of_different_names_count_apart_and_of_one_name_together(throttle):
    throttle.count(Limit("one", per_address=1), "192.0.2.1")
    throttle.count(Limit("other", per_address=1), "192.0.2.1")
    with pytest.raises(TooManyRequests):
        throttle.count(Limit("one", per_address=1), "192.0.2.1")


def test_addresses_of_one_ipv6_household_share_a_count(throttle):
    """A-060."""
    throttle.count(Limit("one", per_address=1), "2001:db8:1:2::1")
    with pytest.raises(TooManyRequests):
        throttle.count(Limit("one", per_address=1), "2001:db8:1:2:ffff::9")
    throttle.count(Limit("one", per_address=1), "2001:db8:1:3::1")


def test_switched_off_nothing_is_counted(site):
    with site.app.app_context():
        for _ in range(10):
            site.services.throttle.count(LIMIT, "192.0.2.1")
    assert site.rows("identity_throttle") == []


def test_one_ipv6_household_is_one_address():
    """A-060: a /64 has 2^64 addresses and one owner."""
    assert network("2001:db8:1:2::1") == network("2001:db8:1:2:ffff::9") != network("2001:db8:1:3::1")


@pytest.mark.parametrize(
    ("address", "counted_as"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("::1", "::/64"),
        (None, "unknown"),
        ("", "unknown"),
        ("evil", "unknown"),
        ("192.0.2.7, 10.0.0.1", "unknown"),
    ],
)
def test_what_an_address_counts_as(address, counted_as):
    """A-060: without a usable address all share one count; nobody escapes it."""
    assert network(address) == counted_as


def test_counts_are_exact_keys_short_and_tell_no_address_and_rows_carry_their_end(build, database_url, clock):
    """A-065: what has run out can be removed."""
    site = build(database_url)
    ends = int(datetime.now(UTC).timestamp()) + 60
    with site.app.app_context():
        for _ in range(3):
            site.services.throttle.count(LIMIT, "192.0.2.1")
        with pytest.raises(TooManyRequests):
            site.services.throttle.count(LIMIT, "192.0.2.1")
    rows = site.rows("identity_throttle")
    assert sorted((row["count"], row["expires_at"]) for row in rows) == [(3, ends), (4, ends)]
    assert all(len(row["key"]) <= 64 and "192" not in row["key"] for row in rows)


def test_counts_that_ran_out_are_swept_away(build, clock, monkeypatch):
    """A-065: attackers who change their address do not fill the table for ever."""
    monkeypatch.setattr(sweep, "ONE_IN", 100)
    site = build()
    random.seed(1)
    with site.app.app_context():
        for day in range(3):
            for number in range(120):
                site.services.throttle.count(Limit("a route", per_address=1), f"10.{day}.0.{number}")
            clock.shift(86400)
        for number in range(400):
            site.services.throttle.count(Limit("a route", per_address=1), f"10.9.{number // 200}.{number % 200}")
    assert len(site.rows("identity_throttle")) <= 700
