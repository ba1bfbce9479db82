"""The language of a page: the one somebody chose, else the first the browser asks for that there is a catalog of."""

from __future__ import annotations

import gettext
from functools import cache
from pathlib import Path

from flask import request

DOMAIN = "flask_identity"
FOLDER = Path(__file__).resolve().parent.parent / "translations"
SOURCE = "en"
COOKIE = "identity_language"


@cache
def languages() -> tuple[str, ...]:
    """Return the languages there are: English, in which everything is written, and those with a catalog."""
    found = FOLDER.glob(f"*/LC_MESSAGES/{DOMAIN}.mo")
    return (SOURCE, *sorted(path.parent.parent.name for path in found))


def language() -> str:
    """Return the language of the current request's pages, as `lang` takes it."""
    chosen = request.cookies.get(COOKIE)
    if chosen in languages():
        return chosen
    if len(languages()) == 1:
        return SOURCE
    return request.accept_languages.best_match(languages()) or SOURCE


@cache
def catalog(name: str) -> gettext.NullTranslations:
    """Return the messages of a language; English is what messages are called by."""
    return gettext.translation(DOMAIN, FOLDER, [name], fallback=True)
