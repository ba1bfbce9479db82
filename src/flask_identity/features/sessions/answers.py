"""What is answered."""

from __future__ import annotations

from ...web.answers import Answer


class Session(Answer):
    """One place where somebody is signed in."""

    handle: str
    kind: str
    current: bool
    created_at: str
    last_seen_at: str
    ip: str | None
    agent: str | None


class Sessions(Answer):
    """Where somebody is signed in."""

    sessions: list[Session]


class Ended(Answer):
    """How many sessions ended."""

    ended: int
