"""One's own profile."""

from __future__ import annotations

from ...base.errors import NotFound
from ...base.image_errors import ImagesAway
from ...web.feature import Feature, Link, Route, Who
from . import answers, pages, pictures, receivers
from .settings import ProfileSettings

FEATURE = Feature(
    "profile",
    doc="Keep a profile for every user, and show people their own.",
    switch="PROFILE",
    default=False,
    settings=ProfileSettings,
    routes=(
        Route("GET", "/profile", Who.SIGNED_IN, page=pages.show, api=pages.read, gives=answers.Own),
        Route(
            *("GET", "/images/<name>", Who.ANYONE),
            page=pictures.show,
            media="image/webp",
            refuses=(NotFound, ImagesAway),
        ),
    ),
    connect=receivers.connect,
    links=(Link("Profile", "profile", icon="user-circle"),),
)
