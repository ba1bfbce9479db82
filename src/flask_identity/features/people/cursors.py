"""The place in a list, as an opaque text that a client hands back."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from ...base.errors import IdentityRefusal, InvalidInput
from ...base.texts import Sentence

_TIMES = ("created_at", "last_login_at")


def encode(sort: str, value: Any, key: Any, *, backwards: bool) -> str:
    """Return the cursor of the row that stands next to the page wanted.

    Args:
        sort: The column the list is sorted by; the cursor holds for no other.
        value: What the row has there.
        key: The row's id.
        backwards: Whether the page before it is meant.
    """
    if sort == "id":
        value = None  # the key says it all
    elif isinstance(value, datetime):
        value = (value if value.tzinfo is not None else value.replace(tzinfo=UTC)).isoformat()
    shown = key if isinstance(key, int) else str(key)
    text = json.dumps([sort, value, shown, backwards], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode(cursor: str, sort: str, key_of: Callable[[Any], Any]) -> tuple[Any, Any, bool]:
    """Return the value, the id and the direction of a cursor.

    Args:
        cursor: What the client sent.
        sort: The column the list is sorted by now.
        key_of: Checks an id and gives it its type.

    Raises:
        InvalidInput: for a cursor that was not made here or for another order.
    """
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        made_for, value, key, backwards = json.loads(text)
        if made_for != sort or not isinstance(backwards, bool) or not (value is None or isinstance(value, str)):
            raise ValueError
        if isinstance(value, str):
            value.encode()  # half a surrogate pair is no text
            if "\0" in value:
                raise ValueError
        if sort in _TIMES and value is not None:
            value = datetime.fromisoformat(value)
            if value.tzinfo is None:
                raise ValueError
            value = value.astimezone(UTC)
        key = key_of(key)
        return (key if sort == "id" else value), key, backwards
    except (ValueError, TypeError, OverflowError, binascii.Error, RecursionError, IdentityRefusal):
        raise refusal() from None


def refusal() -> InvalidInput:
    """Return what is said of a cursor that is none of ours."""
    return InvalidInput(field_errors={"cursor": [Sentence("Begin again at the first page.")]})
