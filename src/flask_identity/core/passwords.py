"""Hash and verify passwords; never more hashes at once than cores.

Argon2id in the PHC string form (RFC 9106; parameters after the OWASP password storage cheat sheet). Passwords are
brought into NFKC form before hashing. A record without a prefix was made so; one that begins with `{k=ID}` was keyed
with the pepper of that id first.
"""

from __future__ import annotations

import base64
import hmac
import os
import re
import secrets
import threading
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import TYPE_CHECKING, ClassVar

from ..base.errors import Busy, ConfigurationError, InvalidInput
from ..base.texts import Sentence
from . import legacy
from .gates import Gate

if TYPE_CHECKING:
    from argon2 import PasswordHasher

MAX_CHARACTERS = 256
MAX_BYTES = 1024
WAIT_SECONDS = 2.0
_KEYED = re.compile(r"\{k=([A-Za-z0-9_-]{1,16})\}")


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1)


class _Slots:
    """Who may hash now. One for the process: it guards its memory and cores, which applications in it share."""

    def __init__(self) -> None:
        self.reset()
        if hasattr(os, "register_at_fork"):
            # A slot taken by a thread that the child does not have would stay taken there for ever.
            os.register_at_fork(after_in_child=self.reset)

    def reset(self) -> None:
        self._gate = Gate(_cores())
        self._held = threading.local()

    @contextmanager
    def take(self) -> Iterator[None]:
        if getattr(self._held, "depth", 0):
            yield  # this thread holds one already
            return
        if not self._gate.enter(WAIT_SECONDS):
            raise Busy(retry_after=2)
        self._held.depth = 1
        try:
            yield
        finally:
            self._held.depth = 0
            self._gate.leave()


_slots = _Slots()


def slot() -> AbstractContextManager[None]:
    """Hold one of the process's hashing slots, one per core; entering again inside is free.

    Raises:
        Busy: where none came free within 2 s.
    """
    return _slots.take()


def normal(password: str, field: str = "password") -> bytes:
    """Return the bytes of a password that are hashed: NFKC, UTF-8. A refusal names `field`.

    Raises:
        InvalidInput: over 256 characters or 1,024 bytes, or with half a surrogate pair. Never truncates.
    """
    try:
        if len(password) > MAX_CHARACTERS:
            raise ValueError
        text = unicodedata.normalize("NFKC", password)
        data = text.encode()
        if len(text) > MAX_CHARACTERS or len(data) > MAX_BYTES:
            raise ValueError
    except ValueError:
        message = Sentence("Use at most %(n)s ordinary characters.", n=MAX_CHARACTERS)
        raise InvalidInput(field_errors={field: [message]}) from None
    return data


@dataclass(frozen=True)
class Peppers:
    """Keys that are mixed into passwords, newest first; held outside the database.

    Args:
        keys: Secrets by key id, as UTF-8 bytes.
    """

    keys: dict[str, bytes] = field(repr=False)

    @classmethod
    def parse(cls, text: str | None) -> Peppers:
        """Read `id:secret, id:secret`.

        Raises:
            ConfigurationError: for another form or a secret under 32 bytes.
        """
        keys: dict[str, bytes] = {}
        for part in (text or "").replace(",", " ").split():
            name, _, secret = part.partition(":")
            if not re.fullmatch(r"[A-Za-z0-9_-]{1,16}", name) or len(secret.encode()) < 32:
                raise ConfigurationError(
                    "IDENTITY_PASSWORD_PEPPER must be `id:secret` pairs, newest first, each secret 32 bytes or longer."
                )
            keys[name] = secret.encode()
        return cls(keys)

    @property
    def newest(self) -> str | None:
        """The id of the key that new hashes use."""
        return next(iter(self.keys), None)

    def apply(self, key_id: str | None, data: bytes) -> bytes:
        """Return what is hashed in place of `data` under a key, in 44 bytes."""
        if key_id is None:
            return data
        return base64.b64encode(hmac.digest(self.keys[key_id], data, "sha256"))


@dataclass(frozen=True)
class Verdict:
    """What comparing a password with a record gave."""

    right: bool
    outdated: bool = False
    """Whether a new record should replace this one."""


class Passwords:
    """Hashing with one set of parameters.

    Args:
        memory: KiB of memory per hash.
        time: Passes over it.
        parallelism: Lanes.
        peppers: Keys mixed in before hashing.
        flask_security_salt: The salt of records that came from Flask-Security.
    """

    def __init__(
        self, memory: int, time: int, parallelism: int, peppers: Peppers, flask_security_salt: str | None = None
    ) -> None:
        self._costs = (memory, time, parallelism)
        self._peppers = peppers
        self._flask_security_salt = flask_security_salt

    costs_in_tests: ClassVar[tuple[int, int, int] | None] = None
    """In place of every instance's own costs; for `flask_identity.testing` alone."""

    @property
    def _argon2(self) -> PasswordHasher:
        return _hasher(*(self.costs_in_tests or self._costs))

    @cached_property
    def _decoy(self) -> str:
        # Of the same cost as a real record, and nobody's: made without a hash, so that the first use costs one too.
        memory, time, parallelism = self._costs
        salt, digest = (base64.b64encode(secrets.token_bytes(size)).decode().rstrip("=") for size in (16, 32))
        return f"$argon2id$v=19$m={memory},t={time},p={parallelism}${salt}${digest}"

    def hash(self, password: str) -> str:
        """Return a new record of a password, at most 128 characters.

        Raises:
            InvalidInput: for a password that is too long or no text.
            Busy: where every hashing slot stayed taken.
        """
        data = normal(password)
        key_id = self._peppers.newest
        with slot():
            record = self._argon2.hash(self._peppers.apply(key_id, data))
        return f"{{k={key_id}}}{record}" if key_id else record

    def verify(self, record: str | None, password: str) -> Verdict:
        """Compare a password with a record, at the cost of exactly one hash.

        A missing record, or one of no known form, costs the same and is never right.

        Raises:
            InvalidInput: for a password that is too long or no text.
            Busy: where every hashing slot stayed taken.
        """
        data = normal(password)
        key_id, body = _parted(record or "")
        if body.startswith("$argon2id$") and (key_id is None or key_id in self._peppers.keys):
            right = self._matches(body, self._peppers.apply(key_id, data))
            return Verdict(right, right and (self._argon2.check_needs_rehash(body) or key_id != self._peppers.newest))
        verify = self._legacy(record or "")
        if verify is None:
            self._matches(self._decoy, data)
            return Verdict(False)
        with slot():
            return Verdict(verify(password.encode()), outdated=True)

    def knows(self, record: str) -> bool:
        """Say whether a record has a format that can be verified here."""
        key_id, body = _parted(record)
        ours = body.startswith("$argon2id$") and (key_id is None or key_id in self._peppers.keys)
        return ours or self._legacy(record) is not None

    def _matches(self, record: str, data: bytes) -> bool:
        from argon2.exceptions import InvalidHashError, VerificationError

        with slot():
            try:
                return self._argon2.verify(record, data)
            except (VerificationError, InvalidHashError):
                return False

    def _legacy(self, record: str) -> Callable[[bytes], bool] | None:
        salt = self._flask_security_salt
        keyed = record.startswith(legacy.FLASK_SECURITY)
        record = record.removeprefix(legacy.FLASK_SECURITY)
        verify = legacy.verifier(record)
        if verify is None or (keyed and salt is None):
            return None
        if keyed:
            return lambda typed: verify(record, legacy.flask_security_key(salt or "", typed))
        return lambda typed: verify(record, typed)


@cache
def _hasher(memory: int, time: int, parallelism: int) -> PasswordHasher:
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=time, memory_cost=memory, parallelism=parallelism)


def _parted(record: str) -> tuple[str | None, str]:
    found = _KEYED.match(record)
    return (found[1], record[found.end() :]) if found else (None, record)
