"""What may be sent."""

from __future__ import annotations

from pydantic import Field

from ...core.activity import What
from ...web.inputs import Input, Text


class Page(Input):
    """Which page of what happened to oneself."""

    cursor: Text | None = Field(None, max_length=64)


class Filters(Input):
    """Who did what to whom, and when. A person is an id, an address, or how an address or name begins; a time is a
    date or a time of ISO 8601, in UTC where it says nothing else; `until` takes in the whole of a date."""

    actor: Text | None = Field(None, max_length=255)
    target: Text | None = Field(None, max_length=255)
    what: What | None = None
    since: Text | None = Field(None, max_length=40)
    until: Text | None = Field(None, max_length=40)


class Log(Filters):
    """Who did what to whom, and when, and which page of it."""

    cursor: Text | None = Field(None, max_length=64)
