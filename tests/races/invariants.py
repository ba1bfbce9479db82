"""What must hold of a database whatever has happened to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from sqlalchemy import String, false, func, or_, select
from sqlalchemy.orm import Session

from flask_identity.core import names
from flask_identity.core.lockout import Lockout
from tests.races.site import Role, Site, User
from tests.support.tables import open_transactions
from tests.support.waiting import comes_true

PATIENCE = 10


def assert_hold(site: Site, *, suspended_between: bool = False, administrator: bool = True) -> None:
    """Check them all.

    Args:
        site: An application on the database.
        suspended_between: Whether accounts that are active now were suspended while somebody tried them: such tries
            count for the lock, which is alike for everybody, and not as failed sign-ins.
        administrator: Whether one has to be left, where there is the role.
    """
    with Session(site.engine) as session:
        users = list(session.scalars(select(User)))
        _addresses_are_canonical_and_unique(users)
        _nothing_is_left_of_nobody(session)
        _nobody_suspended_is_signed_in(session)
        _counts_agree(session, users, suspended_between)
        if administrator:
            _some_administrator_is_active(session)
        _roles_are_there_once(session)
        _each_secret_opens_one_session(session)
        _every_sign_in_is_counted(site, users)
        _no_password_is_in_the_clear(session)
    assert settled(lambda: open_transactions(site.url)), "a transaction is left open"


def settled(count: Callable[[], int]) -> bool:
    """Say whether a count comes to nothing: a server notices a little later that somebody has gone."""
    return comes_true(lambda: not count(), PATIENCE)


def _addresses_are_canonical_and_unique(users: list[Any]) -> None:
    found = [user.email for user in users]
    assert found == [names.email(address) for address in found]
    assert len(set(found)) == len(found)
    known = [user.username for user in users if user.username is not None]
    assert known == [names.username(name) for name in known]
    assert len(set(known)) == len(known)


def _nothing_is_left_of_nobody(session: Session) -> None:
    owned = [rows for rows in User.metadata.sorted_tables if "user_id" in rows.c]
    names_of = {rows.name for rows in owned}
    assert names_of == {"identity_session", "identity_profile", "identity_one_time", "identity_invitation", "user_role"}
    for rows in owned:
        found = select(func.count()).select_from(rows).where(rows.c.user_id.not_in(select(User.id)))
        assert session.scalar(found) == 0, rows.name


def _nobody_suspended_is_signed_in(session: Session) -> None:
    rows = User.metadata.tables["identity_session"]
    found = select(func.count()).select_from(rows).join(User, User.id == rows.c.user_id)
    assert session.scalar(found.where(User.active.isnot(True))) == 0


def _counts_agree(session: Session, users: list[Any], suspended_between: bool) -> None:
    throttle = User.metadata.tables["identity_throttle"]
    rows = {row.key: row for row in session.execute(select(throttle))}
    assert [row.key for row in rows.values() if row.reserved] == [], "a reservation is left behind"
    for user in users:
        lock = rows.get(Lockout.key(user.id, ""))
        count = lock.count if lock else 0
        if user.active and not suspended_between:
            assert user.failed_logins == count, user.email
        assert user.failed_logins <= count, user.email
        assert (user.locked_until is not None) == bool(lock and lock.locked_until), user.email


def _some_administrator_is_active(session: Session) -> None:
    admin = session.scalars(select(Role).where(Role.name == "admin")).one_or_none()
    if admin is not None:
        holders = select(func.count()).select_from(User).where(User.roles.any(Role.id == admin.id))
        assert session.scalar(holders.where(User.active.is_(True)))


def _roles_are_there_once(session: Session) -> None:
    found = list(session.scalars(select(Role.name)))
    assert len(set(found)) == len(found)


def _each_secret_opens_one_session(session: Session) -> None:
    found = list(session.scalars(select(User.metadata.tables["identity_session"].c.digest)))
    assert len(set(found)) == len(found)


def _every_sign_in_is_counted(site: Site, users: list[Any]) -> None:
    """The application has noted them inside the unit that counted them."""
    noted: Counter[int] = Counter()
    for each in site.attempts():
        # SQLite gives the id of who is gone to the next who comes.
        noted[each.user_id] = 0 if each.outcome == "gone" else noted[each.user_id] + (each.outcome == "right")
    assert {user.id: user.login_count for user in users} == {user.id: noted[user.id] for user in users}


def _no_password_is_in_the_clear(session: Session) -> None:
    """They all have this word in them, and nothing else has."""
    for table in User.metadata.sorted_tables:
        texts = [column for column in table.c if isinstance(column.type, String)]
        found = select(func.count()).select_from(table).where(or_(false(), *(each.contains("horse") for each in texts)))
        assert session.scalar(found) == 0, table.name
