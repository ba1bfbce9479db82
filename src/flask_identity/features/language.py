"""The language of the pages, chosen by whoever reads them and kept in a cookie of their browser."""

from __future__ import annotations

from flask import Response, request
from pydantic import Field

from ..base.errors import InvalidInput
from ..base.texts import Sentence
from ..web import cookies
from ..web.current import state
from ..web.feature import Feature, Route, Who
from ..web.inputs import Input, Text
from ..web.language import COOKIE
from ..web.redirects import safe_next
from ..web.replies import to

_A_YEAR = 31_536_000  # seconds


class Choice(Input):
    """Which language, and where the menu was."""

    language: Text = Field(max_length=35)  # the longest tag there is room for everywhere (RFC 5646, 4.4.1)
    next: Text | None = None


def choose(given: Choice) -> Response:
    """Keep a language in a cookie and go back to where the menu was. Asks nothing of the database.

    Raises:
        InvalidInput: for a language that is not offered.
    """
    if given.language not in state().languages.tags:
        raise InvalidInput(field_errors={"language": [Sentence("Choose one of the languages that are offered.")]})
    answer = to(safe_next(given.next) or f"{request.script_root}/")
    answer.set_cookie(
        COOKIE,
        given.language,
        max_age=_A_YEAR,
        secure=cookies.name() == cookies.NAME,
        httponly=True,
        samesite="Lax",
        path="/",
    )
    return answer


FEATURE = Feature(
    "language",
    doc="Let people choose the language of the pages.",
    routes=(Route("POST", "/language", Who.ANYONE, page=choose, takes=Choice),),
)
