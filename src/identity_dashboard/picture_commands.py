"""`python manage.py images …`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from flask import Flask

from . import config, embedded_ftp


def sweep(app: Flask, dry_run: bool, grace: int) -> None:
    """Remove pictures that no profile points at, in the context of an application: as `flask identity images sweep`."""
    library: Any = app.cli.commands["identity"]
    click.get_current_context().invoke(library.commands["images"].commands["sweep"], dry_run=dry_run, grace=grace)


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
