"""Sign in with a password, sign out, and show that one still knows it."""

from __future__ import annotations

from ...base.errors import Busy, InvalidCredentials, WrongPassword
from ...core.throttle import Limit
from ...web.answers import Nothing
from ...web.authenticate import BASIC
from ...web.feature import Feature, Route, Who
from . import answers, api, inputs, pages

VERIFY = Limit("verify", per_address=20)

FEATURE = Feature(
    "password",
    doc="Sign in with a password, sign out, and confirm who one is.",
    needs=("email", "password"),
    routes=(
        Route(
            "GET", "/login", Who.ANYONE, page=pages.show_login, api=api.who, gives=answers.Visitor,
            query={
                "next": "Where the page leads who is signed in already.",
                "changed": "`password`: the page says that it was.",
            },
        ),
        Route(
            "POST", "/login", Who.ANYONE, page=pages.login, api=api.login, takes=inputs.Login, form=pages.login_again,
            limit=BASIC, gives=answers.Entered, refuses=(InvalidCredentials, Busy),
            query={"include_auth_token": "Whatever it holds: a bearer session instead of a cookie."},
        ),
        Route("POST", "/logout", Who.SIGNED_IN, page=pages.logout, api=api.logout, tokens=False, gives=Nothing),
        Route(
            "GET", "/verify", Who.SIGNED_IN, page=pages.show_verify, api=api.freshness, gives=answers.Freshness,
            query={"next": "Where the page leads afterwards."},
        ),
        Route(
            "POST", "/verify", Who.SIGNED_IN, page=pages.verify, api=api.verify, takes=inputs.Verify,
            form=pages.verify_again, limit=VERIFY, tokens=False, gives=answers.Verified,
            refuses=(WrongPassword, Busy),
        ),
    ),
)  # fmt: skip
