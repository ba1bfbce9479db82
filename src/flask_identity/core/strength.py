"""Judge a new password: long enough, not common, hard to guess, not one's own name or address."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cache

from ..base.errors import WeakPassword
from ..base.texts import Sentence
from .passwords import normal

# zxcvbn's cost grows with the square of the length; what follows these characters can only make a password stronger.
_SCORED = 72
_SHORTEST_WORD = 4


def judge(
    password: str, *, about: Sequence[str | None] = (), minimum: int, score: int, field: str = "password"
) -> None:
    """Refuse a password that is too easy to guess.

    Args:
        password: The password as it was typed.
        about: Names and addresses of the person, and of the product, that it may not contain.
        minimum: Fewest code points, counted after NFKC (NIST SP 800-63B-4).
        score: Lowest zxcvbn score accepted, 0 to 4.
        field: Under which field the message is given.

    Raises:
        WeakPassword: with what to do about it.
        InvalidInput: over 256 characters or 1,024 bytes.
    """
    text = normal(password, field).decode()
    words = _words(about)
    if len(text) < minimum:
        advice = Sentence("Use at least %(n)s characters.", n=minimum)
    elif any(word in text.casefold() for word in words):
        advice = Sentence("Leave your name, your email address and the name of this site out of it.")
    elif _common(text):
        advice = Sentence("This is one of the most common passwords. Choose another.")
    elif _score(text, words) < score:
        advice = Sentence("This is easy to guess. Add another word or two.")
    else:
        return
    raise WeakPassword(field_errors={field: [advice]})


def _words(about: Sequence[str | None]) -> list[str]:
    found: set[str] = set()
    for text in about:
        if not text:
            continue
        folded = unicodedata.normalize("NFKC", text).casefold()
        local = folded.partition("@")[0]
        found.update(word for word in (folded, local, *local.split()) if len(word) >= _SHORTEST_WORD)
    return sorted(found)


def _common(text: str) -> bool:
    return text.casefold() in _common_passwords()


@cache
def _common_passwords() -> frozenset[str]:
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    return frozenset(FREQUENCY_LISTS["passwords"])


def _score(text: str, words: Sequence[str]) -> int:
    from zxcvbn import zxcvbn

    return int(zxcvbn(text[:_SCORED], user_inputs=list(words))["score"])
