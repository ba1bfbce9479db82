"""Sign in with a password, sign out, and show that one still knows it."""

from __future__ import annotations

from ...core.throttle import Limit
from ...web.authenticate import BASIC
from ...web.feature import Feature, Route, Who
from . import api, inputs, pages

VERIFY = Limit("verify", per_address=20)

FEATURE = Feature(
    "password",
    doc="Sign in with a password, sign out, and confirm who one is.",
    needs=("email", "password"),
    routes=(
        Route("GET", "/login", Who.ANYONE, page=pages.show_login, api=api.who),
        Route(
            "POST", "/login", Who.ANYONE, page=pages.login, api=api.login, takes=inputs.Login, form=pages.login_again,
            limit=BASIC,
        ),
        Route("POST", "/logout", Who.SIGNED_IN, page=pages.logout, api=api.logout, tokens=False),
        Route("GET", "/verify", Who.SIGNED_IN, page=pages.show_verify, api=api.freshness),
        Route(
            "POST", "/verify", Who.SIGNED_IN, page=pages.verify, api=api.verify, takes=inputs.Verify,
            form=pages.verify_again, limit=VERIFY, tokens=False,
        ),
    ),
)  # fmt: skip
