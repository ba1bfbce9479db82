"""`id.secret` values: S-055, S-089, S-044."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flask_identity.core import secrets


def test_ten_thousand_values_are_unique_and_long_enough():
    """S-055: 43 url-safe characters are 256 bits."""
    made = [secrets.make() for _ in range(10_000)]
    assert len({each.value for each in made}) == 10_000
    assert len({each.id for each in made}) == 10_000
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{16}\.[A-Za-z0-9_-]{43}", each.value) for each in made)


def test_the_kept_digest_opens_only_for_its_secret():
    made, other = secrets.make(), secrets.make()
    row_id, secret = secrets.split(made.value) or ("", "")
    assert row_id == made.id
    assert secrets.matches(secret, made.digest)
    assert not secrets.matches(secret, other.digest)
    assert secret not in made.digest


def test_neither_value_nor_digest_is_in_the_repr():
    """S-124."""
    made = secrets.make()
    assert made.value not in repr(made)
    assert made.digest not in repr(made)


def test_a_handle_tells_neither_the_id_nor_the_secret():
    """S-059."""
    made = secrets.make()
    handle = secrets.handle(made.id)
    assert re.fullmatch(r"[0-9a-f]{24}", handle)
    assert made.id not in handle
    assert secrets.handle(made.id) == handle


@pytest.mark.parametrize("value", ["", ".", "a.b", "x" * 16 + "." + "y" * 42, "x" * 16 + "." + "y" * 44, "x" * 60])
def test_a_value_of_another_form_is_none(value):
    assert secrets.split(value) is None


@pytest.mark.parametrize("tail", ["\n", " ", "\0", "é", ".z"])
def test_nothing_may_follow_a_value(tail):
    assert secrets.split(secrets.make().value + tail) is None


@given(st.text())
def test_any_text_can_be_looked_at(value):
    """A-045, A-048: nothing raises, and nothing but the exact form is taken for a value."""
    assert secrets.split(value) is None or re.fullmatch(r"[A-Za-z0-9_-]{16}\.[A-Za-z0-9_-]{43}", value)
