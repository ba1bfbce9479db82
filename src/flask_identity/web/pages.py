"""What every page of the library knows: who is looking, where they can go, and how the application is called."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import url_for

from ..base.errors import IdentityRefusal
from ..core.principal import Principal
from ..core.roles import ADMIN
from ..models.behaviour import role_name, status
from .agents import label
from .authenticate import caller
from .current import state
from .feature import Who
from .redirects import safe_next


def page_context(who: Callable[[], Principal | None]) -> dict[str, Any]:
    """Return the variables of the library's templates; `who` tells who is looking."""
    current = state()
    return {
        "product_name": current.services.password_rules.product_name,
        "agent_label": label,
        "feature_on": current.on,
        "identity_url": lambda endpoint, **values: url_for(f"identity.{endpoint}", **values),
        "navigation": navigation,
        "rules": current.services.password_rules,
        "role_of": role_name,
        "safe_next": safe_next,
        "status_of": status,
        "viewer": who,
    }


def viewer() -> Principal | None:
    """Return who is looking, or None; also where that cannot be found out now, so that a page can say so."""
    try:
        return caller()
    except IdentityRefusal:
        return None


def navigation() -> list[tuple[str, str]]:
    """Return label and URL of the places the viewer may go to."""
    who = viewer()
    if who is None:
        return []
    found = [link for feature in state().features for link in feature.links]
    shown = [link for link in found if link.who is not Who.ADMIN or ADMIN in who.roles]
    return [(link.label, url_for(f"identity.{link.endpoint}")) for link in shown]


def url_for_identity(endpoint: str, **values: Any) -> str:
    """Return the URL of one of the library's pages, whatever prefix it is mounted under.

    Args:
        endpoint: `login`, `register`, `profile`, `user_list` and so on: the path with `_` for `/`.
        **values: As in Flask's `url_for`.
    """
    return url_for(f"identity.{endpoint}", **values)
