"""One's own profile."""

from __future__ import annotations

from ...base.errors import NotFound
from ...base.image_errors import ImagesAway
from ...core.throttle import Limit
from ...web.feature import Feature, Link, Route, Who
from . import answers, export, pages, pictures, receivers
from .settings import ProfileSettings

PER_ADDRESS = Limit("profile_export", per_address=20)

FEATURE = Feature(
    "profile",
    doc="Keep a profile for every user, and show people their own.",
    switch="PROFILE",
    default=False,
    settings=ProfileSettings,
    routes=(
        Route("GET", "/profile", Who.SIGNED_IN, page=pages.show, api=pages.read, gives=answers.Own),
        Route(
            "GET", "/profile/export", Who.SIGNED_IN, page=export.export, api=export.export, limit=PER_ADDRESS,
            tokens=False, media="application/json",
        ),
        Route(
            *("GET", "/images/<name>", Who.ANYONE),
            page=pictures.show,
            media="image/webp",
            refuses=(NotFound, ImagesAway),
        ),
    ),
    connect=receivers.connect,
    links=(Link("Profile", "profile", icon="user-circle"),),
)  # fmt: skip
