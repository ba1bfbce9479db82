"""Where one is signed in, and signing out elsewhere."""

from __future__ import annotations

from ...web.feature import Feature, Route, Who
from . import answers, pages

FEATURE = Feature(
    "sessions",
    doc="Show people where they are signed in, and let them end it.",
    switch="SESSIONS",
    default=True,
    routes=(
        Route("GET", "/sessions", Who.SIGNED_IN, page=pages.show, api=pages.read, gives=answers.Sessions),
        Route("DELETE", "/sessions", Who.SIGNED_IN, api=pages.end_others, tokens=False, gives=answers.Ended),
        Route("POST", "/sessions", Who.SIGNED_IN, page=pages.end_others_by_form, tokens=False),
        Route("DELETE", "/sessions/<handle>", Who.SIGNED_IN, api=pages.end, tokens=False, gives=answers.Ended),
        Route("POST", "/sessions/<handle>", Who.SIGNED_IN, page=pages.end_by_form, tokens=False),
    ),
)
