"""The language of an answer: the one the application chooses, else the person, else the browser."""

from __future__ import annotations

from flask import Response, current_app, request

from ..base.errors import IdentityRefusal
from .catalogs import Language
from .current import state
from .vary import vary

COOKIE = "identity_language"
"""Where it is kept which language somebody chose."""


def language() -> Language:
    """Return the language of what is answered to the current request."""
    offered = state().languages
    if len(offered.tags) == 1:
        return offered.get(offered.tags[0])
    chosen = _chosen_by_flask_babel()
    wanted = [tag for tag, quality in request.accept_languages if quality > 0]
    return offered.get(offered.best([chosen] if chosen else [request.cookies.get(COOKIE, ""), *wanted]))


def choices() -> tuple[Language, ...]:
    """Return the languages somebody may choose from; none where there is one alone, or the application chooses."""
    offered = state().languages
    return () if len(offered.tags) == 1 or _chosen_by_flask_babel() else tuple(map(offered.get, offered.tags))


def say(text: str) -> str:
    """Return a text in the language of the current request."""
    return language().say(text)


def speaks(response: Response) -> Response:
    """Say of an answer that it comes in other languages, too, where it does."""
    return vary(response, "Accept-Language") if len(state().languages.tags) > 1 else response


def _chosen_by_flask_babel() -> str | None:
    if "babel" not in current_app.extensions:
        return None
    try:
        from flask_babel import get_locale

        found = get_locale()
    except ImportError:
        return None  # another library of that name
    except IdentityRefusal:
        return None  # its selector asks who is signed in, which cannot be found out now
    return None if found is None else str(found)
