"""The dashboard's command line: `python manage.py db …` and `images …`."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from flask_identity import ConfigurationError, IdentityRefusal

from . import config

if TYPE_CHECKING:
    from flask import Flask

_MIGRATE_FIRST = "The tables are missing or older than this version needs: run `{} db migrate` first."
_NEEDS_HTTPS = "People can sign in over HTTPS only: put a proxy in front and set IDENTITY_BASE_URL to its address."


@click.group()
def cli() -> None:
    """Manage the dashboard."""
    logging.basicConfig(format="%(levelname)s %(name)s: %(message)s")


@cli.command()
@click.option("--people", default=300, show_default=True, type=click.IntRange(1, 100_000), help="How many to make.")
@click.option("--more", is_flag=True, help="Add to the people who are there, without asking.")
def demo(people: int, more: bool) -> None:
    """Fill in invented people to look at, and an administrator to look at them with."""
    with _one_sentence(), _app():
        from . import demo as filling

        _check_tables()
        filling.fill(people, more)


@cli.group()
def db() -> None:
    """Tables, administrators, and the server."""


@db.command()
def migrate() -> None:
    """Bring the database to what this version needs. Safe again and again."""
    with _one_sentence(), _app() as app:
        from . import schema
        from .models import db as database

        before, after = schema.migrate(database.engine)
        place = app.config["SQLALCHEMY_ENGINES"]["default"]["url"].get_backend_name()
        done = "is up to date" if before == after else "was migrated"
        click.echo(f"The {place} database {done}: revision {after}.")


@db.command()
@click.option("--message", default="what the models have", help="What the migration is called.")
def init(message: str) -> None:
    """Write a migration for what was changed in the models. Says so where there is nothing to do."""
    with _one_sentence(), _app():
        from . import schema
        from .models import db as database

        try:
            written = schema.init(database.engine, schema.own_folder(), message)
        except schema.Behind:
            raise click.ClickException(_MIGRATE_FIRST.format(_program())) from None
        if written is None:
            click.echo("There is nothing to do: the migrations make the tables that the models describe.")
        else:
            place = written.relative_to(Path.cwd()) if written.is_relative_to(Path.cwd()) else written
            click.echo(f"{place} is written. Read it, then apply it:\n    {_program()} db migrate")


@db.command("create_admin")
@click.option("--email", help="Address to sign in with; asked for where it is not given.")
def create_admin(email: str | None) -> None:
    """Make an administrator.

    The password is asked for. Without a terminal it is what IDENTITY_ADMIN_PASSWORD holds, or the first line of the
    standard input.
    """
    with _one_sentence(), _app():
        from . import administrators

        _check_tables()
        if email is None and not sys.stdin.isatty():
            raise click.ClickException("Give --email where there is no terminal to ask at.")
        email = click.prompt("Email") if email is None else email
        user = administrators.create(email, administrators.password(os.environ))
        click.echo(f"{user.email} is an administrator and can sign in now.")


@db.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=5000, show_default=True, type=click.IntRange(0, 65535), help="0 picks a free one.")
def runserver(host: str, port: int) -> None:
    """Start the dashboard. SIGTERM stops it once the requests under way have been answered."""
    with _one_sentence():
        from . import picture_commands, serving

        listener = serving.listen(host, port)
        with listener:
            url = serving.url_of(host, listener)
            base_url = url if serving.is_loopback(host) else None
            with picture_commands.with_pictures(os.environ) as environ, _app(environ, base_url=base_url) as app:
                if not app.config.get("IDENTITY_BASE_URL"):
                    click.echo(_NEEDS_HTTPS, err=True)
                hint = _first_steps() + _where_letters_go(app)
                serving.serve(app, listener, ready=lambda: click.echo(f"Listening on {url}{hint}"))


@cli.group()
def images() -> None:
    """Pictures of people."""


@images.command()
@click.option("--dry-run", is_flag=True, help="Say how many there are and remove none.")
@click.option("--grace", default=3600, show_default=True, type=click.IntRange(60), help="Seconds a file is left alone.")
def sweep(dry_run: bool, grace: int) -> None:
    """Remove pictures that no profile points at."""
    with _one_sentence():
        from . import picture_commands

        with _app(picture_commands.beside_the_server(os.environ)) as app:
            _check_tables()
            picture_commands.sweep(app, dry_run, grace)


def main() -> None:
    """Run the command line."""
    cli(prog_name=f"python {Path(sys.argv[0]).name}")


def _first_steps() -> str:
    """Return what a person who has just started the dashboard should know, or nothing."""
    from . import administrators, schema

    try:
        _check_tables()
        if administrators.there_are_any():
            return ""
    except (schema.DatabaseAway, IdentityRefusal) as away:
        click.echo(f"{away} Pages answer 503 until it can.", err=True)
        return ""
    return f"\nThere is no administrator yet. This makes one:\n    {_program()} db create_admin"


def _where_letters_go(app: Flask) -> str:
    printed = app.config.get("IDENTITY_MAIL_URL") == config.CONSOLE
    return "\nLetters are printed here; IDENTITY_MAIL_URL names a mail server." if printed else ""


def _check_tables() -> None:
    from . import schema
    from .models import db as database

    if schema.lags(database.engine):
        raise click.ClickException(_MIGRATE_FIRST.format(_program()))


def _program() -> str:
    """Return how this program was started, as one would type it here."""
    here, python = Path.cwd(), Path(sys.executable)
    short = python.relative_to(here) if python.is_relative_to(here) else Path("python")
    return f"{short} {sys.argv[0]}"


@contextmanager
def _app(given: Mapping[str, str] | None = None, *, base_url: str | None = None) -> Iterator[Flask]:
    """Make the application and enter its context; give its connections back at the end.

    Args:
        given: The environment, where it is not that of the process.
        base_url: Where people reach it, unless the environment says.
    """
    from . import create_app
    from .models import db as database

    environ = dict(os.environ if given is None else given)
    if base_url is not None and not environ.get("IDENTITY_BASE_URL"):
        # On loopback the sign-in cookie then needs no HTTPS, without which nobody could try the dashboard out.
        environ["IDENTITY_BASE_URL"] = base_url
    app = create_app(environ)
    with app.app_context():
        try:
            yield app
        finally:
            database.session.close()
            database.engine.dispose()


@contextmanager
def _one_sentence() -> Iterator[None]:
    """Turn what people can mend into one sentence and exit code 1; anything else stays an error of ours."""
    from . import leftovers, schema, serving

    try:
        yield
    except (ConfigurationError, leftovers.HalfDone, schema.DatabaseAway, serving.PortTaken) as fault:
        raise click.ClickException(str(fault)) from None
    except IdentityRefusal as refusal:
        advice = [message for messages in refusal.field_errors.values() for message in messages]
        raise click.ClickException(" ".join(advice) or refusal.message) from None
