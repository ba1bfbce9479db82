"""Make administrators from the command line."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import click

from flask_identity import judge_password

from .app import identity
from .config import ADMIN_PASSWORD

_ROLE = "admin"


def there_are_any() -> bool:
    """Say whether somebody who may sign in is an administrator."""
    return bool(identity.datastore.users(status="active", role=_ROLE))


def create(email: str, password: str) -> Any:
    """Make an account that is an administrator's. Somebody who has one already is never promoted.

    Raises:
        IdentityRefusal: for a weak password, or an address that cannot be used or is taken.
    """
    judge_password(password, about=(email,))
    # Whoever has this command line vouches for the address, where addresses are to be confirmed.
    return identity.datastore.create_user(email, password, roles=[_ROLE], confirmed_at=datetime.now(UTC))


def password(environ: Mapping[str, str]) -> str:
    """Return the password to give: the environment's, else asked for at the terminal, else from the standard input.

    Raises:
        ClickException: where there is none.
    """
    given = environ.get(ADMIN_PASSWORD)
    if not given and sys.stdin.isatty():
        asked: str = click.prompt("Password", hide_input=True, confirmation_prompt="The same again")
        return asked
    given = given or sys.stdin.buffer.readline().decode(errors="surrogateescape").rstrip("\r\n")
    if not given:
        raise click.ClickException(
            f"There is no terminal to ask for a password at: set {ADMIN_PASSWORD}, or send it on the standard input."
        )
    return given
