"""What is said of a field that cannot be used. Never repeats what was sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..base.texts import Sentence

_WHOLE_NUMBER = Sentence("Send a whole number.")
_TRUE_OR_FALSE = Sentence("Send true or false.")
_TEXT = Sentence("Send text.")
_OBJECT = Sentence("Send an object.")

_BY_TYPE = {
    "missing": Sentence("This is needed."),
    "string_type": _TEXT,
    "string_unicode": _TEXT,
    "string_too_long": Sentence("Use at most %(max_length)s characters."),
    "string_too_short": Sentence("Use at least %(min_length)s characters."),
    "bytes_type": Sentence("Send a file, in a body of the type multipart/form-data."),
    "bool_type": _TRUE_OR_FALSE,
    "bool_parsing": _TRUE_OR_FALSE,
    "int_type": _WHOLE_NUMBER,
    "int_parsing": _WHOLE_NUMBER,
    "int_parsing_size": _WHOLE_NUMBER,
    "int_from_float": _WHOLE_NUMBER,
    "greater_than_equal": Sentence("Send a number of at least %(ge)s."),
    "less_than_equal": Sentence("Send a number of at most %(le)s."),
    "literal_error": Sentence("Send one of %(expected)s."),
    "list_type": Sentence("Send a list."),
    "too_long": Sentence("Send at most %(max_length)s."),
    "too_short": Sentence("Send at least %(min_length)s."),
    "dict_type": _OBJECT,
    "model_type": _OBJECT,
    "model_attributes_type": _OBJECT,
}


def complaint(error: Mapping[str, Any]) -> str:
    """Return what is said of one of pydantic's errors: ours, else that of the application's own type or validator."""
    ours = _BY_TYPE.get(error["type"])
    if ours is not None:
        return Sentence(ours, **error.get("ctx", {}))
    text = str(error["msg"]).removeprefix("Value error, ")
    return text if text.endswith((".", "!", "?")) else f"{text}."
