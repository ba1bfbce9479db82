"""Ids as they come in from outside: one canonical form per key type, anything else is refused."""

from __future__ import annotations

import re
import uuid
from typing import Any

from .errors import InvalidInput, NotFound
from .texts import Sentence

_LARGEST = {4: 2**31 - 1, 8: 2**63 - 1}
_INTEGER = re.compile(r"0|-?[1-9][0-9]*", re.ASCII)
_LONGEST_TEXT = 255


def identifier(kind: type, value: Any, *, width: int = 8) -> Any:
    """Return an id in the type of its key column.

    Args:
        kind: `int`, `uuid.UUID` or `str`.
        value: An integer or its canonical text for `int`; the canonical text of the key otherwise.
        width: Bytes of an integer key.

    Raises:
        InvalidInput: for anything else.
        NotFound: for a number no row can have.
    """
    if kind is int:
        if isinstance(value, str) and len(value) <= 20 and _INTEGER.fullmatch(value):
            value = int(value)
        if type(value) is int:
            if not -1 < value <= _LARGEST[width]:
                raise NotFound
            return value
    elif kind is uuid.UUID and isinstance(value, str) and len(value) == 36:
        try:
            parsed = uuid.UUID(value)
        except ValueError:
            parsed = None
        if parsed is not None and str(parsed) == value:
            return parsed
    elif kind is str and isinstance(value, str) and 0 < len(value) <= _LONGEST_TEXT and value.isprintable():
        return value
    raise InvalidInput(field_errors={"id": [Sentence("This is not an id.")]})
