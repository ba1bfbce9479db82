"""`flask identity doctor`: what is wrong with this application, and what to do about it."""

from __future__ import annotations

import json
from collections.abc import Iterator

import click
from flask.cli import with_appcontext

from ...base.errors import Unavailable
from ...base.ports import Surveyed
from ...core.passwords import Peppers
from ...core.services import PasswordSettings
from ...web.current import State, state
from . import configuration, database, mail, people
from .findings import FAIL, Finding, fail

__all__ = ["doctor"]

_COLOURS = {"ok": "green", "warn": "yellow", "fail": "red"}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@with_appcontext
def doctor(as_json: bool) -> None:
    """Check configuration, tables and rows. Ends with exit status 1 where something fails."""
    found = list(_examined(state()))
    if as_json:
        click.echo(json.dumps([vars(each) for each in found], ensure_ascii=False))
    else:
        width = max(len(each.subject) for each in found)
        for each in found:
            level = click.style(f"{each.level:4}", fg=_COLOURS[each.level])
            click.echo(f"{level}  {each.subject:{width}}  {each.says}")
    if any(each.level == FAIL for each in found):
        raise click.exceptions.Exit(1)


def _examined(here: State) -> Iterator[Finding]:
    yield from configuration.checks(here)
    yield from mail.checks(here.postman)
    store = here.services.store
    if not isinstance(store, Surveyed):
        return
    try:
        found = store.survey(_newest(here.get(PasswordSettings)))
        yield from database.checks(found)
        if database.tables_are_there(found):
            yield from people.checks(store, found)
            yield from mail.left(store)
    except Unavailable:
        yield fail("database", "It cannot be reached: check its address, and that it runs.")


def _newest(settings: PasswordSettings) -> str:
    """Return how a password record begins that is made now."""
    key = Peppers.parse(settings.password_pepper).newest
    costs = f"m={settings.argon2_memory},t={settings.argon2_time},p={settings.argon2_parallelism}"
    return f"{f'{{k={key}}}' if key else ''}$argon2id$v=19${costs}$"
