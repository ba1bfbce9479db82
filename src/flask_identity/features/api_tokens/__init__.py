"""Personal tokens for programs: named, with scopes, and with an end if one is wanted."""

from __future__ import annotations

from ...base.errors import NotAllowed, TooManyTokens
from ...core.scopes import ApiTokenSettings
from ...core.throttle import Limit
from ...web.feature import Feature, Route, Who
from . import answers, inputs, pages

PER_ADDRESS = Limit("tokens", per_address=20)

FEATURE = Feature(
    "api_tokens",
    doc="Let people make tokens for their programs.",
    switch="API_TOKENS",
    default=False,
    settings=ApiTokenSettings,
    routes=(
        Route("GET", "/tokens", Who.SIGNED_IN, page=pages.show, api=pages.read, gives=answers.Tokens),
        Route(
            "POST", "/tokens", Who.SIGNED_IN, page=pages.submit, api=pages.make, takes=inputs.NewToken,
            form=pages.again, limit=PER_ADDRESS, tokens=False, gives=answers.Made, refuses=(NotAllowed, TooManyTokens),
        ),
        Route("DELETE", "/tokens/<handle>", Who.SIGNED_IN, api=pages.end, tokens=False, gives=answers.Ended),
        Route("POST", "/tokens/<handle>", Who.SIGNED_IN, page=pages.end_by_form, tokens=False),
    ),
)  # fmt: skip
