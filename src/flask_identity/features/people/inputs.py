"""What may be sent."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ...web.inputs import Input, Key, Text

Status = Literal["active", "suspended"]


class Listing(Input):
    """Which people, in which order, and which page of them."""

    q: Text | None = Field(None, max_length=254)
    status: Literal["active", "suspended", "pending", "locked"] | None = None
    role: Text | None = Field(None, max_length=80)
    sort: Literal["email", "-email", "created_at", "-created_at", "last_login_at", "-last_login_at"] | None = None
    limit: int = Field(25, ge=1, le=100)
    cursor: Text | None = Field(None, max_length=1000)


class UpdateStatus(Input):
    """Whose status becomes what, and why."""

    id: Key
    status: Status
    reason: Text | None = Field(None, max_length=255)


class StatusForm(Input):
    """The same from a form, whose address has the id; where the list was comes along."""

    status: Status
    reason: Text | None = Field(None, max_length=255)
    back: Text | None = None
