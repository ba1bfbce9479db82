"""What may be sent."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ...web.inputs import Input, Key, Text

Status = Literal["active", "suspended"]


class Matching(Input):
    """Which people."""

    q: Text | None = Field(None, max_length=254)
    status: Literal["active", "suspended", "pending", "locked"] | None = None
    role: Text | None = Field(None, max_length=80)


class Filters(Matching):
    """Which people, in which order."""

    sort: Literal["email", "-email", "created_at", "-created_at", "last_login_at", "-last_login_at"] | None = None


class Listing(Filters):
    """Which people, in which order, and which page of them."""

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


class Chosen(Input):
    """Which people, by their ids."""

    ids: list[Key] = Field(min_length=1, max_length=1000)


Action = Literal["activate", "suspend", "set_role", "delete"]


class Bulk(Input):
    """What happens to whom: to those named, or to all whom the list would show."""

    action: Action
    ids: list[Key] | None = Field(None, min_length=1, max_length=1000)
    all_matching: Matching | None = None
    role: Text | None = Field(None, max_length=80)


class BulkForm(Input):
    """The same from a form, with the list's filters beside; `of_role` is the one of the list."""

    action: Action
    ids: list[Text] = Field([], max_length=1000)
    all_matching: bool = False
    q: Text | None = Field(None, max_length=254)
    status: Literal["active", "suspended", "pending", "locked"] | None = None
    of_role: Text | None = Field(None, max_length=80)
    role: Text | None = Field(None, max_length=80)
    confirmed: bool = False
    back: Text | None = None

    def wanted(self) -> Bulk:
        """Return what is wanted."""
        matching = Matching(q=self.q, status=self.status, role=self.of_role) if self.all_matching else None
        ids = self.ids or None if matching is None else None
        return Bulk(action=self.action, ids=ids, all_matching=matching, role=self.role)


class Everywhere(Input):
    """Whose sessions, and which page of them."""

    q: Text | None = Field(None, max_length=254)
    cursor: Text | None = Field(None, max_length=1000)


class Back(Input):
    """Where a form was."""

    back: Text | None = None
