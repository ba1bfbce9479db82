"""What is inside the envelope of an answer, as models: they describe, nothing is checked against them at run time."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field


class Answer(BaseModel):
    """Base of every answer: what is named here and no more."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid")


class Nothing(Answer):
    """There is nothing to say."""


class Person(BaseModel):
    """A user: what the model's `get_security_payload` decides, and always the id."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="allow")

    id: int | str


class About(Answer):
    """An answer about one user."""

    user: Person


class ProfileShown(Answer):
    """A profile; every field is there, empty ones are null."""

    full_name: str | None
    bio: str | None
    address: str | None
    zipcode: str | None
    phone: str | None
    email: str | None
    website: str | None
    image: str | None
    image_url: str | None


def sometimes() -> Any:
    """Declare a field that is not in every answer or request. One that is there without a value is `| None` instead."""
    return Field(default_factory=lambda: None)
