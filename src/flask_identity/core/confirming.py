"""Addresses that are to be proved: by a link that goes to the address, and nowhere else.

A sign-up waits in the outbox with all it brought, so that this does and takes the same whoever has the address. The
account is made when its letter is written, and has no password before it is confirmed: that waits with the link, so
that a link never opens the account to a password of another sign-up.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..base import events
from ..base.clock import now
from ..base.link_errors import LinkExpired
from ..base.ports import Add, Kind, Row
from . import secrets
from .lockout import Lockout
from .one_time import CHANGE, Standing
from .retry import outermost_retried
from .services import Services
from .throttle import Allowance

CONFIRM = "confirm"
"""The purpose of a token that confirms the address an account has."""
SECONDS = 86_400
"""How long a link works once its letter was sent."""
PER_ADDRESS = Allowance("confirm_email", 5, 3600)
"""Letters that anybody may have sent to one address."""
SIGN_UP_LETTER, CHANGE_LETTER, ASKED_LETTER = "confirm_email", "confirm_change", "email_change_asked"
"""The letters with a link, and the one that tells the address of before."""


@dataclass(frozen=True)
class SignUp:
    """What a sign-up brought, besides the address. Values are those of JSON."""

    password: str = field(repr=False)
    """The password's record."""
    fields: Mapping[str, Any]
    profile: Mapping[str, Any]


def sign_up(services: Services, address: str, given: SignUp) -> None:
    """Let a sign-up wait for its letter to be written. Writes one row, whoever has the address (S-026, S-027)."""
    carries = {"password": given.password, "fields": given.fields, "profile": given.profile}
    services.outbox.put(SIGN_UP_LETTER, address, carries=json.dumps(carries, separators=(",", ":")))


def carried(row: Row) -> SignUp:
    """Return the sign-up that a letter waits with."""
    return SignUp(**json.loads(row.carries))


def standing(services: Services, token: str) -> Standing:
    """Return what a link confirms and whose it is; consumes nothing.

    Raises:
        LinkExpired: where it does not work.
    """
    found = services.one_time.standing(token, CONFIRM) or services.one_time.standing(token, CHANGE)
    if found is None or (found.token.purpose == CONFIRM and not services.proof.pending(found.user)):
        raise LinkExpired
    return found


@outermost_retried
def confirm(services: Services, token: str) -> None:
    """Confirm the address that the link went to; the link is used up, and nobody is signed in by it.

    Raises:
        LinkExpired: where the link does not work, or somebody else was faster.
        EmailTaken: where another account has the address by now.
    """
    user_id = standing(services, token).user.id
    with services.store.unit():
        # The user's row first, as everywhere, and the link looked at again; then its removal, whose row count decides.
        services.store.first(Kind.USER, {"id": user_id}, lock=True)
        found = standing(services, token)
        if not services.one_time.take(token, found.token.purpose):
            raise LinkExpired
        if found.token.purpose == CHANGE:
            _change(services, found)
        else:
            _prove(services, found)


def proved(services: Services, user: Row) -> bool:
    """Note that an account's address is its owner's, inside the unit of what showed it; True where it was not known."""
    changed = bool(services.store.change(Kind.USER, {"id": user.id, "confirmed_at": None}, {"confirmed_at": now()}))
    if changed:
        events.user_updated.send(services.sender, user=user, fields=("confirmed_at",))
    return changed


def kept_back(services: Services, user: Row, account: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what may be changed of an account at once; a link to another address is sent to it.

    Inside a unit in which the user's row is locked. Of several addresses asked for, the last one can be confirmed.
    """
    address = account.get("email", user.email)
    if not services.proof.confirmation or address == user.email:
        return account
    services.store.remove(Kind.ONE_TIME, {"user_id": user.id, "purpose": CHANGE})
    value = services.one_time.issue(user, CHANGE, SECONDS, to=address).value
    services.outbox.put(CHANGE_LETTER, address, link=value)
    if not services.proof.pending(user):
        services.outbox.put(ASKED_LETTER, user.email)
    return {name: value for name, value in account.items() if name != "email"}


def awaited(services: Services, user: Row) -> str | None:
    """Return the address that an account gets once it is confirmed; None where no change is asked for."""
    rows = services.one_time.of(user, CHANGE) if services.proof.confirmation else ()
    return rows[0].email if rows else None


def _change(services: Services, found: Standing) -> None:
    values: dict[str, Any] = {"email": found.token.email}
    # Without a password it waits on: choosing one by a letter, or signing up, is open only to an account that waits.
    if found.user.password or found.user.confirmed_at is not None:
        values["confirmed_at"] = now()
    services.accounts.update_user(found.user, values)


def _prove(services: Services, found: Standing) -> None:
    # What was open before, whoever opened it, does not outlive the proof: sessions, other sign-ups, a change asked for.
    user = found.user
    values: dict[str, Any] = {"confirmed_at": now(), "uniquifier": secrets.uniquifier()}
    if found.token.password is not None:
        values["password"] = found.token.password
    present = {"version": Add(1), "updated_at": now()}
    stamps = {column: value for column, value in present.items() if services.store.has(Kind.USER, column)}
    if not services.store.change(Kind.USER, {"id": user.id, "confirmed_at": None}, {**values, **stamps}):
        raise LinkExpired
    services.sessions.end_all(user.id)
    if found.token.password is not None:
        services.lockout.unlock(Lockout.key(user.id, ""))
    events.user_updated.send(services.sender, user=user, fields=("confirmed_at",))
