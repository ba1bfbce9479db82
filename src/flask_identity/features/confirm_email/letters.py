"""Whom the letters go to and what their links are; asked when they are sent, beside the request."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from ...base.errors import EmailTaken, IdentityRefusal, UsernameTaken
from ...base.ports import Kind, Row
from ...core.confirming import CONFIRM, SECONDS, SignUp, carried
from ...core.one_time import CHANGE
from ...core.services import Services
from ...models.behaviour import EXTENSION
from ...web.feature import Draft

AGAIN, ANEW, TAKEN, WANTED = "confirm_again", "sign_up_anew", "sign_up_taken", "address_wanted"


def sign_up(services: Services, row: Row) -> Draft | None:
    """Make the account of a sign-up where the address has none, and a link for it. Who has one already is told so."""
    kept = services.outbox.link_of(row)
    if kept is not None:
        return _again(services, row, kept, CONFIRM)
    given = carried(row)
    user = _of(services, row) or _made(services, row, given)
    if user is None:
        return None
    if not services.proof.pending(user):
        services.outbox.put(TAKEN, row.recipient, language=row.language)
        return None
    return _linked(services, row, user, given.password)


def again(services: Services, row: Row) -> Draft | None:
    """Make another link for an account that waits: for the password it was signed up with, where there is no doubt
    which that is. Where there is, or where none is left, signing up once more is what helps."""
    kept = services.outbox.link_of(row)
    if kept is not None:
        return _again(services, row, kept, CONFIRM)
    user = _of(services, row)
    if user is None or not services.proof.pending(user) or not user.active:
        return None
    waiting = {token.password: token.created_at for token in services.one_time.of(user, CONFIRM) if token.password}
    if len(waiting) + bool(user.password) != 1:
        services.outbox.put(ANEW, row.recipient, language=row.language)
        return None
    return _linked(services, row, user, *next(iter(waiting.items()), (None, None)))


def change(services: Services, row: Row) -> Draft | None:
    """Send the link for another address; whoever has an account under it already is told so instead."""
    if _of(services, row) is not None:
        services.outbox.put(WANTED, row.recipient, language=row.language)
        return None
    kept = services.outbox.link_of(row)
    return None if kept is None else _again(services, row, kept, CHANGE)


def told(_: Services, row: Row) -> Draft:
    """Send what needs no link of its own."""
    return Draft(row.recipient)


def _of(services: Services, row: Row) -> Row | None:
    found: Row | None = services.store.first(Kind.USER, {"email": row.recipient})
    return found


def _made(services: Services, row: Row, given: SignUp) -> Row | None:
    fields = _typed(services, given)
    try:
        try:
            return services.accounts.create_user(row.recipient, None, profile=given.profile, **fields)
        except UsernameTaken:  # by somebody who was faster; the account can have another one later
            del fields["username"]
            return services.accounts.create_user(row.recipient, None, profile=given.profile, **fields)
    except EmailTaken:
        return _of(services, row)
    except IdentityRefusal:  # of the application's, from a receiver: then there is to be no account
        return None


def _typed(services: Services, given: SignUp) -> dict[str, Any]:
    """Return the fields of a sign-up in the types that its model has for them."""
    known = services.sender.extensions[EXTENSION].register.model_fields
    return {name: TypeAdapter(known[name].annotation).validate_python(value) for name, value in given.fields.items()}


def _linked(services: Services, row: Row, user: Row, password: str | None, at: int | None = None) -> Draft | None:
    with services.store.unit():
        locked = services.store.first(Kind.USER, {"id": user.id}, lock=True)
        # A suspended account has no way in, and who has confirmed meanwhile needs none.
        if locked is None or locked.email != row.recipient or not locked.active or not services.proof.pending(locked):
            return None
        value = services.one_time.issue(locked, CONFIRM, SECONDS, password=password, at=at).value
        services.outbox.keep_link(row, value)
    return _draft(row, value)


def _again(services: Services, row: Row, value: str, purpose: str) -> Draft | None:
    # Sent again it is the link it was, which works for a day from then on.
    return _draft(row, value) if services.one_time.extend(value, purpose, SECONDS) else None


def _draft(row: Row, value: str) -> Draft:
    return Draft(row.recipient, f"confirm_email/{value}")
