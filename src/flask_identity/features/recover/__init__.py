"""Get back in after forgetting the password, by a link that goes to the account's address."""

from __future__ import annotations

from ...base.errors import Busy, WeakPassword
from ...base.link_errors import LinkExpired
from ...base.texts import Sentence
from ...core.throttle import Limit
from ...web.answers import Nothing
from ...web.feature import Feature, LetterKind, Route, Who
from . import actions, inputs, pages

FORGOT = Limit("forgot_password", per_address=10, site=600)
RESET = Limit("reset_password", per_address=20)

FEATURE = Feature(
    "recover",
    doc="Let people who forgot their password choose another, by a link in a letter.",
    switch="RECOVERABLE",
    default=False,
    needs=("email", "password"),
    routes=(
        Route("GET", "/forgot_password", Who.ANYONE, page=pages.show_forgot),
        Route(
            "POST", "/forgot_password", Who.ANYONE, page=pages.forgot, api=pages.ask, takes=inputs.ForgotPassword,
            form=pages.forgot_again, limit=FORGOT, gives=Nothing,
        ),
        Route(
            "GET", "/reset_password/<token>", Who.ANYONE, page=pages.show_reset, api=pages.works, gives=Nothing,
            refuses=(LinkExpired,),
        ),
        Route(
            "POST", "/reset_password/<token>", Who.ANYONE, page=pages.reset, api=pages.replace,
            takes=inputs.ResetPassword, form=pages.reset_again, limit=RESET, gives=Nothing,
            refuses=(LinkExpired, WeakPassword, Busy),
        ),
    ),
    letters=(LetterKind(actions.LETTER, Sentence("Choose a new password"), actions.draft),),
)  # fmt: skip
