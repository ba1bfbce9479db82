"""`flask identity users`."""

from __future__ import annotations

from typing import Any

import click
from flask.cli import AppGroup

from ..base.errors import LastAdmin
from ..base.ports import Kind, Row
from ..core import names
from ..core.lockout import Lockout
from ..core.roles import ADMIN
from ..web.current import services
from .terminal import new_password, person, refusing, table

commands: AppGroup = AppGroup("users", help="List, create and change users.")


@commands.command("list")
@click.option("--status", type=click.Choice(["active", "suspended", "pending", "locked"]))
@click.option("--role", help="Only who holds this role.")
@click.option("--prefix", help="Only addresses that begin so.")
@refusing
def list_users(status: str | None, role: str | None, prefix: str | None) -> None:
    """List users."""
    found = services.accounts.users(status=status, role=role, prefix=prefix)
    table(("ID", "EMAIL", "STATUS", "ROLE"), ((user.id, user.email, user.status, _role(user)) for user in found))
    click.echo(f"{len(found)} user{'' if len(found) == 1 else 's'}.", err=True)


@commands.command()
@click.argument("email")
@click.option("--role", "roles", multiple=True, help="A role to give; may be repeated.")
@click.option("--no-password", is_flag=True, help="Make an account that cannot sign in with a password.")
@refusing
def create(email: str, roles: tuple[str, ...], no_password: bool) -> None:
    """Create a user. The password is prompted for, or read from standard input."""
    address = names.email(email)
    password = None if no_password else new_password([address])
    user = services.accounts.create_user(address, password, roles=roles)
    click.echo(f"{user.email} is created, with id {user.id}.")


@commands.command()
@click.argument("name")
@click.option("--reason", help="Why, as administrators will see it.")
@refusing
def suspend(name: str, reason: str | None) -> None:
    """Suspend a user; every session ends."""
    user = person(name)
    with services.store.unit():
        _not_the_last(user)
        ended = len(services.sessions.of(user.id))
        changed = services.accounts.deactivate_user(user, reason)
    click.echo(f"{name} is suspended; {ended} sessions ended." if changed else f"{name} was suspended already.")


@commands.command()
@click.argument("name")
@refusing
def activate(name: str) -> None:
    """Let a user sign in again; also unlocks."""
    changed = services.accounts.activate_user(person(name))
    click.echo(f"{name} is active." if changed else f"{name} was active already and is not locked.")


@commands.command()
@click.argument("name")
@refusing
def unlock(name: str) -> None:
    """Forget a user's failed sign-ins, without activating a suspended account."""
    user = person(name)
    values: dict[str, Any] = {"failed_logins": 0, "locked_until": None}
    present = {column: value for column, value in values.items() if services.store.has(Kind.USER, column)}
    with services.store.unit():
        if present:
            services.store.change(Kind.USER, {"id": user.id}, present)
        services.lockout.unlock(Lockout.key(user.id, ""))
    click.echo(f"{name} is not locked.")


@commands.command()
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
@refusing
def delete(name: str, yes: bool) -> None:
    """Delete a user with profile and sessions."""
    user = person(name)
    if not yes:
        click.confirm(f"Delete {user.email} for good?", abort=True)
    with services.store.unit():
        _not_the_last(user)
        services.accounts.delete_user(user)
    click.echo(f"{name} is deleted.")


@commands.command()
@click.argument("name")
@refusing
def password(name: str) -> None:
    """Set a user's password. It is prompted for, or read from standard input; every session ends."""
    user = person(name)
    record = services.passwords.hash(new_password([user.email, getattr(user, "username", None)]))
    with services.store.unit():
        services.accounts.set_password(user, record, seen=user.password)
        services.sessions.end_all(user.id)
        services.lockout.unlock(Lockout.key(user.id, ""))
    click.echo(f"The password of {name} is changed.")


def _role(user: Row) -> str | None:
    role: str | None = getattr(user, "role", None)
    return role


def _not_the_last(user: Row) -> None:
    if list(services.store.admins(ADMIN)) == [user.id]:
        raise LastAdmin
