"""Is this e-mail address one, and is it free? What a page asks while someone types."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import Field

from ..base.errors import InvalidInput, NotAllowed, NotFound, NotSignedIn
from ..base.ports import Kind
from ..base.roles import ADMIN
from ..base.settings import Settings, setting
from ..core import names
from ..core.throttle import Limit
from ..web.answers import Answer
from ..web.authenticate import caller
from ..web.current import services, state
from ..web.feature import Feature, Route, Who
from ..web.inputs import Input, Text

PER_ADDRESS = Limit("email_exists", per_address=60)


@dataclass(frozen=True)
class AddressCheckSettings(Settings):
    email_exists: str = setting(
        "signed_in",
        "Who may ask whether an address has an account; the answer tells who has one.",
        choices=("signed_in", "public", "off"),
    )


class Question(Input):
    """Which address, and whose account is left out."""

    email: Text = Field(max_length=320)
    id: Text | None = None


class Found(Answer):
    """The address as it would be kept, null where it is none; whether it is one, and another account's."""

    email: str | None
    valid: bool
    exists: bool


def check(asked: Question) -> dict[str, Any]:
    """Answer with the canonical address, whether it is one and whether another account has it."""
    allowed = state().get(AddressCheckSettings).email_exists
    who = caller() if allowed != "off" else None
    if allowed == "off":
        raise NotFound
    if who is None and (allowed == "signed_in" or asked.id is not None):
        raise NotSignedIn
    left_out = services.store.user_id(asked.id) if asked.id is not None else None
    if who is not None and left_out is not None and left_out != who.id and ADMIN not in who.roles:
        raise NotAllowed
    try:
        email = names.email(asked.email)
    except InvalidInput:
        return {"email": None, "valid": False, "exists": False}
    found = services.store.first(Kind.USER, {"email": email})
    return {"email": email, "valid": True, "exists": found is not None and found.id != left_out}


FEATURE = Feature(
    "address_check",
    doc="Say whether an e-mail address is valid and free.",
    settings=AddressCheckSettings,
    routes=(
        Route(
            "GET", "/email_exists", Who.ANYONE, api=check, takes=Question, limit=PER_ADDRESS, gives=Found,
            refuses=(NotSignedIn, NotAllowed, NotFound),
        ),
    ),
)  # fmt: skip
