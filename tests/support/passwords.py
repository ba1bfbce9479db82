"""What the server says of a few hundred passwords; the browser's meter is held to the same list.

`python -m tests.support.passwords` judges the list anew, after the rules or the word lists have changed on purpose.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask_identity.base.errors import WeakPassword
from flask_identity.core import strength

FILE = Path(__file__).resolve().parent.parent / "fixtures" / "passwords.json"
MINIMUM = 8
ADVICE = {
    "Use at least": "length",
    "Leave your name": "personal",
    "This is one of the most common": "common",
    "This is easy to guess": "score",
}


@dataclass(frozen=True)
class Verdict:
    """The rule that is broken, or else the highest score that may be asked for."""

    because: str | None
    score: int | None


@dataclass(frozen=True)
class Case:
    """A password, whose it is, what the server says, and where the browser is stricter, the score it shows."""

    password: str
    about: tuple[str | None, ...]
    verdict: Verdict
    browser: int | None

    @property
    def shown(self) -> int | None:
        """The browser's score."""
        return self.verdict.score if self.browser is None else self.browser


def cases() -> list[Case]:
    """The whole list."""
    found = json.loads(FILE.read_text(encoding="utf-8"))
    people = [tuple(about) for about in found["about"]]
    return [
        Case(each["password"], people[each["about"]], Verdict(each["because"], each["score"]), each.get("browser"))
        for each in found["cases"]
    ]


def judged(password: str, about: tuple[str | None, ...]) -> Verdict:
    """What the server says of a password."""
    for score in (4, 3, 2, 1, 0):
        try:
            strength.judge(password, about=about, minimum=MINIMUM, score=score)
        except WeakPassword as refusal:
            (advice,) = refusal.field_errors["password"]
            because = next(rule for words, rule in ADVICE.items() if advice.startswith(words))
            if because != "score":
                return Verdict(because, None)
        else:
            return Verdict(None, score)
    raise AssertionError("a score of 0 is never refused")


def _judge_anew() -> None:
    found: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    lines = []
    for each in found["cases"]:
        verdict = judged(each["password"], tuple(found["about"][each["about"]]))
        anew = each | {"because": verdict.because, "score": verdict.score}
        lines.append("    " + json.dumps(anew, ensure_ascii=False))
    about = json.dumps(found["about"], ensure_ascii=False)
    joined = ",\n".join(lines)
    FILE.write_text(f'{{\n  "about": {about},\n  "cases": [\n{joined}\n  ]\n}}\n', encoding="utf-8")


if __name__ == "__main__":
    _judge_anew()
