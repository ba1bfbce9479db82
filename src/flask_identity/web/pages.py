"""What every page of the library knows: who is looking, where they can go, and how the application is called."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import current_app, request, url_for

from ..base.errors import IdentityRefusal
from ..base.roles import ADMIN
from ..core.principal import Principal
from ..models.behaviour import role_name, status
from . import faces
from .agents import label
from .assets import static_url
from .authenticate import caller
from .current import state
from .feature import Who
from .language import choices, language
from .own_face import own_face
from .payload import image_url
from .redirects import safe_next

THEME = "identity_theme"
"""The cookie in which a browser keeps the theme somebody chose: `light`, `dark` or `auto`."""


@dataclass(frozen=True)
class Place:
    """Where somebody may go: an entry of the navigation."""

    label: str
    url: str
    icon: str
    group: str
    """`workspace` or `account`."""
    current: bool


def page_context(who: Callable[[], Principal | None]) -> dict[str, Any]:
    """Return the variables of the library's templates; `who` tells who is looking."""
    current = state()
    tongue = language()
    say = tongue.say
    theme = request.cookies.get(THEME)
    return {
        "_": say,
        "ngettext": tongue.count,
        "lang": tongue.tag,
        "language_choices": choices,
        "direction": tongue.direction,
        "theme": theme if theme in ("light", "dark") else "auto",
        "static_url": static_url,
        "product_name": current.services.password_rules.product_name,
        "agent_label": lambda agent: label(agent, say),
        "confirmation_on": current.confirmation,
        "email_check_url": email_check_url,
        "feature_on": current.on,
        "here": here,
        "identity_url": lambda endpoint, **values: url_for(f"identity.{endpoint}", **values),
        "initials": faces.initials,
        "is_admin": lambda: ADMIN in getattr(who(), "roles", ()),
        "moment_of": faces.moment_of,
        "ago": lambda time: faces.ago(time, say, tongue.count),
        "day": lambda time: faces.day(time, say),
        "short_day": lambda time: faces.short_day(time, say),
        "number": lambda count: faces.number(count, say),
        "navigation": navigation,
        "own_face": own_face,
        "pieces": faces.pieces,
        "rules": current.services.password_rules,
        "role_label": lambda name: faces.role_label(name, say),
        "role_of": role_name,
        "safe_next": safe_next,
        "status_of": status,
        "small_image": lambda saved: image_url(saved, small=True) or "",
        "tint": faces.tint,
        "viewer": who,
    }


def here() -> str:
    """Return the path and query of this page; the start for one that cannot be fetched again, as after a form.

    A target in the query that leads away is left out: no page repeats it (A-001).
    """
    rule = request.url_rule.rule if request.url_rule is not None else None
    prefix, features = state().web.url_prefix, state().features
    shown = request.method in ("GET", "HEAD") or any(
        route.method == "GET" and prefix + route.path == rule for feature in features for route in feature.routes
    )
    if not shown:
        return f"{request.script_root}/"
    query = urlencode([(name, value) for name, value in request.args.items(True) if name != "next" or safe_next(value)])
    return request.script_root + request.path + (f"?{query}" if query else "")


def viewer() -> Principal | None:
    """Return who is looking, or None; also where that cannot be found out now, so that a page can say so."""
    try:
        return caller()
    except IdentityRefusal:
        return None


def navigation(group: str | None = None) -> list[Place]:
    """Return the places the viewer may go to, or those of one group."""
    who = viewer()
    if who is None:
        return []
    found = [link for feature in state().features for link in feature.links]
    shown = [link for link in found if link.who is not Who.ADMIN or ADMIN in who.roles]
    tongue = language()
    return [
        Place(tongue.say(link.label), url, link.icon, link.group, url == request.script_root + request.path)
        for link in shown
        if group in (None, link.group)
        for url in (url_for(f"identity.{link.endpoint}"),)
    ]


def email_check_url() -> str | None:
    """Return where a page may ask whether an address is taken, None where the viewer would be refused."""
    setting = current_app.config.get("IDENTITY_EMAIL_EXISTS", "signed_in")
    if setting == "off" or (setting == "signed_in" and viewer() is None):
        return None
    return url_for("identity.email_exists")


def url_for_identity(endpoint: str, **values: Any) -> str:
    """Return the URL of one of the library's pages, whatever prefix it is mounted under.

    Args:
        endpoint: `login`, `register`, `profile`, `user_list` and so on: the path with `_` for `/`.
        **values: As in Flask's `url_for`.
    """
    return url_for(f"identity.{endpoint}", **values)
