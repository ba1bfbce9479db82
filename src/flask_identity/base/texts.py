"""Sentences for people, marked where they are written and said in a language where they are shown."""

from __future__ import annotations

from typing import Any


class Sentence(str):
    """A sentence in English that can be said in other languages, too: a text like any other to whoever does not care.

    Args:
        message: What translations know it by, with `%(name)s` for each value.
        **values: What stands there. Never anything that was submitted.
    """

    __slots__ = ("message", "values")

    message: str
    values: dict[str, Any]

    def __new__(cls, message: str, **values: Any) -> Sentence:
        made = super().__new__(cls, message % values if values else message)
        made.message = message
        made.values = values
        return made
