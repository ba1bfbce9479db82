"""`id.secret` values: made once, shown once, kept as a digest."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, field

_VALUE = re.compile(r"([A-Za-z0-9_-]{16})\.([A-Za-z0-9_-]{43})")
_MARK = "fid_"


@dataclass(frozen=True)
class Secret:
    """A fresh secret: `id` finds its row, `value` is what the bearer keeps, `digest` what the database keeps."""

    id: str
    value: str = field(repr=False)
    digest: str = field(repr=False)


def make(row_id: str | None = None) -> Secret:
    """Make a secret of 256 random bits under a new id of 96 random bits, or under `row_id`."""
    row_id = row_id or secrets.token_urlsafe(12)
    secret = secrets.token_urlsafe(32)
    return Secret(row_id, f"{row_id}.{secret}", digest(secret))


def digest(secret: str) -> str:
    """Return the SHA-256 of a secret in 64 hex digits. A fast hash is enough for 256 random bits."""
    return hashlib.sha256(secret.encode()).hexdigest()


def split(value: str) -> tuple[str, str] | None:
    """Return the id and the secret of a presented value, or None where it has not their form."""
    found = _VALUE.fullmatch(value)
    return (found[1], found[2]) if found else None


def veiled(value: str, key: bytes) -> str:
    """Return `id.secret` with its secret hidden under a key, for a row that waits; veiled again it is back as it was.

    The 256 bits are combined with as many that only the key can make, and each id is used once.
    """
    row_id, _, secret = value.partition(".")
    cover = hmac.digest(key, b"veil:" + row_id.encode(), "sha256")
    bare = base64.urlsafe_b64decode(secret + "=")
    hidden = bytes(one ^ other for one, other in zip(bare, cover, strict=True))
    return f"{row_id}.{base64.urlsafe_b64encode(hidden).decode().rstrip('=')}"


def marked(value: str) -> str:
    """Return a value as an API token is shown: `fid_id.secret`, so that scanners find one that was left in a file."""
    return _MARK + value


def unmarked(value: str) -> str | None:
    """Return the `id.secret` of a presented API token, or None where it has not its form."""
    # An id may begin with the mark by chance; a marked value is longer, so that one is never the other.
    inside = value.removeprefix(_MARK)
    return inside if inside != value and split(inside) else None


def matches(secret: str, kept: str) -> bool:
    """Compare a presented secret with a kept digest, in constant time."""
    return hmac.compare_digest(digest(secret), kept)


def handle(row_id: str) -> str:
    """Return the name under which a row is shown and ended; the id itself stays with its bearer."""
    return hashlib.sha256(b"handle:" + row_id.encode()).hexdigest()[:24]


def uniquifier() -> str:
    """Return a new value for `user.uniquifier`: 32 hex digits."""
    return secrets.token_hex(16)
