"""The verbs: sign in, confirm."""

from __future__ import annotations

from ...base.errors import InvalidCredentials, WrongPassword
from ...base.ports import Kind
from ...core.principal import Principal
from ...core.services import Services
from ...core.sessions import Client
from ...core.sign_in import Challenged, SignedIn, Ticket
from .inputs import Login


def sign_in(services: Services, given: Login, client: Client, ticket: Ticket) -> SignedIn:
    """Sign in by name and password.

    Raises:
        InvalidCredentials: alike for every reason.
    """
    outcome = services.sign_in.with_password(given.name, given.password, client, ticket)
    if isinstance(outcome, Challenged):
        raise InvalidCredentials
    return outcome


def confirm(services: Services, who: Principal, password: str, client: Client) -> None:
    """Make a session fresh again.

    Raises:
        WrongPassword: which counts as a failed sign-in.
    """
    user = services.store.first(Kind.USER, {"id": who.id})
    try:
        claim = services.sign_in.confirm(user, password, client)
    except InvalidCredentials:
        raise WrongPassword(field_errors={"password": [WrongPassword.message]}) from None

    def prove() -> None:
        services.proof.write(user, {}, claim)
        if who.session_id is not None:
            services.sessions.prove(who.session_id)

    services.proof.settle(claim, prove)
