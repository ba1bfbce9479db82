"""The names of pictures: 128 random bits, chosen here and never by who sends a picture (S-103)."""

from __future__ import annotations

import re
import secrets

NAME = re.compile(r"([0-9a-f]{32})(-128)?\.webp")
"""A picture, and its small form."""

DRAFT = re.compile(NAME.pattern + r"\.part")
"""What a picture is called while it is being written."""


def new() -> str:
    """Return a name that nobody can guess."""
    return f"{secrets.token_hex(16)}.webp"


def small(name: str) -> str:
    """Return the name of a picture's small form."""
    return f"{name.removesuffix('.webp')}-128.webp"


def of_url(url: str | None) -> str | None:
    """Return the name at the end of a saved URL, None where it is not one of ours.

    Only the name counts: the server may have moved since, and a port of its own is another after each start.
    """
    name = (url or "").rpartition("/")[2]
    return name if NAME.fullmatch(name) and "-" not in name else None


def both(name: str) -> tuple[str, str]:
    """Return the names of a picture's two files."""
    return name, small(name)


def checked(name: str) -> str:
    """Return a name that may be part of a path or a command (S-106).

    Raises:
        ValueError: for any other.
    """
    if not (NAME.fullmatch(name) or DRAFT.fullmatch(name)):
        raise ValueError("not the name of a picture")
    return name
