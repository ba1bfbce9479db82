"""What may be sent. A field that is left out stays as it is; null empties it."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, Strict
from pydantic_core import PydanticCustomError

from ...web.answers import sometimes
from ...web.inputs import Input, Key, Text


def _web_address(text: str) -> str:
    # Only what a browser fetches from the web: a link to javascript: or data: would run in whoever clicks it.
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or any(c.isspace() for c in text):
        raise PydanticCustomError("website", "Enter a web address, like https://example.com.")
    return text


WebAddress = Annotated[Text, AfterValidator(_web_address)]


def _not_null(value: Any) -> Any:
    # Left out it means oneself; a program that sends null has most likely lost the id.
    if value is None:
        raise PydanticCustomError("null", "Leave this out, or send an id.")
    return value


LARGEST_VERSION = 2**31 - 1
"""What the column holds."""

Picture = Annotated[bytes, Strict()]
"""The bytes of a file; JSON has nothing that would be one."""


class Profile(Input):
    """The fields of a profile that people write."""

    full_name: Text | None = Field(None, max_length=120)
    bio: Text | None = Field(None, max_length=2000)
    address: Text | None = Field(None, max_length=255)
    zipcode: Text | None = Field(None, max_length=20)
    phone: Text | None = Field(None, max_length=40)
    email: Text | None = Field(None, max_length=254)
    website: WebAddress | None = Field(None, max_length=255)


class Which(Input):
    """Whose account is read; None is one's own."""

    id: Text | None = None


class Whom(Input):
    """Whose account is meant."""

    id: Text


class EditUser(Input):
    """An edit. `image` comes in a body of parts only, as a file."""

    id: Annotated[Key, AfterValidator(_not_null)] = None
    email: Text | None = Field(None, max_length=320)
    username: Text | None = Field(None, max_length=64)
    role: Text | None = Field(None, max_length=80)
    profile: Profile = sometimes()
    image: Picture | None = Field(None, repr=False)
    remove_image: bool = False
    version: int | None = Field(None, ge=0, le=LARGEST_VERSION)


class EditForm(Profile):
    """The same from a form: all fields are there, an empty one empties the column."""

    account_email: Text | None = Field(None, max_length=320)
    username: Text | None = Field(None, max_length=64)
    role: Text | None = Field(None, max_length=80)
    version: int | None = Field(None, ge=0, le=LARGEST_VERSION)
    remove_image: bool = False
