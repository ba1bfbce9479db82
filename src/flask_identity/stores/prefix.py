"""Where the texts that begin alike end."""

from __future__ import annotations


def next_prefix(prefix: str) -> str | None:
    """Return the smallest text behind all that begin with `prefix`, comparing by code point."""
    for end in range(len(prefix) - 1, -1, -1):
        point = ord(prefix[end]) + 1
        if point == 0xD800:  # half a surrogate pair is no text
            point = 0xE000
        if point <= 0x10FFFF:
            return prefix[:end] + chr(point)
    return None
