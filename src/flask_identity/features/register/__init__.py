"""Create an account."""

from __future__ import annotations

from ...base.errors import Busy, EmailTaken, UsernameTaken, WeakPassword
from ...core.throttle import Limit
from ...web.feature import Feature, Route, Who
from . import answers, api, pages

PER_ADDRESS = Limit("register", per_address=20, site=600)

FEATURE = Feature(
    "register",
    doc="Let people create an account.",
    switch="REGISTERABLE",
    default=False,
    needs=("email", "password"),
    routes=(
        Route("GET", "/register", Who.ANYONE, page=pages.show),
        Route(
            "POST", "/register", Who.ANYONE, page=pages.submit, api=api.submit, takes=api.wanted, form=pages.again,
            limit=PER_ADDRESS, gives=answers.Registered, refuses=(EmailTaken, UsernameTaken, WeakPassword, Busy),
        ),
    ),
)  # fmt: skip
