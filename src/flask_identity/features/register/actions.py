"""The verbs: register, and ask to be once the address is confirmed."""

from __future__ import annotations

from ...base.errors import UsernameTaken
from ...base.ports import Row
from ...core import confirming, names
from ...core.services import Services
from ...web import sign_up
from ...web.sign_up import Register


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
    fields = sign_up.accepted(services, given, profile=profile)
    return services.accounts.create_user(given.email, given.password, **fields)


def ask(services: Services, given: Register, *, profile: bool) -> None:
    """Let an account be made once its letter is written, of an address that is to be confirmed. Answers and takes the
    same for an address that has an account already (S-026, S-027): whether it has is asked when the letter is sent.

    Raises:
        WeakPassword, InvalidInput, UsernameTaken: naming the field.
        UnknownField: for a field this application has no place for.
        TooManyRequests: for an address that was written to too often, known or not.
    """
    fields = sign_up.accepted(services, given, profile=profile, mode="json")
    shown = fields.pop("profile")
    address = names.email(given.email)
    services.throttle.spend(confirming.PER_ADDRESS, address)
    if "username" in fields and services.accounts.find_user(username=fields["username"]) is not None:
        raise UsernameTaken(field_errors={"username": [UsernameTaken.message]})
    record = services.passwords.hash(given.password)
    confirming.sign_up(services, address, confirming.SignUp(record, fields, shown or {}))
