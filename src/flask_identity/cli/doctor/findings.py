"""What a check finds."""

from __future__ import annotations

from dataclasses import dataclass

OK = "ok"
WARN = "warn"
FAIL = "fail"


@dataclass(frozen=True)
class Finding:
    """One line of the doctor: how bad, about what, and what to do."""

    level: str
    subject: str
    says: str


def ok(subject: str, says: str) -> Finding:
    """All is well."""
    return Finding(OK, subject, says)


def warn(subject: str, says: str) -> Finding:
    """It works, and somebody should look at it."""
    return Finding(WARN, subject, says)


def fail(subject: str, says: str) -> Finding:
    """It does not work, or not safely."""
    return Finding(FAIL, subject, says)
