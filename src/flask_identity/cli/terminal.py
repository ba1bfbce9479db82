"""What all commands share: finding people, asking for passwords, showing rows, and refusals in one sentence."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar, cast

import click

from ..base.errors import IdentityRefusal
from ..base.ports import Row
from ..core import strength
from ..web.current import services

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
    rules = services.password_rules
    about = (*about, rules.product_name)
    strength.judge(given, about=about, minimum=rules.password_min_length, score=rules.password_min_score)
    return given


def table(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Print rows under headings, in columns."""
    lines = [tuple(headings), *(tuple("-" if cell is None else str(cell) for cell in row) for row in rows)]
    widths = [max(len(line[index]) for line in lines) for index in range(len(headings))]
    for line in lines:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())
