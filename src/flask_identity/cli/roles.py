"""`flask identity roles`."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from ..base.errors import LastAdmin
from ..base.ports import Kind
from ..base.roles import ADMIN
from ..web.current import services
from .terminal import as_json, in_one, person, refusing, show

commands: AppGroup = AppGroup("roles", help="List, create, give and take roles.")


@commands.command("list")
@as_json
@refusing
def list_roles(as_json: bool) -> None:
    """List roles with their permissions."""
    rows = services.store.page(Kind.ROLE, {}, order="name", limit=1000)
    permissions = sorted if as_json else " ".join
    shown = (
        (role.name, getattr(role, "rank", 0), permissions(_permissions(role)), role.description or "") for role in rows
    )
    fields = {"name": "NAME", "rank": "RANK", "permissions": "PERMISSIONS", "description": "DESCRIPTION"}
    show(fields, shown, as_json)


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

    def act() -> bool:
        if role == ADMIN and list(services.store.admins(ADMIN)) == [user.id]:
            raise LastAdmin
        return services.accounts.remove_role_from_user(user, role)

    taken = in_one(act)
    click.echo(f"{name} is no longer {role}." if taken else f"{name} was not {role}.")


@commands.command()
@click.argument("role")
@click.argument("permissions", nargs=-1)
@click.option("--none", "none", is_flag=True, help="Take all of them away.")
@refusing
def permissions(role: str, permissions: tuple[str, ...], none: bool) -> None:
    """Show a role's permissions, or replace them by those named."""
    found = services.accounts.find_role(role)
    if found is None:
        raise click.ClickException(f"There is no role {role}.")
    if permissions and none:
        raise click.ClickException("Name permissions or give --none, not both.")
    if permissions or none:
        if not services.store.has(Kind.ROLE, "permissions"):
            raise click.ClickException("Roles have no permissions in this application.")
        services.accounts.set_permissions(role, permissions)
        found = services.accounts.find_role(role)
    click.echo(" ".join(_permissions(found)) or "none")


def _permissions(role: object) -> list[str]:
    return sorted(getattr(role, "permissions", None) or ())
