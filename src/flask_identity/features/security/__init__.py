"""One page for what keeps an account safe. What it offers is done by the features of sessions, tokens and passwords."""

from __future__ import annotations

from ...web.feature import Feature, Link, Route, Who
from . import pages

FEATURE = Feature(
    "security",
    doc="Show people how they sign in and where they are signed in.",
    with_any=("SESSIONS", "CHANGEABLE", "API_TOKENS"),
    routes=(Route("GET", "/security", Who.SIGNED_IN, page=pages.show),),
    links=(Link("Security", "security", icon="shield-lock"),),
)
