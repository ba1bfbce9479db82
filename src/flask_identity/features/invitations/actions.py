"""The verbs: invite somebody, see who was invited, take it back; look at an invitation, and accept it."""

from __future__ import annotations

import re
import secrets as chance
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from blinker import NamedSignal

from ...base import events
from ...base.clock import epoch, micros, now
from ...base.errors import EmailTaken, FreshSignInRequired, InvalidInput, NotFound, UnknownRole
from ...base.link_errors import LinkExpired
from ...base.ports import Kind, Row
from ...base.roles import ADMIN, USER
from ...base.texts import Sentence
from ...core import administration, names, secrets
from ...core.principal import Principal
from ...core.retry import retried
from ...core.services import Services
from ...core.throttle import Allowance
from ...web import sign_up
from ...web.feature import Draft
from ...web.sign_up import Register
from .inputs import Invite, Listing

LETTER = "invitation"
SECONDS = 7 * 86_400
"""How long an invitation stands. Nobody waits for the letter, so it has to outlast a week end and a few days off."""
PER_ADMIN = Allowance("invitations", 50, 3600)
_HANDLE = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True)
class Found:
    """A page of invitations, those who sent them by their ids, and where to go on."""

    rows: Sequence[Row]
    inviters: Mapping[Any, Row]
    next: str | None


def invite(services: Services, who: Principal, given: Invite) -> Row:
    """Write an invitation and its letter; an older one of the same address is void from then on.

    Raises:
        InvalidInput, UnknownRole: naming the field.
        FreshSignInRequired: for another role than `user`, a while after the caller has proved who they are.
        TooManyRequests: for more than an administrator may send in an hour.
        EmailTaken: where the address has an account.
        NotSignedIn, NotAllowed: where the caller is no administrator any more when it comes to it.
    """
    address, role = names.email(given.email), given.role or USER
    if role not in (ADMIN, USER) and services.accounts.find_role(names.role(role)) is None:
        raise UnknownRole(field_errors={"role": [UnknownRole.message]})
    if role != USER and not services.sessions.fresh(who):
        raise FreshSignInRequired
    services.throttle.spend(PER_ADMIN, who.id)
    return retried(services.store, lambda: _invite(services, who, address, role))


def _invite(services: Services, who: Principal, address: str, role: str) -> Row:
    store, secret, at = services.store, secrets.make(_new_id()), epoch()
    row = {"id": secret.id, "digest": secret.digest, "email": address, "role": role, "user_id": who.id}
    with store.unit():
        administration.admins_again(services, who)  # one after the other, so that none meets another of this address
        if store.first(Kind.USER, {"email": address}) is not None:
            message = Sentence("This email has an account already.")
            raise EmailTaken(message, field_errors={"email": [message]})
        store.remove(Kind.INVITATION, {"email": address})
        made = store.add(Kind.INVITATION, {**row, "created_at": at, "expires_at": at + SECONDS})
        services.outbox.put(LETTER, address, link=secret.value)
        _tell(services, events.invitation_sent, who)
    return made


def pending(services: Services, asked: Listing) -> Found:
    """Return a page of the invitations that can be accepted, the newest first.

    Raises:
        InvalidInput: for a cursor of another form.
    """
    where: dict[str, Any] = {"expires_at__gt": epoch()}
    if asked.cursor is not None:
        if not _HANDLE.fullmatch(asked.cursor):
            raise InvalidInput(field_errors={"cursor": [Sentence("Begin again at the first page.")]})
        where["id__lt"] = asked.cursor
    rows = services.store.page(Kind.INVITATION, where, order="-id", limit=asked.limit + 1)
    shown = rows[: asked.limit]
    found = services.store.page(Kind.USER, {"id__in": [*{row.user_id for row in shown}]}, order="id", limit=asked.limit)
    return Found(shown, {user.id: user for user in found}, shown[-1].id if len(rows) > asked.limit else None)


def take_back(services: Services, who: Principal, handle: str) -> None:
    """Make an invitation void, whoever sent it.

    Raises:
        NotFound: where there is none of that handle.
        NotSignedIn, NotAllowed: where the caller is no administrator any more when it comes to it.
    """

    if not _HANDLE.fullmatch(handle):
        raise NotFound
    retried(services.store, lambda: _take_back(services, who, handle))


def _take_back(services: Services, who: Principal, handle: str) -> None:
    with services.store.unit():
        administration.admins_again(services, who)
        if not services.store.remove(Kind.INVITATION, {"id": handle}):
            raise NotFound
        _tell(services, events.invitation_taken_back, who)


def _tell(services: Services, signal: NamedSignal, who: Principal) -> None:
    """Send a signal of what an administrator did; it is about nobody else who has an account."""
    signal.send(services.sender, user=services.store.first(Kind.USER, {"id": who.id}), fields=())


def draft(services: Services, row: Row) -> Draft | None:
    """Return where a letter goes and its link, None where the invitation does not stand any more."""
    value = services.outbox.link_of(row)
    if value is None or _standing(services, value) is None:
        return None
    return Draft(row.recipient, f"accept_invitation/{value}")


def opened(services: Services, token: str) -> Row:
    """Return the invitation of a link; consumes nothing.

    Raises:
        LinkExpired: where it does not work.
    """
    row = _standing(services, token)
    if row is None:
        raise LinkExpired
    return row


def accept(services: Services, token: str, given: Register, *, profile: bool) -> Row:
    """Make the account of an invitation, which is used up, and return its user.

    Args:
        services: The application's services.
        token: What the link holds.
        given: What was sent, with the address that was invited.
        profile: Whether there are profiles to keep the full name in.

    Raises:
        LinkExpired: where the link does not work, or somebody else was faster.
        EmailTaken: where the address has an account by now; like all below it leaves the invitation as it was.
        UsernameTaken, WeakPassword, InvalidInput, UnknownField: naming the field.
        Busy: where no hashing slot came free.
    """
    row = opened(services, token)
    fields = sign_up.accepted(services, given, profile=profile)
    if services.store.has(Kind.USER, "confirmed_at"):
        fields["confirmed_at"] = now()  # only who reads the mail of the address has the link
    fields["password_hash"] = services.passwords.hash(given.password)
    return retried(services.store, lambda: _accept(services, row, fields))


def _accept(services: Services, row: Row, fields: Mapping[str, Any]) -> Row:
    store = services.store
    with store.unit():
        # Asked anew where demoting and suspending wait: of these and this, one comes first.
        if row.user_id not in store.admins(ADMIN):
            raise LinkExpired
        if not store.remove(Kind.INVITATION, {"id": row.id, "expires_at__gt": epoch()}):
            raise LinkExpired
        user = services.accounts.create_user(row.email, **fields)
        if row.role != USER:
            try:
                services.accounts.replace_roles(user, row.role)
            except UnknownRole:  # there is no such role any more, which is nothing the person could mend
                raise LinkExpired from None
        inviter = store.first(Kind.USER, {"id": row.user_id})
        events.invitation_accepted.send(services.sender, user=user, fields=(), inviter=inviter)
    return user


def _standing(services: Services, value: str) -> Row | None:
    parts = secrets.split(value)
    row = services.store.first(Kind.INVITATION, {"id": parts[0]}) if parts is not None else None
    if parts is None or row is None or not secrets.matches(parts[1], row.digest) or row.expires_at <= epoch():
        return None
    inviter = services.store.first(Kind.USER, {"id": row.user_id})
    return row if inviter is not None and is_admin(services, inviter) else None


def is_admin(services: Services, user: Row) -> bool:
    """Say whether somebody is an active administrator: whose invitations are void otherwise."""
    return bool(user.active) and ADMIN in services.accounts.rights_of(user)[0]


def _new_id() -> str:
    """Return 16 hex digits that sort as they were made, so that one column is the order of the list and its cursor.

    It is shown as the handle: who has it still lacks the secret.
    """
    return f"{(micros() // 1000) << 22 | chance.randbits(22):016x}"
