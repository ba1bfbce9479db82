"""The canonical form of addresses, usernames and role names.

Two spellings of one name get one form; look-alikes stay distinct or are refused, they are never folded together
(a folded look-alike lets one person receive another's mail).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from ..base.errors import InvalidInput
from ..base.matching import Prefix, name_key
from ..base.texts import Sentence

ROLE_NAME = re.compile(r"[A-Za-z0-9_.:-]{1,80}")
PERMISSION = re.compile(r"[a-z0-9_.:-]{1,80}")
MAX_EMAIL = 254
MAX_USERNAME = 64

BAD_EMAIL = Sentence("Enter an email address, like name@example.com.")


def email(text: str) -> str:
    """Return the canonical form of an address: trimmed, NFC, lower case, its domain in IDNA ASCII form.

    Raises:
        InvalidInput: where it is not an address mail could be sent to (RFC 5321, RFC 6531), or holds characters that
            only look like others.
    """
    # Imported late: it costs 20 ms, and reading who is calling needs none of it.
    from email_validator import EmailNotValidError, validate_email

    trimmed = text.strip()
    if len(trimmed) > MAX_EMAIL or not _plain(trimmed):
        raise InvalidInput(field_errors={"email": [BAD_EMAIL]})
    try:
        checked = validate_email(trimmed, check_deliverability=False, test_environment=True, strict=True)
    except EmailNotValidError:
        raise InvalidInput(field_errors={"email": [BAD_EMAIL]}) from None
    domain = checked.ascii_domain or checked.domain
    canonical = f"{unicodedata.normalize('NFC', checked.local_part).lower()}@{domain.lower()}"
    if len(canonical) > MAX_EMAIL:
        raise InvalidInput(field_errors={"email": [BAD_EMAIL]})
    return canonical


def username(text: str) -> str:
    """Return the canonical form of a username: trimmed, NFC, lower case.

    Raises:
        InvalidInput: where it is empty, longer than 64 characters, looks like an address, or holds spaces, control
            characters or look-alikes.
    """
    trimmed = unicodedata.normalize("NFC", text.strip())
    if not 1 <= len(trimmed) <= MAX_USERNAME:
        raise InvalidInput(field_errors={"username": [Sentence("Use 1 to %(n)s characters.", n=MAX_USERNAME)]})
    if "@" in trimmed:
        raise InvalidInput(field_errors={"username": [Sentence("A username may not look like an email address.")]})
    if not _plain(text.strip()) or any(unicodedata.category(c)[0] not in "LNPSM" for c in trimmed):
        raise InvalidInput(field_errors={"username": [Sentence("Use letters, digits and marks, without spaces.")]})
    return trimmed.lower()


def canonical(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of an account's columns, the address and the username among them in canonical form.

    Raises:
        InvalidInput: naming the field.
    """
    found = dict(values)
    if "email" in found:
        found["email"] = email(found["email"])
    if found.get("username") is not None:
        found["username"] = username(found["username"])
    return found


def identity(text: str) -> tuple[str, str] | None:
    """Return which column a sign-in name speaks of and its canonical form; None where it can be nobody's."""
    try:
        return ("email", email(text)) if "@" in text else ("username", username(text))
    except InvalidInput:
        return None


def prefix(text: str) -> Prefix | None:
    """Return the beginning of an address, username or full name in the form each is compared in; None for nothing.

    The domain of an address may not be whole yet.
    """
    plain = unicodedata.normalize("NFC", text.strip()).lower()
    if not plain:
        return None
    try:
        address = email(text)
    except InvalidInput:
        address = plain
    return Prefix(address, plain, name_key(text) or plain)


def role(text: str) -> str:
    """Return a role's name unchanged.

    Raises:
        InvalidInput: where it is not 1 to 80 of `A-Z a-z 0-9 _ . : -`.
    """
    if not isinstance(text, str) or not ROLE_NAME.fullmatch(text):
        raise InvalidInput(field_errors={"role": [Sentence("Use 1 to 80 letters, digits and _ . : -")]})
    return text


def permission(text: str) -> str:
    """Return a permission unchanged.

    Raises:
        InvalidInput: where it is not 1 to 80 of `a-z 0-9 _ . : -`.
    """
    if not isinstance(text, str) or not PERMISSION.fullmatch(text):
        raise InvalidInput(field_errors={"permissions": [Sentence("Use 1 to 80 small letters, digits and _ . : -")]})
    return text


def _plain(text: str) -> bool:
    # What compatibility normalisation would change (full-width @, ligatures, long s) or canonical composition would
    # turn into a character that was not typed (the Kelvin sign, a Greek varia into a backtick) is a look-alike.
    composed = unicodedata.normalize("NFC", text)
    if unicodedata.normalize("NFKC", text) != composed or any(_stands_for_another(c) for c in text):
        return False
    return all(unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn") for c in composed)


def _stands_for_another(char: str) -> bool:
    composed = unicodedata.normalize("NFC", char)
    return composed != char and len(composed) == 1
