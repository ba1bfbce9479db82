"""What may be sent."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from ...web.inputs import Input, Password, Text


class Login(Input):
    """A sign-in. The name is given once, under any of its three fields."""

    identity: Text | None = Field(None, max_length=320)
    email: Text | None = Field(None, max_length=320)
    username: Text | None = Field(None, max_length=320)
    password: Password
    remember: bool = False
    next: str | None = None  # whatever it holds: `safe_next` looks at it

    @model_validator(mode="after")
    def _one_name(self) -> Self:
        if sum(name is not None for name in (self.identity, self.email, self.username)) != 1:
            raise PydanticCustomError("one_name", "Give your email address or username, once.")
        return self

    @property
    def name(self) -> str:
        """The name, whichever field it came in."""
        return next(name for name in (self.identity, self.email, self.username) if name is not None)


class Verify(Input):
    """The password of who is signed in."""

    password: Password
    next: str | None = None
