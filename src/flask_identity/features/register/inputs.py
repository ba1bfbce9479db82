"""What may be sent. Subclass `Register` to ask for more at sign-up: page, JSON and the model check follow."""

from __future__ import annotations

from pydantic import Field

from ...web.inputs import Input, Password, Text


class Register(Input):
    """A new account. Fields of a subclass are columns of the application's user class."""

    email: Text = Field(max_length=320)
    password: Password
    full_name: Text | None = Field(None, max_length=120)
    username: Text | None = Field(None, max_length=64)
