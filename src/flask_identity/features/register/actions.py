"""The verb: register."""

from __future__ import annotations

from ...base.ports import Row
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
