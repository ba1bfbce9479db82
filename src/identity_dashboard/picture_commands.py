"""`python manage.py images …`."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import click

from flask_identity import sweep_pictures

from . import config, embedded_ftp


def sweep(dry_run: bool, grace: int) -> None:
    """Remove pictures that no profile points at, in the current application; show how far it is."""
    with click.progressbar(length=0, label="Sweeping", file=sys.stderr) as bar:

        def progress(done: int, of: int) -> None:
            bar.length = of
            bar.update(done - bar.pos)

        swept = sweep_pictures(dry_run=dry_run, grace=grace, progress=progress)
    verb = "would be" if dry_run else "were"
    click.echo(f"{swept.files} files; {swept.orphans} that nobody points at {verb} removed.")


def beside_the_server(environ: Mapping[str, str]) -> dict[str, str]:
    """Return an environment in which pictures are where the dashboard's own FTP server keeps them."""
    if environ.get("IDENTITY_IMAGE_URL"):
        return dict(environ)
    instance = config.read(environ).instance
    return {**environ, "IDENTITY_IMAGE_URL": (embedded_ftp.folder(instance) / embedded_ftp.PATH).as_uri()}


@contextmanager
def with_pictures(environ: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Yield an environment with a place for pictures, which is served as long as the block runs."""
    found = config.read(environ)
    if environ.get("IDENTITY_IMAGE_URL") or not found.values["IDENTITY_PROFILE"]:
        yield dict(environ)
        return
    with embedded_ftp.running(Path(found.instance)) as url:
        yield {**environ, "IDENTITY_IMAGE_URL": url}
