"""The verbs: register, and ask to be once the address is confirmed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ...base.errors import IdentityRefusal, InvalidInput, UnknownField, UsernameTaken
from ...base.ports import Kind, Row
from ...base.texts import Sentence
from ...core import confirming, names
from ...core.services import Services
from .inputs import Register

OWN = frozenset(Register.model_fields)


def register(services: Services, given: Register, *, profile: bool) -> Row:
    """Create an account and return its user.

    Args:
        services: The application's services.
        given: What was sent.
        profile: Whether there are profiles to keep the full name in.

    Raises:
        WeakPassword, InvalidInput, EmailTaken, UsernameTaken: naming the field.
        UnknownField: for a field this application has no place for.
    """
    _judge(services, given, profile)
    fields = _fields(given, given.model_dump())
    return services.accounts.create_user(given.email, given.password, profile=_profile(given), **fields)


def ask(services: Services, given: Register, *, profile: bool) -> None:
    """Let an account be made once its letter is written, of an address that is to be confirmed. Answers and takes the
    same for an address that has an account already (S-026, S-027): whether it has is asked when the letter is sent.

    Raises:
        WeakPassword, InvalidInput, UsernameTaken: naming the field.
        UnknownField: for a field this application has no place for.
        TooManyRequests: for an address that was written to too often, known or not.
    """
    _judge(services, given, profile)
    address = names.email(given.email)
    services.throttle.spend(confirming.PER_ADDRESS, address)
    fields = _fields(given, given.model_dump(mode="json"))
    if "username" in fields and services.accounts.find_user(username=fields["username"]) is not None:
        raise UsernameTaken(field_errors={"username": [UsernameTaken.message]})
    record = services.passwords.hash(given.password)
    confirming.sign_up(services, address, confirming.SignUp(record, fields, _profile(given)))


def _fields(given: Register, values: Mapping[str, Any]) -> dict[str, Any]:
    fields = {name: value for name, value in values.items() if name not in OWN}
    if given.username is not None:
        fields["username"] = given.username
    return fields


def _profile(given: Register) -> dict[str, Any]:
    return {"full_name": given.full_name} if given.full_name is not None else {}


def _judge(services: Services, given: Register, profile: bool) -> None:
    """Look at everything that can be wrong before refusing, so that nobody mends one field to hear of the next."""
    _need("username", given.username, services.store.has(Kind.USER, "username"))
    _need("full_name", given.full_name, profile)
    checks: list[Callable[[], object]] = [
        lambda: names.email(given.email),
        lambda: names.username(given.username) if given.username is not None else None,
        lambda: services.judge_password(given.password, (given.email, given.username, given.full_name)),
    ]
    refusals: list[IdentityRefusal] = []
    for check in checks:
        try:
            check()
        except IdentityRefusal as refusal:
            refusals.append(refusal)
    if len(refusals) == 1:
        raise refusals[0]
    if refusals:
        raise InvalidInput(field_errors={k: v for refusal in refusals for k, v in refusal.field_errors.items()})


def _need(field: str, value: str | None, there: bool) -> None:
    if value is not None and not there:
        raise UnknownField(field_errors={field: [Sentence("This application does not keep this.")]})
