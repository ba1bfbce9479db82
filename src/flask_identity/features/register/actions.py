"""The verb: register."""

from __future__ import annotations

from collections.abc import Callable

from ...base.errors import IdentityRefusal, InvalidInput, UnknownField
from ...base.ports import Kind, Row
from ...base.texts import Sentence
from ...core import names
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
    _need("username", given.username, services.store.has(Kind.USER, "username"))
    _need("full_name", given.full_name, profile)
    _judge(services, given)
    fields = {name: value for name, value in given.model_dump().items() if name not in OWN}
    if given.username is not None:
        fields["username"] = given.username
    named = {"full_name": given.full_name} if given.full_name is not None else None
    return services.accounts.create_user(given.email, given.password, profile=named, **fields)


def _judge(services: Services, given: Register) -> None:
    """Look at everything that can be wrong before refusing, so that nobody mends one field to hear of the next."""
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
