"""Which passwords are refused: S-001, S-005 to S-007."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from flask_identity.base.errors import InvalidInput, WeakPassword
from flask_identity.core import strength

GOOD = "tin kettle orbit seven"


def refused(password, *, minimum=8, score=3, about=(), field="password"):
    with pytest.raises(WeakPassword) as caught:
        strength.judge(password, about=about, minimum=minimum, score=score, field=field)
    (messages,) = caught.value.field_errors.values()
    assert list(caught.value.field_errors) == [field]
    return messages[0]


def accepted(password, *, minimum=8, score=3, about=()):
    strength.judge(password, about=about, minimum=minimum, score=score)


def test_a_good_password_is_accepted():
    accepted(GOOD, about=("ada@example.com", None, "Ada Lovelace", "Flask-Identity"))


@pytest.mark.parametrize("minimum", [8, 15, 30])
def test_the_length_rule_holds_at_its_edge(minimum):
    """S-001."""
    long_enough = ("qz7 vK2w mX9p rT4b nL8s jF3d" * 2)[:minimum]
    accepted(long_enough, minimum=minimum, score=0)
    assert f"{minimum} characters" in refused(long_enough[:-1], minimum=minimum, score=0)


def test_length_counts_code_points_after_normalisation():
    """S-005: eight letters and eight combining marks are eight characters, a ligature is three."""
    assert "12 characters" in refused("e\u0301a\u0301o\u0301u\u0301i\u0301c\u0301n\u0301z\u0301", minimum=12)
    accepted("ﬃﬃﬃzq9", minimum=12, score=0)


def test_common_passwords_are_refused_in_any_case():
    """S-006: the ten thousand most common that are long enough."""
    common = [word for word in list(FREQUENCY_LISTS["passwords"])[:10_000] if len(word) >= 8]
    assert len(common) > 500
    for word in common:
        assert refused(word, score=0)
        assert refused(word.upper(), score=0)


@pytest.mark.parametrize(
    "password",
    ["ada.lovelace 1815 engine", "xx ADA.LOVELACE xx 99 qq", "Countess of the engine 7", "my flask-identity login 42!"],
)
def test_ones_own_name_address_and_the_product_are_refused(password):
    """S-007."""
    about = ("ada.lovelace@example.com", "countess", None, "Flask-Identity")
    assert "Leave your name" in refused(password, about=about, score=0)


def test_a_name_of_three_letters_is_too_short_to_count():
    """S-007: four characters and more."""
    accepted("ada tin kettle orbit", about=("ada@example.com",))


@pytest.mark.parametrize(
    "password", ["aaaaaaaaaaaaaaaa", "abcdefghijklm", "1234567890123", "qwertyuiopasdf", "P@ssw0rd123"]
)
def test_what_is_easy_to_guess_is_refused(password):
    assert refused(password)


def test_the_score_can_be_lowered():
    accepted("abcdefghijklm", score=0)


@pytest.mark.parametrize(
    "password", ["пароль никому не скажу", "🔑🐢🌋🚲🎻🧭🪁🥁", "      tin  kettle      ", "日本語の長い合言葉です"]
)
def test_any_characters_make_a_password(password):
    """S-004: no rule about kinds of characters."""
    accepted(password, score=2)


@pytest.mark.parametrize("password", ["ab" * 128, "x1Y!" * 64, "(" * 256])
def test_judging_a_long_password_costs_little(password):
    """S-115: the score looks at a part of bounded length."""
    began = time.thread_time()
    with suppress(WeakPassword):
        strength.judge(password, minimum=8, score=3)
    assert time.thread_time() - began < 1.5


def test_an_over_long_password_names_the_field_that_was_asked_about():
    with pytest.raises(InvalidInput) as caught:
        strength.judge("x" * 257, minimum=8, score=3, field="new_password")
    assert list(caught.value.field_errors) == ["new_password"]
