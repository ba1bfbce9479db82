"""`flask identity mail`."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from ..base.clock import from_epoch
from ..core.outbox import NEVER
from ..web.current import services, state
from .terminal import as_json, refusing, show

_MOST = 1000

commands: AppGroup = AppGroup("mail", help="Look at the letters that are not delivered, send or drop them.")


@commands.command("list")
@as_json
@refusing
def list_letters(as_json: bool) -> None:
    """List the letters that are not delivered, the next one due first."""
    rows = services.outbox.waiting(_MOST)
    shown = (
        (
            *(row.id, row.kind, row.recipient, f"{from_epoch(row.created_at):%Y-%m-%d %H:%M}", row.tries),
            "given up" if row.due_at == NEVER else f"{from_epoch(row.due_at):%Y-%m-%d %H:%M:%S}",
            row.fault,
        )
        for row in rows
    )
    fields = {"id": "ID", "kind": "KIND", "to": "TO", "written": "WRITTEN (UTC)", "tries": "TRIES", "due": "DUE (UTC)"}
    show(fields | {"fault": "FAULT"}, shown, as_json)


@commands.command()
@refusing
def send() -> None:
    """Send what is due, and what failed before, here and now. What was given up is tried again, too."""
    postman = state().postman
    if postman is None:
        raise click.ClickException("No letters are sent here: set IDENTITY_MAIL_URL and IDENTITY_BASE_URL.")
    services.outbox.try_again()
    sent, failed = postman.deliver()
    click.echo(f"{sent} sent, {failed} not.")
    if failed:
        raise click.ClickException("The column FAULT of `flask identity mail list` says why.")


@commands.command()
@click.argument("letter", required=False)
@click.option("--failed", is_flag=True, help="All that failed at least once.")
@refusing
def drop(letter: str | None, failed: bool) -> None:
    """Remove a letter that will not be sent then."""
    if (letter is None) is not failed:
        raise click.ClickException("Name a letter, or give --failed.")
    dropped = services.outbox.drop(letter)
    if letter is not None and not dropped:
        raise click.ClickException(f"There is no letter {letter}.")
    click.echo(f"{dropped} letter{'' if dropped == 1 else 's'} dropped.")
