"""What must hold of a database whatever has happened to it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from flask_identity.core import names
from flask_identity.core.lockout import Lockout
from tests.races.site import Role, Site, User


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


def _addresses_are_canonical_and_unique(users: list[Any]) -> None:
    found = [user.email for user in users]
    assert found == [names.email(address) for address in found]
    assert len(set(found)) == len(found)


def _nothing_is_left_of_nobody(session: Session) -> None:
    for table in ("identity_session", "identity_profile", "user_role"):
        rows = User.metadata.tables[table]
        found = select(func.count()).select_from(rows).where(rows.c.user_id.not_in(select(User.id)))
        assert session.scalar(found) == 0, table


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
