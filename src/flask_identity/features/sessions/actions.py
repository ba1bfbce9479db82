"""The verbs: list, end one, end all others."""

from __future__ import annotations

from typing import Any

from ...base.errors import NotFound
from ...core import secrets, sign_out
from ...core.principal import Principal
from ...core.services import Services
from ...web import rows


def listed(services: Services, who: Principal) -> list[dict[str, Any]]:
    """Return the caller's live sessions under their handles; ids and digests stay out."""
    return [rows.session(row, who.session_id) for row in services.sessions.of(who.id)]


def end(services: Services, who: Principal, handle: str) -> bool:
    """End one of the caller's sessions; True where it is the one the request came with.

    Raises:
        NotFound: where the caller has no such session.
    """
    for row in services.sessions.of(who.id):
        if secrets.handle(row.id) == handle and sign_out.end(services, row):
            return bool(row.id == who.session_id)
    raise NotFound


def end_others(services: Services, who: Principal) -> int:
    """End all of the caller's sessions but the one the request came with; return how many."""
    return sign_out.end_all(services, who.id, keep=who.session_id, tokens=False)
