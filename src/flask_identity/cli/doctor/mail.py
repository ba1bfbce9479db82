"""Checks of the mail server, and of letters that did not get to it."""

from __future__ import annotations

from collections.abc import Iterator

from ...base.letters import MailAway
from ...base.ports import Kind, Store
from ...core.outbox import NEVER
from ...web.postman import Postman
from .findings import Finding, fail, ok, warn

_COUNTED_TO = 1001


def checks(postman: Postman | None) -> Iterator[Finding]:
    """Yield whether letters could be sent. Connects to the mail server and signs in; sends none."""
    if postman is None:
        yield ok("mail", "No letters are sent: IDENTITY_MAIL_URL and IDENTITY_BASE_URL are not both set.")
        return
    try:
        postman.check()
    except MailAway as away:
        yield fail("mail", f"No letter can be sent now: {away}. Check IDENTITY_MAIL_URL.")
    else:
        yield ok("mail", "Letters can be sent.")


def left(store: Store) -> Iterator[Finding]:
    """Yield what is to be said of the letters that were given up; their table has to be there."""
    given_up = store.count(Kind.MAIL, {"due_at": NEVER}, cap=_COUNTED_TO)
    if given_up:
        yield warn(
            "letters",
            f"{given_up} {'was' if given_up == 1 else 'were'} given up: `flask identity mail list` says why, and "
            "`flask identity mail send` tries again.",
        )
