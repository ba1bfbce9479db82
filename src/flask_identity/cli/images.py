"""`flask identity images`."""

from __future__ import annotations

import sys

import click
from flask.cli import AppGroup

from ..features.profile.sweeping import GRACE, sweep_pictures
from .terminal import refusing

commands: AppGroup = AppGroup("images", help="Pictures of people.")


@commands.command()
@click.option("--dry-run", is_flag=True, help="Say how many there are and remove none.")
@click.option(
    "--grace", default=GRACE, show_default=True, type=click.IntRange(60), help="Seconds a file is left alone."
)
@refusing
def sweep(dry_run: bool, grace: int) -> None:
    """Remove pictures that no profile points at."""
    with click.progressbar(length=0, label="Sweeping", file=sys.stderr) as bar:

        def progress(done: int, of: int) -> None:
            bar.length = of
            bar.update(done - bar.pos)

        swept = sweep_pictures(dry_run=dry_run, grace=grace, progress=progress)
    verb = "would be" if dry_run else "were"
    click.echo(f"{swept.files} files; {swept.orphans} that nobody points at {verb} removed.")
