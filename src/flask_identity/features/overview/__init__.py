"""The administrators' start: how many people there are, and when and how they sign in."""

from __future__ import annotations

from ...base.errors import NotAllowed
from ...web.feature import Feature, Link, Route, Who
from . import inputs, pages

FEATURE = Feature(
    "overview",
    doc="Show administrators how many people there are and when they sign in, and lead anybody else to their own page.",
    with_all=("PEOPLE", "ACTIVITY"),
    routes=(Route("GET", "/", Who.SIGNED_IN, page=pages.show, takes=inputs.Asked, refuses=(NotAllowed,)),),
    links=(Link("Overview", "root", Who.ADMIN, "layout-dashboard", "workspace"),),
)
