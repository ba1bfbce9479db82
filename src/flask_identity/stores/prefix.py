"""Search by the beginning of a name: where the texts that begin alike end, and what full names are compared by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..base.matching import name_key


def with_name_key(columns: Mapping[str, Any], values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return new values of a row with what its new full name is searched by, where it has one."""
    if "full_name" not in values or "search_name" not in columns:
        return values
    return {**values, "search_name": name_key(values["full_name"])}


def next_prefix(prefix: str) -> str | None:
    """Return the smallest text behind all that begin with `prefix`, comparing by code point."""
    for end in range(len(prefix) - 1, -1, -1):
        point = ord(prefix[end]) + 1
        if point == 0xD800:  # half a surrogate pair is no text
            point = 0xE000
        if point <= 0x10FFFF:
            return prefix[:end] + chr(point)
    return None
