"""Change one's password."""

from __future__ import annotations

from ...base.errors import Busy, NotAllowed, WeakPassword, WrongPassword
from ...core.throttle import Limit
from ...web.feature import Feature, Route, Who
from . import answers, inputs, pages

PER_ADDRESS = Limit("change_password", per_address=20)

FEATURE = Feature(
    "change_password",
    doc="Let people change their password.",
    switch="CHANGEABLE",
    default=True,
    routes=(
        Route("GET", "/change_password", Who.SIGNED_IN, page=pages.show),
        Route(
            "POST", "/change_password", Who.SIGNED_IN, page=pages.submit, api=pages.change, takes=inputs.ChangePassword,
            form=pages.again, limit=PER_ADDRESS, tokens=False, gives=answers.Changed,
            refuses=(NotAllowed, WeakPassword, WrongPassword, Busy),
        ),
    ),
)  # fmt: skip
