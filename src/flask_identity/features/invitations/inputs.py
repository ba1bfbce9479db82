"""What may be sent."""

from __future__ import annotations

from pydantic import Field

from ...web.inputs import Input, Text


class Invite(Input):
    """Who is invited, and the role that the account gets; left out it is `user`."""

    email: Text = Field(max_length=320)
    role: Text | None = Field(None, max_length=80)


class Listing(Input):
    """Which page of the invitations."""

    limit: int = Field(25, ge=1, le=100)
    cursor: Text | None = Field(None, max_length=1000)
