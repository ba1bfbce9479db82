"""The door for programs."""

from __future__ import annotations

from typing import Any, cast

from ...core.sessions import COOKIE
from ...core.sign_in import Ticket
from ...web.arrival import arrived, replaced
from ...web.client import client
from ...web.current import services, state
from ...web.payload import payload
from ...web.sign_up import Register
from . import actions


def wanted() -> type[Register]:
    """Return the input model of this application's sign-up."""
    return cast(type[Register], state().register)


def submit(given: Register) -> dict[str, Any]:
    """Create an account and sign in; with confirmation, only let a letter be sent."""
    if state().confirmation:
        ask(given)
        return {}
    return {"user": payload(enter(given))}


def ask(given: Register) -> None:
    """Let a letter be sent with which an address is confirmed."""
    actions.ask(services, given, profile=state().on("profile"))


def enter(given: Register) -> Any:
    """Create an account, sign its user in on this request and return the row."""
    user = actions.register(services, given, profile=state().on("profile"))
    arrived(services.sign_in.start(user, client(), Ticket(COOKIE, False, replaced())).session)
    return user
