"""`flask identity roles`."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from ..base.errors import LastAdmin
from ..base.ports import Kind
from ..core import names
from ..core.roles import ADMIN
from ..web.current import services
from .terminal import person, refusing, table

commands: AppGroup = AppGroup("roles", help="List, create, give and take roles.")


@commands.command("list")
@refusing
def list_roles() -> None:
    """List roles with their permissions."""
    rows = services.store.page(Kind.ROLE, {}, order="name", limit=1000)
    shown = ((role.name, getattr(role, "rank", 0), _permissions(role), role.description) for role in rows)
    table(("NAME", "RANK", "PERMISSIONS", "DESCRIPTION"), shown)


@commands.command()
@click.argument("name")
@click.option("--description", default="")
@click.option("--permission", "permissions", multiple=True, help="A permission; may be repeated.")
@click.option("--rank", type=int, default=0, help="Of several roles the one of highest rank is shown.")
@refusing
def create(name: str, description: str, permissions: tuple[str, ...], rank: int) -> None:
    """Create a role."""
    services.accounts.create_role(name, description, permissions, rank)
    click.echo(f"The role {name} is created.")


@commands.command()
@click.argument("name")
@click.argument("role")
@refusing
def grant(name: str, role: str) -> None:
    """Give a person a role."""
    given = services.accounts.add_role_to_user(person(name), role)
    click.echo(f"{name} is {role} now." if given else f"{name} was {role} already.")


@commands.command()
@click.argument("name")
@click.argument("role")
@refusing
def revoke(name: str, role: str) -> None:
    """Take a role from a person."""
    user = person(name)
    with services.store.unit():
        if role == ADMIN and list(services.store.admins(ADMIN)) == [user.id]:
            raise LastAdmin
        taken = services.accounts.remove_role_from_user(user, role)
    click.echo(f"{name} is no longer {role}." if taken else f"{name} was not {role}.")


@commands.command()
@click.argument("role")
@click.argument("permissions", nargs=-1)
@refusing
def permissions(role: str, permissions: tuple[str, ...]) -> None:
    """Show a role's permissions, or replace them by those named."""
    found = services.accounts.find_role(role)
    if found is None:
        raise click.ClickException(f"There is no role {role}.")
    if permissions:
        wanted = frozenset(names.permission(each) for each in permissions)
        services.store.change(Kind.ROLE, {"name": role}, {"permissions": wanted})
        found = services.accounts.find_role(role)
    click.echo(_permissions(found) or "none")


def _permissions(role: object) -> str:
    return " ".join(sorted(getattr(role, "permissions", None) or ()))
