"""What a search by the beginning of a name compares."""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

LONGEST = 120
"""Characters of a full name's key; the rest of a longer one is not searched."""


class Prefix(NamedTuple):
    """How a name begins, in the canonical form of each column that is searched."""

    email: str
    username: str
    full_name: str


def name_key(text: str | None) -> str | None:
    """Return a full name as it is searched: trimmed, without regard to case, composed. None for nothing."""
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text or "").strip().casefold())
    return folded[:LONGEST] or None
