"""`flask identity users`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import click
from flask.cli import AppGroup

from ..base.clock import now
from ..base.errors import LastAdmin
from ..base.ports import Kind, PeopleQuery, Row
from ..base.roles import ADMIN
from ..core import confirming, names
from ..core.lockout import Lockout
from ..web.current import services, state
from .terminal import as_json, in_one, new_password, person, refusing, show

_PAGE = 500

commands: AppGroup = AppGroup("users", help="List, create and change users.")


@commands.command("list")
@click.option("--status", type=click.Choice(["active", "suspended", "pending", "locked"]))
@click.option("--role", help="Only who holds this role.")
@click.option("--prefix", help="Only whose address, username or full name begins so.")
@click.option("--limit", type=click.IntRange(1, 1000), help="At most so many; without it, all.")
@click.option("--after", help="Only those behind the user of this id.")
@as_json
@refusing
def list_users(
    status: str | None, role: str | None, prefix: str | None, limit: int | None, after: str | None, as_json: bool
) -> None:
    """List users in the order of their ids."""
    place = None if after is None else services.store.user_id(after)
    if after is not None and place is None:
        raise click.ClickException(f"{after} is no id of a user.")
    begins = None if prefix is None else names.prefix(prefix)
    query = PeopleQuery(status, role, begins, "id", False, limit or _PAGE, place and (place, place))
    shown: list[tuple[Any, ...]] = []
    while True:
        page = services.store.people(query, now(), state().confirmation)
        shown += [(user.id, user.email, user.status, list(page.roles.get(user.id, ()))) for user in page.users]
        if limit is not None or not page.more_after:
            break
        query = replace(query, after=page.last)
    rows = shown if as_json else [(*row[:3], " ".join(row[3]) or None) for row in shown]
    show({"id": "ID", "email": "EMAIL", "status": "STATUS", "roles": "ROLES"}, rows, as_json)
    more = f" There are more: --after {shown[-1][0]}" if page.more_after else ""
    click.echo(f"{len(shown)} user{'' if len(shown) == 1 else 's'}.{more}", err=True)


@commands.command()
@click.argument("email")
@click.option("--role", "roles", multiple=True, help="A role to give; may be repeated.")
@click.option("--no-password", is_flag=True, help="Make an account that cannot sign in with a password.")
@refusing
def create(email: str, roles: tuple[str, ...], no_password: bool) -> None:
    """Create a user. The password is prompted for, or read from standard input."""
    address = names.email(email)
    password = None if no_password else new_password([address])
    # Whoever has this command line vouches for the address, where addresses are to be confirmed.
    vouched: dict[str, Any] = {"confirmed_at": now()} if services.store.has(Kind.USER, "confirmed_at") else {}
    user = services.accounts.create_user(address, password, roles=roles, **vouched)
    click.echo(f"{user.email} is created, with id {user.id}.")


@commands.command()
@click.argument("name")
@click.option("--reason", help="Why, as administrators will see it.")
@refusing
def suspend(name: str, reason: str | None) -> None:
    """Suspend a user; every session ends."""
    user = person(name)

    def act() -> tuple[bool, int]:
        _not_the_last(user)
        ended = len(services.sessions.of(user.id))
        return services.accounts.deactivate_user(user, reason), ended

    changed, ended = in_one(act)
    sessions = f"{ended} session{'' if ended == 1 else 's'} ended"
    click.echo(f"{name} is suspended; {sessions}." if changed else f"{name} was suspended already.")


@commands.command()
@click.argument("name")
@refusing
def activate(name: str) -> None:
    """Let a user sign in again; also unlocks."""
    changed = services.accounts.activate_user(person(name))
    click.echo(f"{name} is active." if changed else f"{name} was active already and is not locked.")


@commands.command()
@click.argument("name", required=False)
@click.option("--all", "everybody", is_flag=True, help="Everybody who has a password and waits for confirmation.")
@refusing
def confirm(name: str | None, everybody: bool) -> None:
    """Vouch for a user's address: with IDENTITY_CONFIRMABLE, the account can be used without a letter.

    With --all for those who were there before the setting was, once it is clear that their addresses are theirs.
    """
    if (name is None) is not everybody:
        raise click.ClickException("Name a user, or give --all.")
    if not services.store.has(Kind.USER, "confirmed_at"):
        raise click.ClickException("Your user model has no confirmed_at.")
    if name is None:
        waiting = {"confirmed_at": None, "password__ne": None}
        click.echo(f"{services.store.change(Kind.USER, waiting, {'confirmed_at': now()})} confirmed.")
        return
    user = person(name)
    changed = in_one(lambda: confirming.proved(services, user))
    click.echo(f"{name} is confirmed." if changed else f"{name} was confirmed already.")


@commands.command()
@click.argument("name")
@refusing
def unlock(name: str) -> None:
    """Forget a user's failed sign-ins, without activating a suspended account."""
    user = person(name)
    values: dict[str, Any] = {"failed_logins": 0, "locked_until": None}
    present = {column: value for column, value in values.items() if services.store.has(Kind.USER, column)}

    def act() -> None:
        if present:
            services.store.change(Kind.USER, {"id": user.id}, present)
        services.lockout.unlock(Lockout.key(user.id, ""))

    in_one(act)
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

    def act() -> None:
        _not_the_last(user)
        services.accounts.delete_user(user)

    in_one(act)
    click.echo(f"{name} is deleted.")


@commands.command()
@click.argument("name")
@refusing
def password(name: str) -> None:
    """Set a user's password. It is prompted for, or read from standard input; every session ends."""
    user = person(name)
    seen = user.password
    record = services.passwords.hash(new_password([user.email, getattr(user, "username", None)]))

    def act() -> bool:
        if services.accounts.set_password(user, record, seen=seen) is None:
            return False
        services.sessions.end_all(user.id)
        services.lockout.unlock(Lockout.key(user.id, ""))
        return True

    if not in_one(act):
        raise click.ClickException(f"Somebody else has just changed the password of {name}: nothing was changed here.")
    click.echo(f"The password of {name} is changed.")


def _not_the_last(user: Row) -> None:
    if list(services.store.admins(ADMIN)) == [user.id]:
        raise LastAdmin
