"""`flask identity users import`: people, roles and password records from the database of another application."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import click
from flask.cli import with_appcontext

from ..base.errors import AlreadyThere, IdentityRefusal
from ..base.ports import Kind
from ..core import names
from ..core.legacy import FLASK_SECURITY
from ..web.current import services
from .layouts import LAYOUTS, Layout

_BATCH = 500
_NOT_KEYED = ("pbkdf2_sha", "argon2$argon2")  # Django's own, which Flask-Security makes from the password itself
_RANKS = {"user": 1, "admin": 100}


class CannotRead(Exception):
    """The other database cannot be read; the message says why, without its password."""


@dataclass
class Outcome:
    """What became of the people of the other application."""

    created: int = 0
    there: int = 0
    without_password: list[str] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    """Who could not come over, and why."""


@click.command("import")
@with_appcontext
@click.argument("database_url")
@click.option("--from", "layout", type=click.Choice(sorted(LAYOUTS)), required=True, help="What they come from.")
@click.option("--users", help="Name of the users' table, where it is not the usual one.")
@click.option("--roles", help="Name of the roles' table, likewise.")
@click.option("--pairs", help="Name of the table that pairs them, likewise.")
@click.option("--dry-run", is_flag=True, help="Read and judge everything, write nothing.")
def import_users(
    database_url: str, layout: str, users: str | None, roles: str | None, pairs: str | None, dry_run: bool
) -> None:
    """Bring people over from another application's database.

    DATABASE_URL is SQLAlchemy's, such as sqlite:////srv/old.sqlite3. Nothing is changed there. Who is here already,
    by address, is left alone, so it can be run again. Password records come over as they are and work at once.
    """
    usual = LAYOUTS[layout]
    wanted = replace(usual, users=users or usual.users, roles=roles or usual.roles, pairs=pairs or usual.pairs)
    try:
        outcome = _bring(_Source(database_url, wanted), dry_run)
    except CannotRead as fault:
        raise click.ClickException(str(fault)) from None
    for name in outcome.without_password:
        click.echo(f"{name} comes without a password: the record has no format that is known here.", err=True)
    for name, why in outcome.refused:
        click.echo(f"{name} does not come over: {why}", err=True)
    verb = "would come over" if dry_run else "came over"
    click.echo(f"{outcome.created} {verb}, {outcome.there} were here already, {len(outcome.refused)} were refused.")
    if outcome.refused:
        sys.exit(1)


class _Source:
    """The other application's tables, read with SQLAlchemy whatever this application runs on."""

    def __init__(self, url: str, layout: Layout) -> None:
        try:
            import sqlalchemy
        except ImportError:
            raise CannotRead("Reading another database needs SQLAlchemy: pip install sqlalchemy.") from None
        self._sql = sqlalchemy
        self._layout = layout
        self.keyed = layout.keyed
        try:
            self._engine = sqlalchemy.create_engine(url, hide_parameters=True)
            self._users = self._table(layout.users)
            self._roles = self._table(layout.roles) if layout.roles else None
            self._pairs = self._table(layout.pairs) if layout.pairs else None
        except sqlalchemy.exc.NoSuchTableError as missing:
            raise CannotRead(f"There is no table {missing} there: name it with --users, --roles or --pairs.") from None
        except (sqlalchemy.exc.SQLAlchemyError, ImportError) as error:
            reason = str(getattr(error, "orig", None) or type(error).__name__).splitlines()[0]
            raise CannotRead(f"The other database cannot be read: {reason}.") from None
        if "email" not in self._present():
            raise CannotRead(f"The table {layout.users} has no column email, by which people are known here.")

    def count(self) -> int:
        """Return how many people there are."""
        with self._engine.connect() as connection:
            return int(
                connection.execute(self._sql.select(self._sql.func.count()).select_from(self._users)).scalar_one()
            )

    def roles(self) -> Iterator[tuple[str, str, tuple[str, ...]]]:
        """Yield name, description and permissions of every role."""
        if self._roles is None:
            return
        with self._engine.connect() as connection:
            for row in connection.execute(self._sql.select(self._roles)).mappings():
                granted = (row.get("permissions") or "").split(",")
                yield row["name"], row.get("description") or "", tuple(each for each in granted if each)

    def people(self) -> Iterator[tuple[dict[str, Any], list[str]]]:
        """Yield each person's values by our columns, and the names of the roles held."""
        present = self._present()
        key = next(iter(self._users.primary_key.columns))
        with self._engine.connect() as connection:
            rows = connection.execute(self._sql.select(self._users).order_by(key))
            for batch in rows.mappings().partitions(_BATCH):
                held = self._held([row[key.name] for row in batch])
                for row in batch:
                    yield {ours: row[theirs] for ours, theirs in present.items()}, held.get(row[key.name], [])

    def close(self) -> None:
        """Give the connections back."""
        self._engine.dispose()

    def _table(self, name: str) -> Any:
        return self._sql.Table(name, self._sql.MetaData(), autoload_with=self._engine)

    def _present(self) -> dict[str, str]:
        columns = self._users.columns
        spelled = self._layout.columns.items()
        found = {ours: next((each for each in likely if each in columns), "") for ours, likely in spelled}
        return {ours: theirs for ours, theirs in found.items() if theirs}

    def _held(self, ids: list[Any]) -> dict[Any, list[str]]:
        if self._roles is None or self._pairs is None:
            return {}
        pairs, roles = self._pairs.c, self._roles.c
        wanted = self._sql.select(pairs.user_id, roles.name).join_from(
            self._pairs, self._roles, pairs.role_id == roles.id
        )
        found: dict[Any, list[str]] = {}
        with self._engine.connect() as connection:
            for user_id, name in connection.execute(wanted.where(pairs.user_id.in_(ids))):
                found.setdefault(user_id, []).append(name)
        return found


def _bring(source: _Source, dry_run: bool) -> Outcome:
    outcome = Outcome()
    try:
        known = _roles_over(source, outcome, dry_run)
        shown = click.progressbar(
            source.people(), length=source.count(), label="People", file=sys.stderr, hidden=not sys.stderr.isatty()
        )
        with shown as people:
            for values, roles in people:
                _person_over(values, [role for role in roles if role in known], source.keyed, outcome, dry_run)
    finally:
        source.close()
    return outcome


def _roles_over(source: _Source, outcome: Outcome, dry_run: bool) -> set[str]:
    """Make the roles that are missing; return the names of those that can be given."""
    known = set()
    for name, description, permissions in source.roles():
        try:
            if services.accounts.find_role(names.role(name)) is None and not dry_run:
                services.accounts.create_role(name, description, permissions, rank=_RANKS.get(name, 0))
            known.add(name)
        except AlreadyThere:
            known.add(name)
        except IdentityRefusal as refusal:
            outcome.refused.append((f"The role {name}", _why(refusal)))
    return known


def _person_over(values: Mapping[str, Any], roles: list[str], keyed: bool, outcome: Outcome, dry_run: bool) -> None:
    address = str(values["email"])
    try:
        if services.accounts.find_user(email=address) is not None:
            outcome.there += 1
            return
        record = _record(values.get("password"), keyed)
        if record is not None and not services.passwords.knows(record):
            outcome.without_password.append(address)
            record = None
        if not dry_run:
            active = bool(values.get("active", True))
            services.accounts.create_user(address, roles=roles, active=active, password_hash=record, **_fields(values))
        outcome.created += 1
    except IdentityRefusal as refusal:
        outcome.refused.append((address, _why(refusal)))


def _fields(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what else an account here can hold; a NULL takes our default."""
    others = {name: value for name, value in values.items() if name not in ("email", "password", "active")}
    return {
        name: _in_utc(value)
        for name, value in others.items()
        if value is not None and services.store.has(Kind.USER, name)
    }


def _record(record: Any, keyed: bool) -> str | None:
    if not isinstance(record, str) or not record:
        return None
    return FLASK_SECURITY + record if keyed and not record.startswith(_NOT_KEYED) else record


def _in_utc(value: Any) -> Any:
    """Give a time its zone: what these libraries store without one is UTC."""
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) and value.tzinfo is None else value


def _why(refusal: IdentityRefusal) -> str:
    details = [message for messages in refusal.field_errors.values() for message in messages]
    return " ".join(details) or refusal.message
