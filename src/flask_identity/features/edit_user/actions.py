"""The verbs: read and edit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ...base.errors import (
    FieldNotAllowed,
    FreshSignInRequired,
    InvalidInput,
    NotFound,
    NotSignedIn,
    UnknownField,
)
from ...base.ports import Kind, Row
from ...base.roles import ADMIN
from ...base.texts import Sentence
from ...core import administration, confirming, names
from ...core.principal import Principal
from ...core.retry import outermost_retried
from ...core.services import Services
from ...core.throttle import Allowance
from ...models.behaviour import role_name
from .pointing import point_at

PER_ACCOUNT = Allowance("change_email", 5, 3600)
"""How often another address may be asked for, where it has to be confirmed."""


@dataclass(frozen=True)
class Edit:
    """What becomes of an account. Only what is named is touched."""

    account: Mapping[str, Any] = field(default_factory=dict)
    role: str | None = None
    profile: Mapping[str, Any] = field(default_factory=dict)
    version: int | None = None
    picture: str | None = None
    """The URL of a picture that is saved already."""
    remove_picture: bool = False


def read(services: Services, who: Principal, user_id: Any) -> tuple[Row, Row | None]:
    """Return a user and the profile.

    Raises:
        NotFound: alike for somebody else's id and one that there is not, unless the caller is an administrator.
    """
    _allowed(who, user_id)
    user = services.store.first(Kind.USER, {"id": user_id})
    if user is None:
        raise NotFound
    return user, services.store.first(Kind.PROFILE, {"user_id": user_id})


@outermost_retried
def edit(services: Services, who: Principal, user_id: Any, wanted: Edit) -> tuple[Row, Row | None]:
    """Change an account in one unit; return the user and the profile as they are then.

    Raises:
        NotFound, FieldNotAllowed, FreshSignInRequired, OwnAccount, LastAdmin, ChangedMeanwhile, EmailTaken,
        UsernameTaken, UnknownRole, InvalidInput, TooManyRequests: nothing has changed then.
    """
    may_edit(who, user_id, wanted)
    account = _canonical(services, wanted.account)
    _spend(services, user_id, account)
    with services.store.unit() as unit:
        admins = _caller_again(services, who, user_id, wanted)
        user = administration.locked(services, user_id)
        renamed = any(getattr(user, name) != value for name, value in account.items())
        recast = wanted.role is not None and (role_name(user) != wanted.role or len(user.roles) != 1)
        if (renamed or recast) and not services.sessions.fresh(who):
            raise FreshSignInRequired
        if recast and wanted.role != ADMIN and user_id in admins:
            administration.not_the_last(who, user_id, admins)
        account = confirming.kept_back(services, user, account)
        services.accounts.update_user(user, account, version=wanted.version)
        if recast:
            services.accounts.replace_roles(user, wanted.role)
        if wanted.profile and not services.store.change(Kind.PROFILE, {"user_id": user_id}, wanted.profile):
            services.store.add(Kind.PROFILE, {**wanted.profile, "user_id": user_id})
        if wanted.picture is not None or wanted.remove_picture:
            point_at(services, unit, user_id, wanted.picture)
    return read(services, who, user_id)


def may_edit(who: Principal, user_id: Any, wanted: Edit) -> None:
    """Refuse what the caller may not do, whatever the database says.

    Raises:
        NotFound, FieldNotAllowed: see `edit`.
    """
    _allowed(who, user_id)
    if wanted.role is not None:
        may_set_role(who)


def may_set_role(who: Principal) -> None:
    """Refuse a role to anyone but administrators.

    Raises:
        FieldNotAllowed: naming the field.
    """
    if ADMIN not in who.roles:
        raise FieldNotAllowed(field_errors={"role": [Sentence("Only an administrator may set this.")]})


def _allowed(who: Principal, user_id: Any) -> None:
    if user_id != who.id and ADMIN not in who.roles:
        raise NotFound


def _caller_again(services: Services, who: Principal, user_id: Any, wanted: Edit) -> Any:
    """Read the caller once more inside the changing transaction; whoever lost a race has no say any more."""
    if user_id == who.id and wanted.role is None:
        caller = services.store.first(Kind.USER, {"id": who.id}, lock=True)
        if caller is None or not caller.active:
            raise NotSignedIn
        return ()
    return administration.admins_again(services, who)


def _spend(services: Services, user_id: Any, account: Mapping[str, Any]) -> None:
    """Count a letter to another address before anything is changed: the count must outlive a refusal."""
    if not services.proof.confirmation or "email" not in account:
        return
    user = services.store.first(Kind.USER, {"id": user_id})
    if user is not None and user.email != account["email"]:
        services.throttle.spend(PER_ACCOUNT, user_id)
        services.throttle.spend(confirming.PER_ADDRESS, account["email"])


def _canonical(services: Services, account: Mapping[str, Any]) -> Mapping[str, Any]:
    for name in account:
        if not services.store.has(Kind.USER, name):
            raise UnknownField(field_errors={name: [Sentence("This application does not keep this.")]})
    if "email" in account and account["email"] is None:
        raise InvalidInput(field_errors={"email": [names.BAD_EMAIL]})
    return names.canonical(account)
