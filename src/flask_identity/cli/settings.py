"""`flask identity settings`."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext

from .. import catalog
from .terminal import as_json, show


@click.command("settings")
@as_json
@with_appcontext
def settings(as_json: bool) -> None:
    """Show every setting with its value; secrets stay hidden."""
    rows = []
    for _, items in catalog.settings():
        for item in items:
            value = current_app.config.get(item.key, item.default)
            rows.append(
                (
                    item.key,
                    "(hidden)" if item.secret and value else value,
                    "set" if item.key in current_app.config else "",
                )
            )
    show({"key": "KEY", "value": "VALUE", "given": ""}, rows, as_json)
