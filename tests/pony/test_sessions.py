"""What the store does with Pony's sessions, transactions and what Pony remembers."""

# mypy: disable-error-code="misc,name-defined,union-attr"
# Pony has no types: to a checker its entities are nothing.

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any

import pytest
from pony.orm import Database, Required, Set, core, db_session

from flask_identity import PonyStore
from flask_identity.base.clock import now
from flask_identity.base.errors import Taken
from flask_identity.base.ports import Add, Kind, PeopleQuery
from flask_identity.models.pony import RoleMixin, UserMixin
from tests.contracts.rows import add_person, add_role, give, person, session
from tests.pony.build import bound, entities, make_parts


@pytest.fixture
def parts(database_url: str) -> Iterator[Any]:
    parts = make_parts(database_url)
    yield parts
    parts.store.close()
    parts.db.disconnect()


def elsewhere(parts: Any, sql: str) -> None:
    """Change something on another connection, committed at once."""
    parts.store._resumer.connections.run(sql, ())


def user_table(parts: Any) -> str:
    """The name of the users' table as it stands in a statement."""
    name: str = parts.db.provider.quote_name("user")
    return name


def in_transaction(parts: Any) -> bool:
    """Whether this thread's connection to the database is inside a transaction, asked of the driver."""
    connection = parts.db.provider.pool.con
    if parts.db.provider.dialect == "PostgreSQL":
        return bool(connection.info.transaction_status)
    if parts.db.provider.dialect == "MySQL":
        cursor = connection.cursor()
        cursor.execute("SELECT @@in_transaction")
        return bool(cursor.fetchone()[0])
    return bool(connection.in_transaction)


def test_reading_leaves_no_transaction_behind(parts):
    user_id = add_person(parts.store)
    with db_session:
        for read in (
            lambda: parts.store.first(Kind.USER, {"id": user_id}),
            lambda: parts.store.count(Kind.USER, {}, cap=5),
            lambda: parts.store.people(PeopleQuery(), now(), False),
            lambda: parts.store.resume("none"),
            lambda: parts.store.change(Kind.USER, {"id": user_id}, {"version": Add(1)}),
            lambda: parts.store.first(Kind.USER, {"id": user_id}),
        ):
            read()
            assert not in_transaction(parts)
            assert parts.store.idle()


def test_reading_of_the_application_behind_a_unit_takes_no_transaction_either(parts):
    user_id = add_person(parts.store)
    with db_session:
        parts.store.change(Kind.USER, {"id": user_id}, {"nickname": "A"})
        assert parts.User.get(email="ada@example.com").nickname == "A"
        # On MariaDB Pony always reads in one.
        assert in_transaction(parts) == (parts.db.provider.dialect == "MySQL")


def test_a_store_is_not_idle_while_the_application_has_changes_under_way(parts):
    add_person(parts.store)
    with db_session:
        assert parts.store.idle()
        parts.User.get(email="ada@example.com").nickname = "A"
        assert not parts.store.idle()
        parts.store.first(Kind.USER, {})
        assert not parts.store.idle()
        core.rollback()
        assert parts.store.idle()


def test_a_unit_commits_the_application_s_pending_rows_too(parts):
    with db_session:
        parts.Role(name="editor")
        parts.store.bump("k", 1)
        core.rollback()

    assert parts.store.count(Kind.ROLE, {}, cap=5) == 1


def test_a_row_that_was_loaded_is_as_a_change_left_it(parts):
    user_id = add_person(parts.store)
    with db_session:
        user = parts.User[user_id]
        assert (user.login_count, user.nickname, user.email) == (0, None, "ada@example.com")

        parts.store.change(
            Kind.USER, {"id": user_id}, {"login_count": Add(3), "nickname": "N", "email": "a@example.com"}
        )

        assert (user.login_count, user.nickname, user.email) == (3, "N", "a@example.com")
        assert parts.User.get(email="ada@example.com") is None
        assert parts.User.get(email="a@example.com") is user
        user.username = "ada"
    assert parts.store.first(Kind.USER, {"id": user_id}).username == "ada"


def test_a_row_that_others_changed_is_read_as_it_is_now(parts):
    user_id = add_person(parts.store)
    with db_session:
        user = parts.store.first(Kind.USER, {"id": user_id})
        assert user.nickname is None
        elsewhere(parts, f"UPDATE {user_table(parts)} SET nickname = 'B', email = 'b@example.com'")

        assert parts.store.first(Kind.USER, {"email": "b@example.com"}) is user
        assert user.nickname == "B"
        with parts.store.unit():
            parts.store.change(Kind.USER, {"id": user_id}, {"username": "b"})
            assert (user.username, user.email) == ("b", "b@example.com")


def test_what_the_application_changes_afterwards_does_not_take_a_change_back(parts):
    user_id = add_person(parts.store)
    with db_session:
        user = parts.User[user_id]
        seen = (user.active, user.version, user.password)
        parts.store.change(Kind.USER, {"id": user_id}, {"active": False, "version": Add(1), "password": "another"})
        user.nickname = "A"

    found = parts.store.first(Kind.USER, {"id": user_id})
    assert seen == (True, 1, "a record")
    assert (found.active, found.version, found.password, found.nickname) == (False, 2, "another", "A")


def test_roles_are_as_the_last_verb_left_them(parts):
    role_id = add_role(parts.store, "editor", 5)
    with db_session:
        with parts.store.unit():
            user = parts.store.add(Kind.USER, person())
            assert list(user.roles) == []
            give(parts.store, user.id, role_id)
            assert user.role == "editor"
        parts.store.remove(Kind.MEMBERSHIP, {"user_id": user.id, "role_id": role_id})
        assert user.role is None
        assert list(parts.Role[role_id].users) == []


def test_roles_that_others_gave_are_there_when_the_user_is_read_anew(parts):
    user_id, role_id = add_person(parts.store), add_role(parts.store, "editor", 5)
    with db_session:
        user = parts.store.first(Kind.USER, {"id": user_id})
        assert user.role is None
        core.commit()  # MariaDB goes on showing what was there when the transaction began
        elsewhere(parts, f"INSERT INTO user_role (user_id, role_id) VALUES ({user_id}, {role_id})")

        assert parts.store.first(Kind.USER, {"id": user_id}) is user
        assert user.role == "editor"


def test_a_profile_is_its_users_at_once_and_no_longer_when_it_is_gone(parts):
    with db_session, parts.store.unit():
        user = parts.store.add(Kind.USER, person())
        assert user.profile is None
        profile = parts.store.add(Kind.PROFILE, {"user_id": user.id, "full_name": "Ada"})
        assert (user.profile, profile.user_id) == (profile, user.id)
        parts.store.remove(Kind.PROFILE, {"user_id": user.id})
        assert user.profile is None
        parts.store.add(Kind.PROFILE, {"user_id": user.id, "full_name": "Ada L"})
    assert parts.store.first(Kind.PROFILE, {"user_id": user.id}).full_name == "Ada L"


@pytest.mark.parametrize("within", [True, False])
def test_a_second_profile_of_a_user_is_refused(parts, within):
    user_id = add_person(parts.store)
    parts.store.add(Kind.PROFILE, {"user_id": user_id})

    with db_session if within else nullcontext():
        if within:
            parts.store.first(Kind.PROFILE, {"user_id": user_id})
        with pytest.raises(Taken) as refused:
            parts.store.add(Kind.PROFILE, {"user_id": user_id})

    assert refused.value.column == "user_id"
    assert parts.store.count(Kind.PROFILE, {}, cap=5) == 1


def test_a_name_that_became_free_elsewhere_can_be_taken(parts):
    user_id = add_person(parts.store)
    with db_session:
        assert parts.User.get(email="ada@example.com").id == user_id
        elsewhere(parts, f"UPDATE {user_table(parts)} SET email = 'b@example.com'")

        assert parts.store.add(Kind.USER, person(uniquifier="another")).id != user_id


def test_a_row_outlives_the_session_a_verb_has_opened(parts):
    user_id, role_id = add_person(parts.store), add_role(parts.store, "editor", 5, frozenset({"write"}))
    give(parts.store, user_id, role_id)

    found = parts.store.first(Kind.USER, {"id": user_id})
    listed = parts.store.people(PeopleQuery(), now(), False).users[0]
    added = parts.store.add(Kind.USER, person("bob"))

    assert (found.role, found.login_count, found.status) == ("editor", 0, "active")
    assert [role.permissions for role in listed.roles] == [{"write"}]
    assert (added.role, added.version, added.created_at is not None) == (None, 1, True)


def test_a_refusal_inside_a_session_leaves_it_usable(parts):
    user_id = add_person(parts.store)
    with db_session:
        user = parts.User[user_id]
        assert user.nickname is None
        with pytest.raises(Taken):
            parts.store.add(Kind.USER, person())
        assert user.email == "ada@example.com"
        parts.User[user_id].nickname = "A"

    assert parts.store.first(Kind.USER, {"id": user_id}).nickname == "A"


def test_the_applications_own_cascades_run_when_a_user_goes(database_url):
    db = bound(database_url)

    class Role(db.Entity, RoleMixin):
        pass

    class User(db.Entity, UserMixin):
        orders = Set("Order")

    class Order(db.Entity):
        _table_ = "orders"
        user = Required(User)

    store = PonyStore(db, User, Role)
    db.generate_mapping(create_tables=True)
    with db_session:
        Order(user=User(**person()))
    store.add(Kind.SESSION, session(1))

    assert store.remove(Kind.USER, {"id": 1}) == 1
    with db_session:
        assert Order.select().count() == 0
    db.disconnect()


@pytest.mark.parametrize("name", [":memory:", ":sharedmemory:"])
def test_a_database_in_memory_serves_through_the_session_s_own_connection(name):
    db = Database("sqlite", name)
    made = entities(db)
    store = PonyStore(db, made.User, made.Role)
    db.generate_mapping(create_tables=True)
    user_id = add_person(store)
    store.add(Kind.SESSION, session(user_id))

    store.touch("s1", 7)
    with db_session:
        made.User[user_id].nickname = "A"
        found = store.resume("s1")
        store.touch("s1", 9)
        assert not store.idle()

    assert (found.user_id, found.last_seen_at, store.resume("s1").last_seen_at) == (user_id, 7, 9)
