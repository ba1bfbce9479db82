"""What may be sent."""

from __future__ import annotations

from typing import Annotated
from unicodedata import category

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from ...web.inputs import Input

LONGEST_LIFE = 31_536_000  # seconds: 365 days
_LONGEST_NAME = 80
_MOST_SCOPES = 50


def _named(text: str) -> str:
    name = text.strip()
    if not 0 < len(name) <= _LONGEST_NAME:
        raise PydanticCustomError("name_length", "Use 1 to 80 characters.")
    if any(category(char) in ("Cc", "Cs") for char in name):
        raise PydanticCustomError("controls", "Leave out control characters.")
    return name


class NewToken(Input):
    """What a token is called, what it may be used for, and how many seconds it lives (without end if not given)."""

    name: Annotated[str, AfterValidator(_named)]
    scopes: list[Annotated[str, Field(max_length=40)]] = Field(min_length=1, max_length=_MOST_SCOPES)
    expires: int | None = Field(None, ge=1, le=LONGEST_LIFE)
