"""Who is calling: what one statement told, without an ORM object."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any


@dataclass(frozen=True, slots=True)
class Principal:
    """A caller who has proved who they are, for the length of one request."""

    id: Any
    email: str
    roles: frozenset[str]
    permissions: frozenset[str]
    via: str
    """The way in: `session` (a cookie), `token` (a bearer value) or `basic`."""
    session_id: str | None = None
    proved_at: int = 0
    """When the person last entered a password, in epoch seconds."""


@lru_cache(maxsize=1024)
def rights(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return role names and permissions from the one text in which a store reads them (see `Resumed.roles`).

    A pure function of its text, so keeping answers keeps nothing stale.
    """
    names: set[str] = set()
    permissions: set[str] = set()
    for row in text.split("\x1e") if text else ():
        name, _, rest = row.partition("\x1f")
        names.add(name)
        granted = rest.partition("\x1f")[2]
        if granted:
            permissions.update(json.loads(granted))
    return frozenset(names), frozenset(permissions)
