"""Prove an address: of a new account before it can be used, and of an account that gets another."""

from __future__ import annotations

from ...base.errors import EmailTaken
from ...base.link_errors import LinkExpired
from ...base.texts import Sentence
from ...core import confirming
from ...core.throttle import Limit
from ...web.answers import Nothing
from ...web.feature import Feature, LetterKind, Route, Who
from . import inputs, letters, pages

AGAIN = Limit("confirm_email", per_address=10, site=600)
CONFIRM = Limit("confirm_link", per_address=20)

FEATURE = Feature(
    "confirm_email",
    doc="Let an account be used, or its address be changed, only once a link in a letter to the address was followed.",
    switch="CONFIRMABLE",
    default=False,
    needs=("email", "confirmed_at"),
    routes=(
        Route("GET", "/confirm_email", Who.ANYONE, page=pages.show_again),
        Route(
            "POST", "/confirm_email", Who.ANYONE, page=pages.send_again, api=pages.again, takes=inputs.SendAgain,
            form=pages.ask_again, limit=AGAIN, gives=Nothing,
        ),
        Route(
            "GET", "/confirm_email/<token>", Who.ANYONE, page=pages.show, api=pages.works, gives=Nothing,
            refuses=(LinkExpired,),
        ),
        Route(
            "POST", "/confirm_email/<token>", Who.ANYONE, page=pages.submit, api=pages.confirm, form=pages.refused,
            limit=CONFIRM, gives=Nothing, refuses=(LinkExpired, EmailTaken),
        ),
    ),
    letters=(
        LetterKind(confirming.SIGN_UP_LETTER, Sentence("Confirm your email address"), letters.sign_up),
        LetterKind(letters.AGAIN, Sentence("Confirm your email address"), letters.again),
        LetterKind(letters.ANEW, Sentence("Sign up once more"), letters.told),
        LetterKind(letters.TAKEN, Sentence("You have an account already"), letters.told),
        LetterKind(confirming.CHANGE_LETTER, Sentence("Confirm your new email address"), letters.change),
        LetterKind(confirming.ASKED_LETTER, Sentence("Another email address was asked for"), letters.told),
        LetterKind(letters.WANTED, Sentence("Your email address is in use already"), letters.told),
    ),
)  # fmt: skip
