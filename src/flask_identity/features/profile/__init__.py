"""One's own profile."""

from __future__ import annotations

from ...web.feature import Feature, Link, Route, Who
from . import pages, receivers

FEATURE = Feature(
    "profile",
    doc="Keep a profile for every user, and show people their own.",
    switch="PROFILE",
    default=False,
    routes=(Route("GET", "/profile", Who.SIGNED_IN, page=pages.show, api=pages.read),),
    connect=receivers.connect,
    links=(Link("Profile", "profile", icon="user-circle"),),
)
