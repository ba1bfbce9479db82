"""What may be sent."""

from __future__ import annotations

from pydantic import Field

from ...web.inputs import Input, Password, Text


class ForgotPassword(Input):
    """The address of an account, whether there is one or not."""

    email: Text = Field(max_length=320)


class ResetPassword(Input):
    """The new password."""

    password: Password
