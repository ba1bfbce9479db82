"""Making a PonyStore: when, for what, and again."""

# mypy: disable-error-code="misc,name-defined,union-attr"
# Pony has no types: to a checker its entities are nothing.

from __future__ import annotations

import subprocess
import sys
from types import SimpleNamespace
from typing import Any

import pytest
from pony.orm import Database, Optional, PrimaryKey, Required, Set

from flask_identity import ConfigurationError, PonyStore
from flask_identity import RoleMixin as RoleBehaviour
from flask_identity import UserMixin as UserBehaviour
from flask_identity.base.ports import Kind
from flask_identity.models.pony import RoleMixin, UserMixin, UserProfileMixin
from tests.pony.build import bound, entities, make_parts

_CI = "VARCHAR(254) COLLATE utf8mb4_general_ci"


@pytest.fixture
def db(sqlite_url):
    db = bound(sqlite_url)
    yield db
    db.disconnect()


def written(db: Any, *, without: str = "", base: type = UserBehaviour, **columns: Any) -> Any:
    """A hand-written User and Role; `columns` replace some, None leaves one out."""
    body = {
        "email": Required(str, 254, unique=True),
        "password": Optional(str, 255),
        "active": Optional(bool),
        "uniquifier": Optional(str, 64),
    } | columns
    user = type(db.Entity)("User", (db.Entity, base), {k: v for k, v in body.items() if v is not None})

    class Role(db.Entity, RoleBehaviour):
        name = Required(str, unique=True)
        description = Optional(str)

    return SimpleNamespace(User=user, Role=Role)


def test_a_store_made_again_for_the_same_classes_reuses_its_tables(db):
    made = entities(db)
    first = PonyStore(db, made.User, made.Role)
    before = set(db.entities)

    PonyStore(db, made.User, made.Role)
    db.generate_mapping(create_tables=True)
    again = PonyStore(db, made.User, made.Role)

    assert set(db.entities) == before
    first.add(Kind.ROLE, {"name": "editor"})
    with again.unit():
        assert not first.idle()
        assert again.first(Kind.ROLE, {"name": "editor"}).name == "editor"


def test_a_second_pair_on_one_database_is_refused(db):
    made = entities(db)
    PonyStore(db, made.User, made.Role)

    class Customer(db.Entity, UserMixin):
        pass

    class Other(db.Entity, UserProfileMixin):
        pass

    with pytest.raises(ConfigurationError, match=r"User and Role is on this Database already; .* Database of its own"):
        PonyStore(db, Customer, made.Role)
    with pytest.raises(ConfigurationError, match="on this Database already"):
        PonyStore(db, made.User, made.Role, profile=Other)


def test_two_databases_have_a_store_each(tmp_path):
    one, two = (make_parts(f"sqlite:///{tmp_path / name}") for name in ("one", "two"))

    one.store.add(Kind.ROLE, {"name": "editor"})

    assert (one.store.count(Kind.ROLE, {}, cap=5), two.store.count(Kind.ROLE, {}, cap=5)) == (1, 0)


def test_a_store_is_made_between_binding_and_mapping(sqlite_url):
    early = Database()
    made = entities(early)
    with pytest.raises(ConfigurationError, match="Bind the Database first"):
        PonyStore(early, made.User, made.Role)

    late = bound(sqlite_url)
    made = entities(late)
    late.generate_mapping(create_tables=True)
    with pytest.raises(ConfigurationError, match=r"before db.generate_mapping"):
        PonyStore(late, made.User, made.Role)


def test_a_store_without_a_mapping_says_so_when_it_is_used(db):
    made = entities(db)
    store = PonyStore(db, made.User, made.Role)

    assert store.has(Kind.USER, "nickname")
    with pytest.raises(ConfigurationError, match="generate_mapping"):
        store.first(Kind.USER, {"id": 1})


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        ({"password": None}, "User lacks password: add it, or inherit from UserMixin of flask_identity.models.pony, "),
        ({"active": None, "uniquifier": None}, "User lacks active, uniquifier: add them, or inherit from UserMixin "),
        ({"email": Required(str, 254)}, "User.email must be unique"),
        ({"password": Optional(str, 64)}, r"User.password holds 64 characters and needs 128 or more"),
        ({"password": Optional(str, sql_type="char(60)")}, r"User.password holds 60 characters"),
        ({"identity_sessions": Optional(str)}, "User.identity_sessions is the library's own"),
    ],
)
def test_a_model_that_cannot_serve_stops_start_up_with_a_sentence(db, columns, sentence):
    made = written(db, **columns)

    with pytest.raises(ConfigurationError, match=sentence):
        PonyStore(db, made.User, made.Role)


def test_a_class_that_is_no_entity_of_the_database_is_refused(db, tmp_path):
    made, elsewhere = entities(db), entities(bound(f"sqlite:///{tmp_path / 'other'}"))

    for user, role in ((UserMixin, made.Role), (made.User, elsewhere.Role), (made.User, RoleMixin)):
        with pytest.raises(ConfigurationError, match="not an entity of this Pony Database"):
            PonyStore(db, user, role)


def test_a_profile_that_is_not_made_of_the_mixin_is_refused(db):
    made = entities(db)

    with pytest.raises(ConfigurationError, match=r"UserProfileMixin of flask_identity.models.pony"):
        PonyStore(db, made.User, made.Role, profile=made.Role)


def test_roles_that_are_not_many_to_many_are_refused(db):
    class Role(db.Entity, RoleBehaviour):
        name = Required(str, unique=True)
        description = Optional(str)
        holder = Optional("User")

    class User(db.Entity, UserBehaviour):
        id = PrimaryKey(int, auto=True)
        email = Required(str, unique=True)
        password = Optional(str)
        active = Optional(bool)
        uniquifier = Optional(str)
        roles = Set(Role)

    store = PonyStore(db, User, Role)
    db.generate_mapping(create_tables=True)
    with pytest.raises(ConfigurationError, match="must be many to many"):
        store.first(Kind.ROLE, {"name": "editor"})


@pytest.mark.parametrize("sql_type", [_CI, "TEXT COLLATE NOCASE"])
def test_an_address_that_is_compared_without_its_case_is_refused(db, sql_type):
    made = written(db, email=Required(str, 254, unique=True, sql_type=sql_type))

    with pytest.raises(ConfigurationError, match=r"User.email must be compared byte by byte"):
        PonyStore(db, made.User, made.Role).check()


def test_an_address_without_a_collation_is_refused_on_mariadb(mariadb_url):
    for email, refused in (
        (Required(str, 254, unique=True), True),
        (Required(str, 254, unique=True, sql_type=_CI), True),
        (Required(str, 254, unique=True, sql_type="VARBINARY(254)"), False),
    ):
        db = bound(mariadb_url)
        made = written(db, email=email)
        store = PonyStore(db, made.User, made.Role)
        if refused:
            with pytest.raises(ConfigurationError, match="utf8mb4_bin"):
                store.check()
        else:
            store.check()
        db.disconnect()


def test_the_mixins_address_is_compared_byte_by_byte_on_every_database(database_url):
    parts = make_parts(database_url)
    parts.store.check()
    for number, name in enumerate(("josé", "jose", "JOSE")):
        parts.store.add(Kind.USER, {"email": f"{name}@example.com", "uniquifier": str(number), "active": True})

    assert parts.store.count(Kind.USER, {"email": "jose@example.com"}, cap=5) == 1
    parts.db.disconnect()


def test_the_store_needs_no_sqlalchemy(tmp_path):
    script = f"""
import sys
sys.modules["sqlalchemy"] = None
from flask import Flask
from pony.orm import Database
from flask_identity import Identity, PonyStore
from flask_identity.models.pony import RoleMixin, UserMixin
db = Database("sqlite", {str(tmp_path / "file")!r}, create_db=True)
class Role(db.Entity, RoleMixin): ...
class User(db.Entity, UserMixin): ...
app = Flask(__name__)
app.config.update(SECRET_KEY="k" * 32)
identity = Identity(app, PonyStore(db, User, Role))
db.generate_mapping(create_tables=True)
with app.app_context():
    print(identity.datastore.create_user("ada@example.com", roles=["admin"]).role)
"""
    done = subprocess.run([sys.executable, "-W", "error", "-c", script], capture_output=True, text=True, check=False)

    assert (done.stdout, done.stderr.count("Error")) == ("admin\n", 0), done.stderr
