"""`flask identity sessions`."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from ..base.clock import from_epoch
from ..core import secrets
from ..web.agents import label
from ..web.current import services
from .terminal import person, refusing, table

commands: AppGroup = AppGroup("sessions", help="List and end the sessions of a person.")


@commands.command("list")
@click.argument("name")
@refusing
def list_sessions(name: str) -> None:
    """List where a person is signed in."""
    rows = services.sessions.of(person(name).id)
    shown = (
        (secrets.handle(row.id), row.kind, f"{from_epoch(row.last_seen_at):%Y-%m-%d %H:%M}", row.ip, label(row.agent))
        for row in rows
    )
    table(("HANDLE", "KIND", "LAST SEEN (UTC)", "ADDRESS", "PROGRAM"), shown)


@commands.command()
@click.argument("name")
@click.argument("handle", required=False)
@refusing
def end(name: str, handle: str | None) -> None:
    """End one session of a person, or all. API tokens stay."""
    user = person(name)
    if handle is None:
        ended = services.sessions.end_others(user.id)
    else:
        ended = sum(
            services.sessions.end(row.id) for row in services.sessions.of(user.id) if secrets.handle(row.id) == handle
        )
        if not ended:
            raise click.ClickException(f"{name} has no session {handle}.")
    click.echo(f"{ended} session{'' if ended == 1 else 's'} ended.")
