"""Mixins of columns on Pony entities, and hand-written entities."""

# mypy: disable-error-code="misc,name-defined,union-attr"
# Pony has no types: to a checker its entities are nothing.

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from pony.orm import Database, Optional, PrimaryKey, Required, Set, composite_index, db_session

from flask_identity import ConfigurationError, PonyStore
from flask_identity import RoleMixin as RoleBehaviour
from flask_identity import UserMixin as UserBehaviour
from flask_identity.base.errors import UnknownRole
from flask_identity.base.ports import Kind, PeopleQuery
from flask_identity.core.secrets import uniquifier
from flask_identity.models.pony import RoleMixin, UserMixin, UserProfileMixin
from tests.databases import empty_database
from tests.pony.build import bound, make_parts

NOON = datetime(2026, 2, 28, 12, 0, 0, 5, tzinfo=UTC)


def values(name: str = "ada", **more: Any) -> dict[str, Any]:
    return {"email": f"{name}@example.com", "password": "a record", "active": True, "uniquifier": uniquifier()} | more


@pytest.fixture
def db(sqlite_url):
    db = bound(sqlite_url)
    yield db
    db.disconnect()


def test_a_mixin_brings_all_columns_and_the_class_its_own(sqlite_url):
    parts = make_parts(sqlite_url)
    names = {attribute.name for attribute in parts.User._attrs_ if attribute.columns}

    assert parts.User._table_ == "user"
    assert names >= {"id", "nickname", "email", "username", "password", "active", "uniquifier", "version", "created_at"}
    assert {attribute.name for attribute in parts.Role._attrs_} >= {"name", "description", "permissions", "rank"}


def test_the_mixin_may_stand_before_the_entity_and_a_name_of_a_table_is_kept(db):
    class Role(RoleMixin, db.Entity):
        pass

    class Person(UserMixin, db.Entity):
        _table_ = "people"
        username = None  # left out

    store = PonyStore(db, Person, Role)
    db.generate_mapping(create_tables=True)

    assert Person._table_ == "people"
    assert not store.has(Kind.USER, "username")
    added = store.add(Kind.USER, values())
    assert (added.email, repr(added)) == ("ada@example.com", "<Person 1>")


def test_a_mixin_of_the_application_s_own_extends_ours(db):
    class Named(UserMixin):
        nickname = Required(str, default="nobody")

        @property
        def greeting(self) -> str:
            return f"Hello {self.nickname}"

    class Role(db.Entity, RoleMixin):
        pass

    class User(db.Entity, Named):
        town = Optional(str)
        composite_index(town, "nickname")

    store = PonyStore(db, User, Role)
    db.generate_mapping(create_tables=True)

    assert store.add(Kind.USER, values()).greeting == "Hello nobody"


def test_an_entity_below_another_has_its_columns(db):
    class Role(db.Entity, RoleMixin):
        pass

    class User(db.Entity, UserMixin):
        pass

    class Staff(User):
        desk = Optional(str)

    store = PonyStore(db, User, Role)
    db.generate_mapping(create_tables=True)
    with db_session:
        Staff(**values("bob"), desk="3")

    found = store.first(Kind.USER, {"email": "bob@example.com"})
    assert type(found) is Staff
    assert store.count(Kind.USER, {}, cap=5) == 1


@pytest.mark.parametrize("key", [int, uuid.UUID, str])
def test_any_type_of_key_serves_every_verb(database_url, key):
    parts = make_parts(database_url, key=key)
    store = parts.store
    ada, bob = store.add(Kind.USER, values()), store.add(Kind.USER, values("bob"))
    role = store.add(Kind.ROLE, {"name": "admin"})
    store.add(Kind.MEMBERSHIP, {"user_id": ada.id, "role_id": role.id})
    store.add(Kind.PROFILE, {"user_id": ada.id, "full_name": "Ada"})
    row = {"id": "s1", "digest": "d", "user_id": ada.id, "kind": "cookie", "remember": False, "uniquifier": "u"}
    store.add(Kind.SESSION, row | {"created_at": 1, "last_seen_at": 1, "proved_at": 1, "expires_at": 2, "agent": "a"})

    assert type(ada.id) is key
    assert store.first(Kind.PROFILE, {"user_id": ada.id}).user_id == ada.id
    assert (store.resume("s1").user_id, store.first(Kind.SESSION, {"id": "s1"}).user_id) == (ada.id, ada.id)
    page = store.people(PeopleQuery(sort="email", descending=False), NOON, pending=False)
    assert ([user.id for user in page.users], page.roles) == ([ada.id, bob.id], {ada.id: ["admin"]})
    assert store.admins("admin") == [ada.id]
    assert store.user_id(ada.id if key is int else str(ada.id)) == ada.id
    assert store.remove(Kind.USER, {"id": ada.id}) == 1
    assert store.resume("s1") is None
    store.close()
    parts.db.disconnect()


def test_times_are_naive_utc_whatever_zone_they_came_in(database_url):
    parts = make_parts(database_url)
    in_tonga = NOON.astimezone(timezone(timedelta(hours=13)))
    user_id = parts.store.add(Kind.USER, values(confirmed_at=in_tonga)).id
    parts.store.change(Kind.USER, {"id": user_id}, {"last_login_at": in_tonga})
    with db_session:
        user = parts.User[user_id]
        user.locked_until = in_tonga
        zone = {"MySQL": "select @@time_zone", "PostgreSQL": "show time zone"}.get(parts.db.provider.dialect)
        assert zone is None or parts.db.execute(zone).fetchone()[0] in ("+00:00", "UTC")

    with db_session:
        user = parts.User[user_id]
        assert {user.confirmed_at, user.last_login_at, user.locked_until} == {NOON.replace(tzinfo=None)}
        assert user.status == "active"
    parts.db.disconnect()


def test_times_are_utc_on_a_postgres_connection_of_another_zone_too(postgres_url):
    empty_database(postgres_url)
    parts = make_parts(postgres_url)
    with db_session:
        parts.db.execute("SET TIME ZONE 'Pacific/Tongatapu'")
        parts.User(**values(confirmed_at=NOON))
        parts.db.flush()
        stored = parts.db.execute('SELECT extract(epoch FROM confirmed_at)::float FROM "user"').fetchone()[0]
        assert stored == NOON.timestamp()
        assert parts.store.count(Kind.USER, {"confirmed_at": NOON}, cap=5) == 1
        assert parts.store.first(Kind.USER, {}).confirmed_at == NOON.replace(tzinfo=None)
    parts.db.disconnect()


def test_permissions_are_read_as_a_frozenset_and_written_from_any(database_url):
    parts = make_parts(database_url)
    with db_session:
        parts.Role(name="editor", permissions=["write", "read"])
        parts.Role(name="reader")
    with db_session:
        editor = parts.Role.get(name="editor")
        assert (editor.permissions, parts.Role.get(name="reader").permissions) == ({"read", "write"}, frozenset())
        assert parts.db.select("select permissions from role where name = 'editor'") == ['["read","write"]']
        editor.permissions = {"read"}
    assert parts.store.first(Kind.ROLE, {"name": "editor"}).permissions == frozenset({"read"})
    with db_session, pytest.raises(TypeError):
        parts.Role(name="writer", permissions="write")
    parts.db.disconnect()


def test_two_rows_are_one_only_where_pony_says_so(sqlite_url):
    """R-46"""
    parts = make_parts(sqlite_url)
    for mixin in (UserMixin, RoleMixin, UserProfileMixin, UserBehaviour, RoleBehaviour):
        assert mixin.__eq__ is object.__eq__
        assert mixin.__hash__ is object.__hash__
    with db_session:
        one, two = parts.Role(name="one"), parts.Role(name="two")
        user = parts.User(**values())
        parts.db.flush()
        assert (one.id, user.id) == (1, 1)
        assert one != two
        assert one != user
        assert one == parts.Role.get(name="one")


def test_setting_the_role_replaces_the_roles(sqlite_url):
    parts = make_parts(sqlite_url)
    with db_session:
        parts.Role(name="user", rank=1), parts.Role(name="editor", rank=5)
        user = parts.User(**values())
        user.role = "user"
        user.role = "editor"
        assert ([role.name for role in user.roles], user.role) == (["editor"], "editor")
        user.role = "admin"  # made on first need
        assert parts.Role.get(name="admin").rank == 100
        with pytest.raises(UnknownRole):
            user.role = "king"
    with pytest.raises(TypeError, match="db_session"):
        user.role = "user"


def test_a_change_through_pony_stamps_the_row(sqlite_url):
    parts = make_parts(sqlite_url)
    long_ago = datetime(2001, 1, 1)
    with db_session:
        parts.User(**values(updated_at=long_ago))
    with db_session:
        parts.User.get(email="ada@example.com").nickname = "A"

    with db_session:
        assert parts.User.get(email="ada@example.com").updated_at.year > 2001


def by_hand(db: Any, *, with_roles: bool) -> Any:
    class Role(db.Entity, RoleBehaviour):
        id = PrimaryKey(int, auto=True)
        name = Required(str, 80, unique=True)
        description = Optional(str)
        if with_roles:
            people = Set("User", table="rights", column="person")

    class User(db.Entity, UserBehaviour):
        _table_ = "account"
        id = PrimaryKey(int, size=64, auto=True)
        email = Required(str, 254, unique=True, sql_type=_BINARY.get(db.provider.dialect))
        password = Optional(str, 255, nullable=True)
        active = Optional(bool)
        uniquifier = Optional(str, 64)
        profile = Optional(str)  # the application's own
        if with_roles:
            roles = Set("Role", table="rights", column="right")

    store = PonyStore(db, User, Role)
    db.generate_mapping(create_tables=True)
    return store


_BINARY = {"MySQL": "VARCHAR(254) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"}


def test_hand_written_entities_with_roles_of_their_own_serve(database_url):
    store = by_hand(db := bound(database_url), with_roles=True)
    store.check()
    ada, role = store.add(Kind.USER, values()), store.add(Kind.ROLE, {"name": "admin", "description": ""})
    assert store.add(Kind.MEMBERSHIP, {"user_id": ada.id, "role_id": role.id}, unless_there=True) is not None
    assert store.add(Kind.MEMBERSHIP, {"user_id": ada.id, "role_id": role.id}, unless_there=True) is None

    found = store.first(Kind.USER, {"id": ada.id})

    assert (found.role, found.status, store.admins("admin")) == ("admin", "active", [ada.id])
    assert store.add(Kind.ROLE, {"name": "admin", "description": ""}, unless_there=True) is None
    assert store.user_id(str(2**40)) == 2**40
    assert not store.has(Kind.USER, "version")
    store.add(Kind.PROFILE, {"user_id": ada.id, "full_name": "Ada"})
    assert (found.profile, store.remove(Kind.USER, {"id": ada.id})) == ("", 1)
    assert store.count(Kind.PROFILE, {}, cap=5) == 0
    db.disconnect()


def test_hand_written_entities_may_have_no_roles(sqlite_url):
    store = by_hand(db := bound(sqlite_url), with_roles=False)
    ada = store.add(Kind.USER, values())

    assert not store.has(Kind.MEMBERSHIP, "user_id")
    assert (store.first(Kind.USER, {"id": ada.id}).role, store.admins("admin")) == (None, [])
    query = PeopleQuery(role="admin", sort="email")
    assert store.tally(query, NOON, pending=True, cap=5) == {"active": 0, "suspended": 0, "pending": 0, "locked": 0}
    db.disconnect()


def test_a_profile_class_of_the_application_s_own_is_used(sqlite_url):
    db = bound(sqlite_url)

    class Role(db.Entity, RoleMixin):
        pass

    class User(db.Entity, UserMixin):
        pass

    class UserProfile(db.Entity, UserProfileMixin):
        pronouns = Optional(str)

    store = PonyStore(db, User, Role, profile=UserProfile)
    db.generate_mapping(create_tables=True)
    ada = store.add(Kind.USER, values())
    store.add(Kind.PROFILE, {"user_id": ada.id, "pronouns": "she"})

    assert UserProfile._table_ == "userprofile"
    with db_session:
        assert User[ada.id].profile.pronouns == "she"
    assert store.remove(Kind.USER, {"id": ada.id}) == 1
    assert store.count(Kind.PROFILE, {}, cap=5) == 0
    db.disconnect()


def test_a_profile_without_a_store_stops_the_mapping():
    db = Database("sqlite", ":memory:")

    class UserProfile(db.Entity, UserProfileMixin):
        pass

    with pytest.raises(ConfigurationError, match="UserProfile belongs to no store"):
        db.generate_mapping()
