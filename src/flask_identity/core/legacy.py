"""Password records made by others: verified at the first sign-in, and replaced by one of ours at once.

Known are bcrypt, Werkzeug's scrypt and PBKDF2, Django's PBKDF2, the PBKDF2 and scrypt of passlib, and Argon2. A record
of Flask-Security, which keys the password with a salt of its settings first, is imported with `{fs}` in front of it.
There is no plain text, DES or MD5 among them, and what is not recognised matches nothing.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Callable

from ..base.errors import ConfigurationError

FLASK_SECURITY = "{fs}"
_LONGEST_BCRYPT = 72
_MEMORY = 256 * 1024 * 1024

Verifier = Callable[[str, bytes], bool]
"""Compares a record with the bytes of a password as it was typed."""


def flask_security_key(salt: str, password: bytes) -> bytes:
    """Return what Flask-Security hashes in place of a password: base64 of HMAC-SHA-512 under its password salt."""
    return base64.b64encode(hmac.digest(salt.encode(), password, "sha512"))


def verifier(record: str) -> Verifier | None:
    """Return what verifies a record, or None where its format is not known."""
    return next((verify for pattern, verify in _FORMATS if pattern.match(record)), None)


def _argon2(record: str, password: bytes) -> bool:
    from argon2 import PasswordHasher
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        return PasswordHasher().verify(record.removeprefix("argon2"), password)
    except (VerificationError, InvalidHashError):
        return False


def _bcrypt(record: str, password: bytes) -> bool:
    try:
        import bcrypt
    except ImportError:
        raise ConfigurationError("A bcrypt record is kept here: install flask-identity[legacy].") from None
    # The algorithm reads 72 bytes and the library refuses more; what follows never counted in such a record.
    return bcrypt.checkpw(password[:_LONGEST_BCRYPT], record.encode())


def _django(record: str, password: bytes) -> bool:
    algorithm, rounds, salt, wanted = record.split("$")
    digest = algorithm.removeprefix("pbkdf2_")
    found = hashlib.pbkdf2_hmac(digest, password, salt.encode(), int(rounds))
    return hmac.compare_digest(base64.b64encode(found).decode(), wanted)


def _werkzeug_pbkdf2(record: str, password: bytes) -> bool:
    method, salt, wanted = record.split("$")
    _, digest, rounds = method.split(":")
    found = hashlib.pbkdf2_hmac(digest, password, salt.encode(), int(rounds))
    return hmac.compare_digest(found.hex(), wanted)


def _werkzeug_scrypt(record: str, password: bytes) -> bool:
    method, salt, wanted = record.split("$")
    n, r, p = (int(number) for number in method.split(":")[1:])
    found = hashlib.scrypt(password, salt=salt.encode(), n=n, r=r, p=p, maxmem=_MEMORY)
    return hmac.compare_digest(found.hex(), wanted)


def _passlib_pbkdf2(record: str, password: bytes) -> bool:
    _, scheme, rounds, salt, wanted = record.split("$")
    digest = scheme.removeprefix("pbkdf2-") if scheme != "pbkdf2" else "sha1"
    found = hashlib.pbkdf2_hmac(digest, password, _adapted(salt), int(rounds))
    return hmac.compare_digest(found, _adapted(wanted))


def _passlib_scrypt(record: str, password: bytes) -> bool:
    _, _, costs, salt, wanted = record.split("$")
    log_n, r, p = (int(part.partition("=")[2]) for part in costs.split(","))
    found = hashlib.scrypt(password, salt=_standard(salt), n=2**log_n, r=r, p=p, maxmem=_MEMORY, dklen=32)
    return hmac.compare_digest(found, _standard(wanted))


def _adapted(text: str) -> bytes:
    # passlib writes base64 with a dot for the plus sign.
    return _standard(text.replace(".", "+"))


def _standard(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4))


_FORMATS: tuple[tuple[re.Pattern[str], Verifier], ...] = (
    (re.compile(r"(argon2)?\$argon2(id|i|d)\$v=\d+\$m=\d+,t=\d+,p=\d+\$[^$]+\$[^$]+\Z"), _argon2),
    (re.compile(r"\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}\Z"), _bcrypt),
    (re.compile(r"pbkdf2_sha(1|256)\$\d{1,8}\$[^$]+\$[A-Za-z0-9+/=]+\Z"), _django),
    (re.compile(r"pbkdf2:sha(1|256|512):\d{1,8}\$[^$]+\$[0-9a-f]+\Z"), _werkzeug_pbkdf2),
    (re.compile(r"scrypt:\d{1,7}:\d{1,3}:\d{1,3}\$[^$]+\$[0-9a-f]+\Z"), _werkzeug_scrypt),
    (re.compile(r"\$pbkdf2(-sha256|-sha512)?\$\d{1,8}\$[./A-Za-z0-9]+\$[./A-Za-z0-9]+\Z"), _passlib_pbkdf2),
    (re.compile(r"\$scrypt\$ln=\d{1,2},r=\d{1,3},p=\d{1,3}\$[+/A-Za-z0-9]+\$[+/A-Za-z0-9]+\Z"), _passlib_scrypt),
)
