"""The verbs: ask for a link, look at it, and choose another password with it."""

from __future__ import annotations

from ...base.link_errors import LinkExpired
from ...base.ports import Kind, Row
from ...core import confirming, names
from ...core.lockout import Lockout
from ...core.retry import retried
from ...core.services import Services
from ...core.throttle import Allowance
from ...web.feature import Draft
from .inputs import ForgotPassword, ResetPassword

LETTER = "reset_password"
SECONDS = 3600
"""How long a link works once its letter was sent."""
PER_ACCOUNT = Allowance("forgot_password", 5, 3600)
_PURPOSE = "reset"


def ask(services: Services, given: ForgotPassword) -> None:
    """Write a letter to an address. Whether it is anybody's is asked when the letter is sent, so that this does and
    takes the same for everybody (S-026, S-027).

    Raises:
        InvalidInput: for what can be no address.
        TooManyRequests: for one that was asked for too often, known or not.
    """
    address = names.email(given.email)
    services.throttle.spend(PER_ACCOUNT, address)
    services.outbox.put(LETTER, address)


def draft(services: Services, row: Row) -> Draft | None:
    """Return where a letter goes and its link, None where the address is nobody's who may choose a password.

    A letter sent again has the link it had, which works for an hour from then on.
    """
    kept = services.outbox.link_of(row)
    if kept is not None:
        stands = services.one_time.extend(kept, _PURPOSE, SECONDS)
        return _draft(row.recipient, kept) if stands else None
    found = services.store.first(Kind.USER, {"email": row.recipient})
    if found is None:
        return None
    with services.store.unit():
        user = services.store.first(Kind.USER, {"id": found.id}, lock=True)
        if user is None or user.email != row.recipient or not _may_choose(services, user):
            return None
        value = services.one_time.issue(user, _PURPOSE, SECONDS).value
        services.outbox.keep_link(row, value)
    return _draft(row.recipient, value)  # which is the address in the row, byte by byte


def owner(services: Services, token: str) -> Row:
    """Return whose link this is; consumes nothing.

    Raises:
        LinkExpired: where it does not work.
    """
    user = services.one_time.owner(token, _PURPOSE)
    if user is None:
        raise LinkExpired
    return user


def replace(services: Services, token: str, given: ResetPassword) -> None:
    """Choose another password: the link is used up, every session and token ends, the lock is lifted. Nobody is
    signed in by it.

    Raises:
        LinkExpired: where the link does not work, or somebody else was faster.
        WeakPassword, InvalidInput: the link goes on working.
        Busy: where no hashing slot came free; likewise.
    """
    user = owner(services, token)
    services.judge_password(given.password, (user.email, getattr(user, "username", None)))
    record = services.passwords.hash(given.password)
    seen, user_id = user.password, user.id
    retried(services.store, lambda: _replace(services, token, user, user_id, record, seen))


def _replace(services: Services, token: str, user: Row, user_id: object, record: str, seen: str | None) -> None:
    with services.store.unit():
        # The user's row first, as everywhere; then the link, whose row count decides.
        if services.accounts.set_password(user, record, seen=seen) is None:
            raise LinkExpired
        if not services.one_time.take(token, _PURPOSE):
            raise LinkExpired
        if services.proof.pending(user):
            confirming.proved(services, user)  # who reads its letters has its address
        services.sessions.end_all(user_id)
        services.lockout.unlock(Lockout.key(user_id, ""))


def _may_choose(services: Services, user: Row) -> bool:
    # An account without a password was given none by the application, unless it waits: its password waits with it.
    return bool(user.active) and (bool(user.password) or services.proof.pending(user))


def _draft(to: str, value: str) -> Draft:
    return Draft(to, f"reset_password/{value}")
