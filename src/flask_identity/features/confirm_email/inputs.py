"""What may be sent."""

from __future__ import annotations

from pydantic import Field

from ...web.inputs import Input, Text


class SendAgain(Input):
    """The address that was signed up with, whether it was or not."""

    email: Text = Field(max_length=320)
