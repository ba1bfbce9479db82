"""`flask identity sessions`."""

from __future__ import annotations

from dataclasses import replace

import click
from flask.cli import AppGroup

from ..base.clock import from_epoch, now
from ..base.ports import Kind, PeopleQuery
from ..core import secrets, sign_out, sweep
from ..features.activity.settings import ActivitySettings
from ..web.agents import label
from ..web.current import services, state
from .terminal import as_json, person, progress, refusing, show

_PAGE = 500
_MOST = 10_000_000  # people a progress bar counts to

commands: AppGroup = AppGroup("sessions", help="List and end the sessions of a person.")


@commands.command("list")
@click.argument("name")
@as_json
@refusing
def list_sessions(name: str, as_json: bool) -> None:
    """List where a person is signed in."""
    rows = services.sessions.of(person(name).id)
    shown = (
        (secrets.handle(row.id), row.kind, f"{from_epoch(row.last_seen_at):%Y-%m-%d %H:%M}", row.ip, label(row.agent))
        for row in rows
    )
    fields = {"handle": "HANDLE", "kind": "KIND", "last_seen": "LAST SEEN (UTC)", "ip": "ADDRESS", "program": "PROGRAM"}
    show(fields, shown, as_json)


@commands.command()
@click.argument("name", required=False)
@click.argument("handle", required=False)
@click.option("--everybody", is_flag=True, help="All sessions and tokens of all people, as after restoring a backup.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@refusing
def end(name: str | None, handle: str | None, everybody: bool, yes: bool) -> None:
    """End one session of a person, or all of them, or everybody's. A person's API tokens stay, everybody's end."""
    if (name is None) is not everybody:
        raise click.ClickException("Name a person, or give --everybody.")
    if name is None:
        if not yes:
            click.confirm("Sign everybody out, on all devices and in all programs?", abort=True)
        _end_everybodys()
        return
    user = person(name)
    if handle is None:
        ended = sign_out.end_all(services, user.id, tokens=False)
    else:
        ended = sum(
            sign_out.end(services, row) for row in services.sessions.of(user.id) if secrets.handle(row.id) == handle
        )
        if not ended:
            raise click.ClickException(f"{name} has no session {handle}.")
    click.echo(f"{ended} session{'' if ended == 1 else 's'} ended.")


@commands.command("sweep")
@refusing
def sweep_now() -> None:
    """Remove sessions and limits that have run out; signing in does that too, little by little."""
    sweep.sweep(services.store)
    if state().on("activity"):
        sweep.sweep_activity(services.store, state().get(ActivitySettings).activity_for)
    click.echo("What had run out is removed.")


def _end_everybodys() -> None:
    # At once for who is signed in with a session; then for whatever else hangs on the uniquifier.
    ended = services.store.remove(Kind.SESSION, {})
    people = 0
    query = PeopleQuery(sort="id", descending=False, limit=_PAGE)
    with progress("Voiding tokens", services.store.count(Kind.USER, {}, cap=_MOST)) as step:
        while True:
            page = services.store.people(query, now(), state().confirmation)
            for user in page.users:
                services.accounts.set_uniquifier(user)
            people += len(page.users)
            step(len(page.users))
            if not page.more_after:
                break
            query = replace(query, after=(page.users[-1].id, page.users[-1].id))
    click.echo(f"{ended} session{'' if ended == 1 else 's'} ended; the tokens of {people} people are void.")
