"""Checks of what the application was configured with; they ask nothing of the database."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from flask import current_app

from ...core.services import PasswordSettings
from ...web.client import on_loopback
from ...web.current import State
from .findings import Finding, fail, ok, warn

_INVENTED = re.compile(r"change.?(me|this|it)|placeholder|example|secret|password|default|insecure|your.?key|dev.?key")
_FEWEST_LETTERS = 8  # different ones in a key; 32 random hex digits have 14 or so
_SMALLEST_MEMORY, _LONGEST = 19_456, 262_144  # KiB
_SMALLEST_WORK = 19_456 * 2  # KiB times passes, which OWASP's shapes of the same strength come to


def checks(state: State) -> Iterator[Finding]:
    """Yield what there is to say of the configuration."""
    yield _key()
    yield _base_url(state)
    yield _cookies(state)
    yield _proxies(state)
    yield _costs(state.get(PasswordSettings))


def _key() -> Finding:
    given = current_app.config["SECRET_KEY"]
    text = given.decode("latin-1") if isinstance(given, bytes) else str(given)
    if _INVENTED.search(text.lower()) or len(set(text)) < _FEWEST_LETTERS:
        return fail(
            "secret key",
            "SECRET_KEY looks like a placeholder: replace it by the output of "
            '`python -c "import secrets; print(secrets.token_hex(32))"`.',
        )
    return ok("secret key", f"{len(given if isinstance(given, bytes) else text.encode())} bytes.")


def _base_url(state: State) -> Finding:
    base = state.web.base_url
    if base is None:
        return warn(
            "base URL",
            "IDENTITY_BASE_URL is not set: set it to where people reach this, or no link in a mail can work.",
        )
    return ok("base URL", base)


def _cookies(state: State) -> Finding:
    base = urlsplit(state.web.base_url or "")
    if current_app.debug or current_app.testing:
        return warn("cookies", "DEBUG or TESTING is on: turn it off where real people sign in.")
    if base.scheme == "http" and not on_loopback(base.netloc):
        return fail(
            "cookies",
            "IDENTITY_BASE_URL is plain HTTP, over which nobody can sign in: serve over HTTPS and say so there.",
        )
    if base.scheme == "http":
        return warn("cookies", "They are not Secure at this loopback address: serve anything else over HTTPS.")
    return ok("cookies", "Secure, HttpOnly, SameSite=Lax, for this host alone.")


def _proxies(state: State) -> Finding:
    base = urlsplit(state.web.base_url or "")
    proxies = state.web.trusted_proxies
    if base.scheme == "https" and not proxies:
        return warn(
            "proxies",
            "IDENTITY_TRUSTED_PROXIES is 0: set it to the number of proxies in front, or everybody shares the proxy's "
            "limits and sign-ins look like plain HTTP. Leave it where this process itself speaks HTTPS.",
        )
    if proxies and on_loopback(base.netloc or "localhost"):
        return warn(
            "proxies",
            f"IDENTITY_TRUSTED_PROXIES is {proxies} at a loopback address: without so many proxies, anybody may claim "
            "any network address.",
        )
    return ok("proxies", f"{proxies or 'None'} trusted.")


def _costs(settings: PasswordSettings) -> Finding:
    memory, passes = settings.argon2_memory, settings.argon2_time
    shape = f"Argon2id with {memory} KiB, {passes} passes, {settings.argon2_parallelism} lanes"
    if memory * passes < _SMALLEST_WORK and not (memory >= 47_104 and passes >= 1):
        return fail(
            "password hashes",
            f"{shape} is cheap to guess at: set IDENTITY_ARGON2_MEMORY to {_SMALLEST_MEMORY} and IDENTITY_ARGON2_TIME "
            "to 2 or more.",
        )
    if memory > _LONGEST:
        return warn("password hashes", f"{shape}: sign-ins at once may use up the memory of the machine.")
    return ok("password hashes", f"{shape}.")
