"""What administrators do to accounts of others. Each verb is one unit, in which the caller is read once more.

Whoever may not any more, since another administrator was faster, is refused there: of two who demote or delete each
other exactly one comes through.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..base.errors import LastAdmin, NotAllowed, NotFound, NotSignedIn, OwnAccount
from ..base.ports import Kind, Row
from ..base.roles import ADMIN
from .principal import Principal
from .retry import outermost_retried
from .services import Services


def admins_again(services: Services, who: Principal) -> Sequence[Any]:
    """Return the ids of the active administrators, the caller among them, inside a unit; others wait until it ends.

    Raises:
        NotSignedIn: where the caller's account is gone or suspended when it comes to it.
        NotAllowed: where the caller is no administrator any more.
    """
    admins = list(services.store.admins(ADMIN))
    if who.id not in admins:
        caller = services.store.first(Kind.USER, {"id": who.id})
        raise NotAllowed if caller is not None and caller.active else NotSignedIn
    return admins


def locked(services: Services, user_id: Any) -> Row:
    """Return a user whom nobody else changes until the unit ends.

    Raises:
        NotFound: where there is no such person.
    """
    user = services.store.first(Kind.USER, {"id": user_id}, lock=True)
    if user is None:
        raise NotFound
    return user


def not_the_last(who: Principal, user_id: Any, admins: Sequence[Any]) -> None:
    """Refuse what would lock the caller, or everybody, out.

    Raises:
        OwnAccount: for the caller's own account.
        LastAdmin: for the only active administrator.
    """
    if user_id == who.id:
        raise OwnAccount
    if list(admins) == [user_id]:
        raise LastAdmin


@outermost_retried
def set_status(services: Services, who: Principal, user_id: Any, status: str, reason: str | None) -> int:
    """Suspend or activate someone; return how many sessions ended.

    Raises:
        NotSignedIn, NotAllowed, NotFound, OwnAccount, LastAdmin: nothing has changed then.
    """
    with services.store.unit():
        admins = admins_again(services, who)
        user = locked(services, user_id)
        if status == "active":
            services.accounts.activate_user(user)
            return 0
        not_the_last(who, user_id, admins)
        ended = len(services.sessions.of(user_id))
        services.accounts.deactivate_user(user, reason)
        return ended


@outermost_retried
def set_role(services: Services, who: Principal, user_id: Any, role: str) -> None:
    """Give someone this one role in place of all others.

    Raises:
        NotSignedIn, NotAllowed, NotFound, OwnAccount, LastAdmin, UnknownRole: nothing has changed then.
    """
    with services.store.unit():
        admins = admins_again(services, who)
        user = locked(services, user_id)
        if services.accounts.rights_of(user)[0] == {role}:
            return
        if role != ADMIN and user_id in admins:
            not_the_last(who, user_id, admins)
        services.accounts.update_user(user, {})
        services.accounts.replace_roles(user, role)


@outermost_retried
def delete(services: Services, who: Principal, user_id: Any) -> None:
    """Delete someone with profile, sessions and everything else of theirs.

    Raises:
        NotSignedIn, NotAllowed, NotFound, OwnAccount, LastAdmin, InUse: nothing has changed then.
    """
    with services.store.unit():
        admins = admins_again(services, who)
        user = locked(services, user_id)
        not_the_last(who, user_id, admins)
        services.accounts.delete_user(user)
