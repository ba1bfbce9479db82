"""What all commands share: finding people, asking for passwords, showing rows, and refusals in one sentence."""

from __future__ import annotations

import functools
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar, cast

import click

from ..base.errors import IdentityRefusal
from ..base.ports import Row
from ..core.retry import retried
from ..web.current import services

T = TypeVar("T")
C = TypeVar("C", bound=Callable[..., Any])


def refusing(command: C) -> C:
    """Let a command end with exit status 1 and one sentence where the library refuses."""

    @functools.wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except IdentityRefusal as refusal:
            details = [message for messages in refusal.field_errors.values() for message in messages]
            raise click.ClickException(" ".join(details) or refusal.message) from None

    return cast(C, run)


def person(name: str) -> Row:
    """Return the user of an address or username; end with a sentence where there is none."""
    found = services.sign_in.find(name)
    if found is None:
        raise click.ClickException(f"There is nobody called {name}.")
    return found


def new_password(about: Sequence[str | None]) -> str:
    """Ask for a new password twice, or read it from standard input where that is no terminal; judge it.

    Raises:
        WeakPassword: with what to do.
    """
    if sys.stdin.isatty():
        given = str(click.prompt("Password", hide_input=True, confirmation_prompt=True))
    else:
        given = sys.stdin.readline().rstrip("\r\n")
    services.judge_password(given, about)
    return given


as_json: Callable[[C], C] = click.option("--json", "as_json", is_flag=True, help="For programs.")


def show(fields: Mapping[str, str], rows: Iterable[Sequence[Any]], as_json: bool) -> None:
    """Print rows in columns, or as JSON.

    Args:
        fields: The heading of each column by its name in JSON.
        rows: Values in that order.
        as_json: Whether a program reads it: one list of objects.
    """
    if as_json:
        click.echo(json.dumps([dict(zip(fields, row, strict=True)) for row in rows], ensure_ascii=False, default=str))
    else:
        table(tuple(fields.values()), rows)


def in_one(act: Callable[[], T]) -> T:
    """Do something in one unit of work, once more where a deadlock ended it."""

    def once() -> T:
        with services.store.unit():
            return act()

    return retried(services.store, once)


@contextmanager
def progress(label: str, length: int) -> Iterator[Callable[[int], object]]:
    """Show on a terminal how much of `length` is done; yields what is called with the number just done."""
    if not sys.stdout.isatty():
        yield lambda _: None
        return
    with click.progressbar(length=length, label=label) as bar:
        yield bar.update


def table(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Print rows under headings, in columns."""
    lines = [tuple(headings), *(tuple("-" if cell is None else str(cell) for cell in row) for row in rows)]
    widths = [max(len(line[index]) for line in lines) for index in range(len(headings))]
    for line in lines:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())
