"""The verb: register."""

from __future__ import annotations

from ...base.errors import UnknownField
from ...base.ports import Kind, Row
from ...core import names, strength
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
    rules = services.password_rules
    email = names.email(given.email)
    fields = {name: value for name, value in given.model_dump().items() if name not in OWN}
    if given.username is not None:
        _need("username", services.store.has(Kind.USER, "username"))
        fields["username"] = names.username(given.username)
    if given.full_name is not None:
        _need("full_name", profile)
    strength.judge(
        given.password,
        about=(email, given.username, given.full_name, rules.product_name),
        minimum=rules.password_min_length,
        score=rules.password_min_score,
    )
    named = {"full_name": given.full_name} if given.full_name is not None else None
    return services.accounts.create_user(email, given.password, profile=named, **fields)


def _need(field: str, there: bool) -> None:
    if not there:
        raise UnknownField(field_errors={field: ["This application does not keep this."]})
