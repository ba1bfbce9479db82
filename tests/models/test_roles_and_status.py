"""What a user row says of itself: status in Python and in SQL, the role of highest rank, and lists by both."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import DeclarativeBase

from flask_identity import IdentityRefusal
from flask_identity.models.sqlalchemy import RoleMixin, UserMixin
from tests.models.sites import PASSWORD, Site

AGO = datetime(2026, 1, 1, tzinfo=UTC)
AHEAD = datetime.now(UTC) + timedelta(days=1)


def pair() -> tuple[Any, Any]:
    class Model(DeclarativeBase): ...

    return type("User", (UserMixin, Model), {}), type("Role", (RoleMixin, Model), {})


@pytest.fixture
def site(site_of, database_url) -> Site:
    made: Site = site_of(*pair(), url=database_url)
    return made


STATES: dict[str, dict[str, Any]] = {
    "plain": {},
    "suspended": {"active": False},
    "of-nobody": {"active": None},
    "locked": {"locked_until": AHEAD},
    "lock-over": {"locked_until": AGO},
    "suspended-and-locked": {"active": False, "locked_until": AHEAD},
    "confirmed": {"confirmed_at": AGO},
}
EXPECTED = {
    "plain": "active",
    "suspended": "suspended",
    "of-nobody": "suspended",
    "locked": "locked",
    "lock-over": "active",
    "suspended-and-locked": "suspended",
    "confirmed": "active",
}


def populate(site: Site) -> None:
    with site.datastore.unit():
        for name, fields in STATES.items():
            user = site.datastore.create_user(f"{name}@example.com")
            for column, value in fields.items():
                setattr(user, column, value)


def test_status_is_the_same_in_python_as_an_sql_expression_and_as_a_filter(site):
    with site.app.app_context():
        populate(site)
        users = site.datastore.users()
        cls = type(users[0])
        in_python = {user.email.partition("@")[0]: user.status for user in users}
        rows = site.session().execute(select(cls.email, cls.status)).all()
        in_sql = {email.partition("@")[0]: status for email, status in rows}
        assert in_python == in_sql == EXPECTED
        for status in ("active", "suspended", "locked", "pending"):
            wanted = {name for name, is_ in EXPECTED.items() if is_ == status}
            by_store = {user.email.partition("@")[0] for user in site.datastore.users(status=status)}
            by_query = site.session().scalars(select(cls).where(cls.status == status)).all()
            assert by_store == {user.email.partition("@")[0] for user in by_query} == wanted


def test_outside_an_application_nobody_is_pending(site):
    """The rule about confirmation is the application's."""
    user, _ = pair()
    assert user(email="a@example.com", active=True).status == "active"
    assert "confirmed_at" not in str(select(user.status))


def test_the_role_is_the_one_of_highest_rank_and_setting_it_replaces_all(site):
    with site.app.app_context():
        site.datastore.create_role("editor", rank=50)
        site.datastore.create_role("auditor", rank=50)
        ada = site.datastore.create_user("ada@example.com", PASSWORD, roles=["editor", "auditor"])
        assert ada.role == "auditor"
        ada.role = "editor"
        site.session().commit()
        ada = site.datastore.find_user(email="ada@example.com")
        assert (ada.role, [role.name for role in ada.roles]) == ("editor", ["editor"])
        assert [role.name for role in site.datastore.find_user(id=ada.id).roles] == ["editor"]


def test_setting_a_role_needs_a_row_in_a_session_and_a_role_that_exists(site):
    with site.app.app_context():
        ada = site.datastore.create_user("ada@example.com", PASSWORD)
        with pytest.raises(IdentityRefusal) as refused:
            ada.role = "captain"
        assert refused.value.code == "unknown_role"
        assert ada.role == "user"
        assert site.datastore.find_role("admin") is None
        ada.role = "admin"  # made on first need
        site.session().commit()
        assert (ada.role, site.datastore.find_role("admin").rank) == ("admin", 100)
        with pytest.raises(TypeError, match="session"):
            type(ada)(email="bob@example.com").role = "user"


def test_a_new_account_holds_user_and_the_two_roles_of_the_library_are_made_on_first_need(site):
    with site.app.app_context():
        assert site.datastore.find_role("user") is None
        ada = site.datastore.create_user("ada@example.com", PASSWORD)
        assert ([role.name for role in ada.roles], site.datastore.find_role("admin")) == (["user"], None)
        assert site.datastore.add_role_to_user(ada, "admin") is True
        assert site.datastore.add_role_to_user(ada, "admin") is False
        ranks = {name: site.datastore.find_role(name).rank for name in ("user", "admin")}
        assert (ada.role, ranks) == ("admin", {"user": 1, "admin": 100})
        assert site.datastore.remove_role_from_user(ada, "admin") is True
        assert site.datastore.remove_role_from_user(ada, site.datastore.find_role("admin")) is False
        assert ada.role == "user"


def test_permissions_are_kept_as_a_json_list_and_read_as_a_frozenset(site):
    with site.app.app_context():
        site.datastore.create_role("editor", permissions=["page.write", "page.read", "page.read"])
        role = site.datastore.find_role("editor")
        assert role.permissions == frozenset({"page.read", "page.write"})
        table = type(role).__table__
        kept = site.session().connection().exec_driver_sql(f"SELECT permissions FROM {table.name}").scalar_one()
        assert kept == '["page.read","page.write"]'


def test_people_are_listed_by_status_role_and_literal_prefix(site):
    with site.app.app_context():
        site.datastore.create_role("editor")
        site.datastore.create_role("reader")
        add = site.datastore.create_user
        add("al_ice@example.com", roles=["editor"])
        add("al%ine@example.com", roles=["editor", "reader"])
        add("alxice@example.com", roles=["editor"], active=False)
        add("bob@example.com", roles=["reader"])

        def found(**asked: Any) -> list[str]:
            return sorted(user.email.partition("@")[0] for user in site.datastore.users(**asked))

        assert found(role="editor") == ["al%ine", "al_ice", "alxice"]
        assert found(role="reader", prefix="al") == ["al%ine"]
        assert found(prefix="al_") == ["al_ice"]
        assert found(prefix="al%") == ["al%ine"]
        assert found(status="suspended", role="editor") == ["alxice"]
        assert found(status="active", role="editor", prefix="alx") == []
        assert found(role="nobody-has-this") == []
        assert found(prefix="") == ["al%ine", "al_ice", "alxice", "bob"]
