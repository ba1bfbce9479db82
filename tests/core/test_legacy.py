"""Password records made by others sign in once and are replaced; F-47, A-117, A-120."""

from __future__ import annotations

import base64
import hashlib
import hmac

import bcrypt
import pytest
from argon2 import PasswordHasher
from werkzeug.security import generate_password_hash

from flask_identity.core.passwords import Passwords, Peppers

PASSWORD = "pässword of old"
SALT = "salt-of-the-other-application"


def made(salt: str | None = SALT) -> Passwords:
    return Passwords(8, 1, 1, Peppers({}), salt)


def ab64(data: bytes) -> str:
    return base64.b64encode(data).decode().rstrip("=").replace("+", ".")


def django(password: str) -> str:
    digest = hashlib.pbkdf2_hmac("sha256", password.encode(), b"grain", 1000)
    return f"pbkdf2_sha256$1000$grain${base64.b64encode(digest).decode()}"


def passlib(password: str) -> str:
    digest = hashlib.pbkdf2_hmac("sha512", password.encode(), b"grain of sea salt", 1000)
    return f"$pbkdf2-sha512$1000${ab64(b'grain of sea salt')}${ab64(digest)}"


def flask_security(password: str) -> str:
    keyed = base64.b64encode(hmac.digest(SALT.encode(), password.encode(), "sha512"))
    return "{fs}" + PasswordHasher(memory_cost=8, time_cost=1, parallelism=1).hash(keyed)


RECORDS = {
    "bcrypt": lambda password: bcrypt.hashpw(password.encode()[:72], bcrypt.gensalt(4)).decode(),
    "django": django,
    "passlib": passlib,
    "werkzeug scrypt": lambda password: generate_password_hash(password, "scrypt:1024:8:1"),
    "werkzeug pbkdf2": lambda password: generate_password_hash(password, "pbkdf2:sha256:1000"),
    "flask-security": flask_security,
    "django argon2": lambda password: "argon2" + PasswordHasher(memory_cost=64, time_cost=1).hash(password),
}


@pytest.mark.parametrize("kind", RECORDS)
def test_the_right_password_matches_and_asks_for_a_new_record(kind):
    record = RECORDS[kind](PASSWORD)

    verdict = made().verify(record, PASSWORD)

    assert (verdict.right, verdict.outdated) == (True, True)
    assert made().knows(record)


@pytest.mark.parametrize("kind", RECORDS)
@pytest.mark.parametrize("wrong", ["", PASSWORD.upper(), PASSWORD + " "])
def test_a_wrong_one_and_the_record_itself_do_not(kind, wrong):
    record = RECORDS[kind](PASSWORD)

    assert not made().verify(record, wrong).right
    assert not made().verify(record, record[:200]).right


def test_what_bcrypt_never_counted_does_not_raise():
    """A-117: the algorithm reads 72 bytes."""
    long = "x" * 80

    assert made().verify(RECORDS["bcrypt"](long), long).right


def test_a_keyed_record_matches_nothing_without_the_salt_it_was_keyed_with():
    record = flask_security(PASSWORD)

    assert not made(None).verify(record, PASSWORD).right
    assert not made("another salt").verify(record, PASSWORD).right
    assert not made(None).knows(record)


@pytest.mark.parametrize(
    "record", ["", "secret", "$1$salt$digest", "pbkdf2_sha256$x$grain$AAAA", "scrypt:1:8:1$grain$zz", "{fs}secret"]
)
def test_what_is_not_recognised_matches_nothing(record):
    assert not made().verify(record, record or "x").right
    assert not made().knows(record)
