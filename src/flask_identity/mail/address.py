"""The mailer that an IDENTITY_MAIL_URL stands for, and whom its letters are from."""

from __future__ import annotations

import ipaddress
from email.headerregistry import Address
from email.utils import parseaddr
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from ..base.errors import ConfigurationError
from ..base.letters import Mailer
from .console import ConsoleMailer
from .memory import MemoryMailer
from .smtp import SmtpMailer

_FORMS = "smtps://user:password@host, smtp://user:password@host, console: or memory:"


def mailer_at(url: str, sender: Address) -> Mailer:
    """Return the mailer of a URL.

    Raises:
        ConfigurationError: for one that stands for none. The message never holds the URL, which may have a password.
    """
    if url == "console:":
        return ConsoleMailer(sender)
    if url == "memory:":
        return MemoryMailer()
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise ConfigurationError(f"IDENTITY_MAIL_URL is not a URL; write {_FORMS}.") from None
    if parts.scheme not in ("smtp", "smtps") or not host or parts.path.strip("/") or parts.fragment:
        raise ConfigurationError(f"IDENTITY_MAIL_URL must be one of {_FORMS}.")
    starttls = parts.scheme == "smtp" and _wants_starttls(parts, host)
    secure = parts.scheme == "smtps" or starttls
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if user and not secure and not _is_loopback(host):
        raise ConfigurationError("IDENTITY_MAIL_URL would send a password in the clear; leave ?starttls=off out.")
    default = 465 if parts.scheme == "smtps" else 587 if starttls else 25
    return SmtpMailer(
        host, port or default, sender, tls=parts.scheme == "smtps", starttls=starttls, login=(user, password)
    )


def sender(given: str | None, name: str, host: str) -> Address:
    """Return whom letters are from.

    Args:
        given: IDENTITY_MAIL_FROM.
        name: The application's name, for where nothing is given.
        host: The host people reach it at, likewise.

    Raises:
        ConfigurationError: for what is no address.
    """
    if given is None:
        return Address(name, "no-reply", host)
    shown, spec = parseaddr(given)
    try:
        if not given.isprintable() or not spec:
            raise ValueError
        return Address(shown, addr_spec=spec)
    except (ValueError, IndexError):
        raise ConfigurationError(
            "IDENTITY_MAIL_FROM must be an address, such as no-reply@example.com or Shop <no-reply@example.com>."
        ) from None


def _wants_starttls(parts: SplitResult, host: str) -> bool:
    asked = parse_qs(parts.query, keep_blank_values=True)
    if asked not in ({}, {"starttls": ["off"]}, {"starttls": ["on"]}):
        raise ConfigurationError("IDENTITY_MAIL_URL takes ?starttls=on or ?starttls=off after the host, nothing else.")
    return asked["starttls"] == ["on"] if asked else not _is_loopback(host)


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
