"""What is answered."""

from __future__ import annotations

from ...web.answers import Answer


class Inviter(Answer):
    """Who invited somebody."""

    id: int | str
    email: str


class Invitation(Answer):
    """Somebody who was invited and has no account yet."""

    handle: str
    email: str
    role: str
    by: Inviter
    created_at: str
    expires_at: str


class Invited(Answer):
    """The invitation whose letter is on its way."""

    invitation: Invitation


class Invitations(Answer):
    """A page of the invitations that can be accepted, the newest first, and where to go on."""

    invitations: list[Invitation]
    next: str | None


class Works(Answer):
    """The address that was invited."""

    email: str
