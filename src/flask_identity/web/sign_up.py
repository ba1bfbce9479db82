"""What every way of making an account for oneself shares: its fields, and what is looked at before it is made.

Subclass `Register` to ask for more at sign-up: page, JSON and the model check follow.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Literal

from pydantic import Field, create_model

from ..base.errors import IdentityRefusal, InvalidInput, UnknownField
from ..base.ports import Kind
from ..base.texts import Sentence
from ..core import names
from ..core.services import Services
from .inputs import Input, Password, Text


class Register(Input):
    """A new account. Fields of a subclass are columns of the application's user class."""

    email: Text = Field(max_length=320)
    password: Password
    full_name: Text | None = Field(None, max_length=120)
    username: Text | None = Field(None, max_length=64)


def own_fields(model: type[Register]) -> list[tuple[str, Any]]:
    """Return the fields that an application has added to a sign-up, by name."""
    return [(name, field) for name, field in model.model_fields.items() if name not in Register.model_fields]


@lru_cache
def without_email(model: type[Register]) -> type[Input]:
    """Return the input model of a sign-up whose address is known: the same fields but for that."""
    fields: dict[str, Any] = {
        name: (field.annotation, field) for name, field in model.model_fields.items() if name != "email"
    }
    doc = "A new account, but for its address, which is the one that was invited."
    return create_model(f"Invited{model.__name__}", __base__=Input, __doc__=doc, **fields)


def accepted(
    services: Services, given: Register, *, profile: bool, mode: Literal["python", "json"] = "python"
) -> dict[str, Any]:
    """Return what `create_user` takes beside address and password, where nothing of what was sent is wrong.

    Args:
        services: The application's services.
        given: What was sent.
        profile: Whether there are profiles to keep the full name in.
        mode: What values of the application's own fields are to be; "json" where they are kept until later.

    Raises:
        WeakPassword, InvalidInput: naming the fields.
        UnknownField: for a field this application has no place for.
    """
    _need("username", given.username, services.store.has(Kind.USER, "username"))
    _need("full_name", given.full_name, profile)
    _judge(services, given)
    fields = {name: value for name, value in given.model_dump(mode=mode).items() if name not in Register.model_fields}
    if given.username is not None:
        fields["username"] = given.username
    return {**fields, "profile": {"full_name": given.full_name} if given.full_name is not None else None}


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
