"""The verb: change a password."""

from __future__ import annotations

from ...base.errors import InvalidCredentials, NotAllowed, NotSignedIn, WrongPassword
from ...base.ports import Kind, Row
from ...core.principal import Principal
from ...core.proof import Claim
from ...core.services import Services
from ...core.sessions import Client, Started
from .inputs import ChangePassword


def change(services: Services, who: Principal, given: ChangePassword, client: Client) -> Started:
    """Replace the caller's password; all other sessions end, this one goes on under a new value.

    Raises:
        NotAllowed: to a caller without a session of their own (HTTP Basic).
        WrongPassword: which counts as a failed sign-in.
        WeakPassword: for the new one.
        NotSignedIn: where the session ended meanwhile.
    """
    if who.session_id is None:
        raise NotAllowed
    user = services.store.first(Kind.USER, {"id": who.id})
    if user is None:
        raise NotSignedIn
    about = (user.email, getattr(user, "username", None))
    services.judge_password(given.new_password, about, field="new_password")
    try:
        claim = services.sign_in.confirm(user, given.password, client)
    except InvalidCredentials:
        raise WrongPassword(field_errors={"password": [WrongPassword.message]}) from None
    record = services.passwords.hash(given.new_password)
    return services.proof.settle(claim, lambda: _replace(services, who, user, record, claim))


def _replace(services: Services, who: Principal, user: Row, record: str, claim: Claim) -> Started:
    uniquifier = services.accounts.set_password(user, record, seen=claim.record)
    renewed = services.sessions.renew(who.session_id or "", uniquifier) if uniquifier else None
    if renewed is None:
        raise NotSignedIn
    services.sessions.end_all(who.id, keep=renewed.secret.id)
    return renewed
