"""Who is calling: what one statement told, without an ORM object."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

READ = "read"
WRITE = "write"
"""The scopes that every application has. To write is also to read: what was changed is in the answer."""


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
    scopes: frozenset[str] | None = None
    """What an API token may be used for; None for every other way in, which is good for all its user may do."""

    def may(self, wanted: frozenset[str], *, reads: bool) -> bool:
        """Say whether this way in is good for a request.

        Args:
            wanted: The scopes that what is asked for names itself; empty for the usual rule by method.
            reads: Whether the method is one that only reads.
        """
        if self.scopes is None:
            return True
        if wanted:
            return wanted <= self.scopes
        return WRITE in self.scopes or (reads and READ in self.scopes)


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
