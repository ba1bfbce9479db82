"""Put invented people into the database, through the library, whichever ORM it runs on."""

from __future__ import annotations

import hashlib
import itertools
import random
import secrets
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import click
from sqlalchemy import delete, func, insert, select

from flask_identity import hash_password

from ..app import identity
from ..models import Model, User, db
from .past import Known, burst, past
from .people import DOMAIN, Invented, invented

ADMIN = f"admin@{DOMAIN}"
_AT_ONCE = 100  # people for each transaction
_ROLES = {"editor": ("Writes and changes texts", 30), "auditor": ("May look, not touch", 20), "support": ("Helps", 25)}
_LASTS = 43_200  # seconds of a session
_REMEMBERED = 2000  # people of whom more is told than that they are there


def fill(count: int, more: bool) -> None:
    """Make people and, the first time, an administrator, and say so.

    Args:
        count: How many people.
        more: Whether to add to those who are there without asking.

    Raises:
        ClickException: where people are there and nobody can be asked.
        Abort: where the answer is no.
    """
    real, before = _there(invented=False), _there(invented=True)
    if not more and not _wanted(real, before, count):
        return
    began = time.monotonic()
    password = _administrator() if not _there(invented=True, email=ADMIN) else None
    _roles()
    record = hash_password(secrets.token_urlsafe(24))  # nobody's password, so one record does for all
    # The first are always the same; those added later must not come twice.
    seed = secrets.randbelow(1_000_000) + 1 if before else 0
    now, draw = datetime.now(UTC), random.Random(seed)  # noqa: S311 - decides nothing that is secret
    people = invented(count, now, seed)
    if not before:
        _happened(list(burst(now, draw)))
    done = 0
    with _progress(count) as step:
        while batch := list(itertools.islice(people, _AT_ONCE)):
            made = _add(batch, record)
            _remember(made[: max(0, _REMEMBERED - done)], now, draw)
            done += len(made)
            step(len(batch))
    click.echo(f"{count} invented people were added in {time.monotonic() - began:.1f} s. Nobody can sign in as them.")
    if password is not None:
        click.echo(f"To look at them, sign in with this; it is shown only now:\n    {ADMIN}\n    {password}")
    else:
        click.echo(f"{ADMIN} is there already and was not changed.")


def _wanted(real: int, before: int, count: int) -> bool:
    if real:
        people = f"There {'is 1 person' if real == 1 else f'are {real} people'} here already"
        if not sys.stdin.isatty():
            raise click.ClickException(f"{people}: give --more to add {count} invented ones to them.")
        click.confirm(f"{people}. Add {count} invented ones?", abort=True)
    elif before:
        click.echo(f"There are {before} invented people already; --more adds others.")
        return False
    return True


def _there(*, invented: bool, email: str | None = None) -> int:
    theirs = User.email.endswith(f"@{DOMAIN}", autoescape=True)
    statement = select(func.count()).select_from(User).where(theirs if invented else ~theirs)
    if email is not None:
        statement = statement.where(User.email == email)
    with db.engine.connect() as connection:
        return int(connection.execute(statement).scalar_one())


def _administrator() -> str:
    password = secrets.token_urlsafe(15)
    identity.datastore.create_user(
        ADMIN, password, roles=["admin"], confirmed_at=datetime.now(UTC), profile={"full_name": "Demo Administrator"}
    )
    return password


def _roles() -> None:
    for name, (description, rank) in _ROLES.items():
        if identity.datastore.find_role(name) is None:
            identity.datastore.create_role(name, description, [f"{name}.use"], rank)


def _add(batch: list[Invented], record: str) -> list[Known]:
    sessions: list[dict[str, Any]] = []
    made: list[Known] = []
    with identity.datastore.unit():
        for person in batch:
            roles = [person.role] if person.role else []
            user = identity.datastore.create_user(
                person.email, password_hash=record, roles=roles, profile=person.profile, **person.account
            )
            sessions += [_session(user, *each) for each in person.sessions]
            last, ip = (person.account.get(name) for name in ("current_login_at", "current_login_ip"))
            made.append(Known(str(user.id), person.account["created_at"], last, ip or "192.0.2.1"))
    if sessions:
        with db.engine.begin() as connection:
            connection.execute(insert(Model.metadata.tables["identity_session"]), sessions)
    db.session.expunge_all()  # or a hundred thousand people would be kept in memory
    return made


def _remember(people: list[Known], now: datetime, draw: random.Random) -> None:
    """Tell what happened to people, in place of that they have all just been made."""
    activity = Model.metadata.tables["identity_activity"]
    with db.engine.begin() as connection:
        connection.execute(delete(activity).where(activity.c.target.in_([each.id for each in people])))
    _happened([row for each in people for row in past(each, now, draw)])


def _happened(rows: list[dict[str, Any]]) -> None:
    if rows:
        with db.engine.begin() as connection:
            connection.execute(insert(Model.metadata.tables["identity_activity"]), rows)


def _session(user: Any, since: int, address: str, agent: str) -> dict[str, Any]:
    now = int(time.time())
    begun = now - since - 3600
    return {
        "id": secrets.token_urlsafe(12),
        "digest": hashlib.sha256(secrets.token_bytes(32)).hexdigest(),
        "user_id": user.id,
        "kind": "cookie",
        "remember": False,
        "uniquifier": user.uniquifier,
        "created_at": begun,
        "last_seen_at": now - since,
        "proved_at": begun,
        "expires_at": begun + _LASTS,
        "ip": address,
        "agent": agent,
    }


@contextmanager
def _progress(count: int) -> Iterator[Any]:
    if not sys.stdout.isatty():
        yield lambda _: None
        return
    with click.progressbar(length=count, label="Inventing people") as bar:
        yield bar.update
