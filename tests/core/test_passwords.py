"""Hashing and verifying: R-01 to R-07, S-002 to S-005, S-011 to S-013, S-016, S-017."""

from __future__ import annotations

import re
import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flask_identity.base.errors import ConfigurationError, InvalidInput
from flask_identity.core.passwords import Passwords, Peppers

OLD = "2025:" + "o" * 32
NEW = "2026:" + "n" * 32


def hashing(pepper: str | None = None, *, memory: int = 8, time: int = 1) -> Passwords:
    return Passwords(memory, time, 1, Peppers.parse(pepper))


ordinary = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@settings(deadline=None, max_examples=150)
@given(ordinary)
def test_a_password_verifies_against_its_own_hash(password):
    """R-01: hashing and verifying prepare the password alike."""
    passwords = hashing()
    assert passwords.verify(passwords.hash(password), password).right


@settings(deadline=None, max_examples=150)
@given(ordinary, ordinary)
def test_another_password_verifies_only_where_nfkc_makes_them_one(one, other):
    """S-004."""
    passwords = hashing()
    same = unicodedata.normalize("NFKC", one) == unicodedata.normalize("NFKC", other)
    assert passwords.verify(passwords.hash(one), other).right is same


@settings(deadline=None, max_examples=50)
@given(ordinary)
def test_a_peppered_password_verifies_against_its_own_hash(password):
    """R-01, S-013."""
    passwords = hashing(OLD)
    assert passwords.verify(passwords.hash(password), password).right


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("p" * 72 + "a", "p" * 72 + "b"),
        ("Correct horse", "correct horse"),
        ("correct horse", "correct horse "),
        ("abcdefgh1", "abcdefgh2"),
        ("abcdefgh\0one", "abcdefgh\0two"),
    ],
    ids=["after 72 characters", "case", "trailing space", "after 8 characters", "after a NUL"],
)
def test_passwords_that_differ_anywhere_are_different(one, other):
    """S-003, S-017, R-04 (des_crypt looked at 8 characters), R-07 (bcrypt at 72 bytes)."""
    passwords = hashing()
    assert not passwords.verify(passwords.hash(one), other).right


def test_two_forms_of_one_text_are_one_password():
    """NFC, NFD and compatibility forms are typed by different keyboards (S-005)."""
    passwords = hashing()
    assert passwords.verify(passwords.hash("café ﬁne Ⅷ"), "cafe\u0301 fine VIII").right


@pytest.mark.parametrize("pepper", [None, OLD])
def test_a_record_is_argon2id_in_phc_form_and_fits_its_column(pepper):
    """S-011, R-07."""
    record = Passwords(19456, 2, 1, Peppers.parse(pepper)).hash("x" * 256)
    body = record.removeprefix("{k=2025}")
    assert re.fullmatch(r"\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]+\$[A-Za-z0-9+/]+", body)
    assert len(record) <= 128
    assert ("{k=2025}" in record) is (pepper is not None)


@pytest.mark.parametrize(
    "record",
    [
        None,
        "",
        "pw",
        "correct horse",
        "$scrypt$ln=16,r=8,p=1$c2FsdA$aGFzaA",
        "$2b$12$abcdefghijklmnopqrstuuMZ9xG1bPXvN0Y6YpyG7sMoT6bRRtWkK",
        "$argon2id$",
        "$argon2id$v=19$m=8,t=1,p=1$broken",
        "$argon2i$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaGhhc2hoYXNo",
        "{k=2025}",
        "{k=nobody}$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaGhhc2hoYXNo",
        "pbkdf2:sha256:1$a$b",
        "\0",
        "🔑",
    ],
)
def test_a_record_of_no_known_form_never_matches_and_never_fails(record):
    """R-02, R-03, R-05, A-112, A-120: no plain text, no pass-the-hash, no blank password, no exception."""
    passwords = hashing(OLD)
    for password in ("", "pw", "correct horse", record or "", "\0"):
        assert not passwords.verify(record, password).right


def test_the_stored_record_is_not_itself_a_password():
    """R-03: presenting what a stolen database holds opens nothing."""
    passwords = hashing()
    record = passwords.hash("correct horse")
    assert not passwords.verify(record, record).right


@pytest.mark.parametrize("password", ["x" * 257, "é" * 600, "🔑" * 257, "\ufdfa" * 100, "x" * 10_000_000])
def test_a_password_over_the_limit_is_refused_and_never_cut(password):
    """S-002, S-016, A-116, A-119; U+FDFA grows eighteenfold under NFKC."""
    passwords = hashing()
    began = time.thread_time()
    with pytest.raises(InvalidInput):
        passwords.hash(password)
    with pytest.raises(InvalidInput):
        passwords.verify(None, password)
    assert time.thread_time() - began < 0.2


@pytest.mark.parametrize("password", ["x" * 256, "é" * 256, "🔑" * 256, "x" * 64])
def test_passwords_up_to_the_limit_are_accepted(password):
    """S-002: 256 characters, and no more than 1,024 bytes."""
    passwords = hashing()
    assert passwords.verify(passwords.hash(password), password).right


@pytest.mark.parametrize("password", ["\ud800", "abc\udfffdef"])
def test_half_a_surrogate_pair_is_refused(password):
    """S-017."""
    with pytest.raises(InvalidInput):
        hashing().hash(password)


@pytest.mark.parametrize("password", ["\0", "a\0b", "\u0378", "\U000e0001", "\x1b[31m", "‮"])
def test_odd_characters_are_hashed_exactly(password):
    """S-017."""
    passwords = hashing()
    record = passwords.hash(password)
    assert passwords.verify(record, password).right
    assert not passwords.verify(record, password.replace(password[-1], "")).right


def test_a_hash_with_weaker_parameters_is_right_and_outdated():
    """S-012."""
    weak = hashing().hash("correct horse")
    verdict = hashing(memory=16).verify(weak, "correct horse")
    assert verdict.right
    assert verdict.outdated
    current = hashing(memory=16)
    assert not current.verify(current.hash("correct horse"), "correct horse").outdated


def test_rotating_the_pepper_keeps_everybody_able_to_sign_in():
    """S-013, R-06: the pepper has a key id in the record and is not SECRET_KEY."""
    before = hashing(OLD).hash("correct horse")
    rotated = hashing(f"{NEW}, {OLD}")
    verdict = rotated.verify(before, "correct horse")
    assert verdict.right
    assert verdict.outdated
    after = rotated.hash("correct horse")
    assert after.startswith("{k=2026}")
    assert not rotated.verify(after, "correct horse").outdated


def test_a_record_without_pepper_still_opens_once_there_is_one():
    """S-013."""
    verdict = hashing(OLD).verify(hashing().hash("correct horse"), "correct horse")
    assert verdict.right
    assert verdict.outdated


def test_a_retired_pepper_opens_nothing():
    record = hashing(OLD).hash("correct horse")
    assert not hashing(NEW).verify(record, "correct horse").right
    assert not hashing().verify(record, "correct horse").right


@pytest.mark.parametrize("text", ["short:secret", "no-colon" * 8, "spaces in id:" + "x" * 32, ":" + "x" * 32])
def test_a_pepper_of_another_form_stops_start_up(text):
    with pytest.raises(ConfigurationError, match="IDENTITY_PASSWORD_PEPPER"):
        Peppers.parse(text)


def test_a_hash_does_not_depend_on_secret_key(build):
    """R-06, R-29: rotating SECRET_KEY destroys no password."""
    url = str(build().engine.url)
    user = build(url).person()
    assert user
    with build(url, SECRET_KEY="another key of thirty-two bytes or more").app.test_client() as client:
        body = {"identity": "ada@example.com", "password": "correct horse battery staple"}
        assert client.post("/identity/login", json=body).status_code == 200
