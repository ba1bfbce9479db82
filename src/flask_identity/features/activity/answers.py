"""What is answered."""

from __future__ import annotations

from typing import Literal

from ...core.activity import What
from ...web.answers import Answer


class Event(Answer):
    """Something that happened. Where nobody had proved to be somebody, or the command line was used, nobody acted."""

    id: str
    at: str
    actor: int | str | None
    target: int | str | None
    what: What
    ip: str | None
    outcome: Literal["ok", "refused"]


class Events(Answer):
    """What happened, newest first, and a cursor to the page behind it."""

    events: list[Event]
    next: str | None
