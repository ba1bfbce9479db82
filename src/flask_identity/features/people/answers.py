"""What is answered."""

from __future__ import annotations

from ...web.answers import Answer, Person


class Summary(Person):
    """What the list says of a person."""

    email: str
    role: str | None
    status: str
    version: int | None
    last_login_at: str | None
    created_at: str | None


class Listed(Answer):
    """A page of people, cursors to the pages beside it, and how many there are by status, each up to 1,001."""

    users: list[Summary]
    next: str | None
    previous: str | None
    counts: dict[str, int]


class StatusSet(Answer):
    """The person as they are now, and how many of their sessions ended."""

    user: Summary
    sessions_ended: int


class Skipped(Answer):
    """Who stayed as they were, and why."""

    id: int | str
    code: str


class Changed(Answer):
    """How many were changed, who was not, and whether there are more to be changed by asking again."""

    done: int
    skipped: list[Skipped]
    more: bool


class SessionsEnded(Answer):
    """How many sessions ended."""

    sessions_ended: int
