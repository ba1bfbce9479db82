"""M8 and its neighbours: a model that cannot work stops start-up with one sentence that says what to change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Boolean, Index, Integer, String, Text, UniqueConstraint, create_engine
from sqlalchemy.dialects import mysql
from sqlalchemy.orm import DeclarativeBase, MappedAsDataclass, Session, mapped_column

import flask_identity
from flask_identity import ConfigurationError, Identity, Register, SQLAlchemyStore
from flask_identity.models import sqlalchemy as mixins
from tests.models.sites import bare_app

TRACKED = ("last_login_at", "current_login_at", "last_login_ip", "current_login_ip", "login_count")


def pair(*, leave_out: Any = (), arguments: Any = (), **columns: Any) -> tuple[Any, Any]:
    """A hand-written User and Role; `leave_out` and `columns` change the User."""

    class Model(DeclarativeBase): ...

    class Role(flask_identity.RoleMixin, Model):
        __tablename__ = "role"
        id = mapped_column(Integer, primary_key=True)
        name = mapped_column(String(80), unique=True)
        description = mapped_column(String(255))

    body: dict[str, Any] = {
        "id": mapped_column(Integer, primary_key=True),
        "email": mapped_column(String(255), unique=True),
        "password": mapped_column(String(255)),
        "active": mapped_column(Boolean),
        "uniquifier": mapped_column(String(64)),
    }
    body = {name: column for name, column in {**body, **columns}.items() if name not in leave_out}
    body |= {"__tablename__": "user", "__table_args__": arguments}
    return type("User", (flask_identity.UserMixin, Model), body), Role


def store_of(user: Any, role: Any, url: str = "sqlite://") -> SQLAlchemyStore:
    """A store on an engine that is never connected: no fault of configuration needs the database to be seen."""
    session = Session(create_engine(url))
    return SQLAlchemyStore(lambda: session, user, role)


def start(store: SQLAlchemyStore, **config: Any) -> Flask:
    app = bare_app(**config)
    Identity(app, store)
    return app


def refusal(call: Callable[..., Any], *args: Any, **options: Any) -> str:
    with pytest.raises(ConfigurationError) as refused:
        call(*args, **options)
    sentence = str(refused.value)
    assert "\n" not in sentence
    assert sentence.endswith(".")
    return sentence


@pytest.mark.parametrize("there", [(), TRACKED[:1], TRACKED[1:], (TRACKED[4],)], ids=", ".join)
def test_tracking_without_its_columns_names_exactly_those_that_are_missing_and_the_mixin(there):
    """M8."""
    user, role = pair(**{name: mapped_column(String(64)) for name in there})
    sentence = refusal(start, store_of(user, role), IDENTITY_TRACKABLE=True)

    named = [name for name in TRACKED if name in sentence]
    assert named == [name for name in TRACKED if name not in there]
    assert "UserMixin of flask_identity.models.sqlalchemy" in sentence
    assert "IDENTITY_TRACKABLE" in sentence


def test_tracking_with_all_its_columns_starts_and_so_does_a_model_without_them_when_it_is_off():
    start(store_of(*pair(**{name: mapped_column(String(64)) for name in TRACKED})), IDENTITY_TRACKABLE=True)
    start(store_of(*pair()))


def test_a_model_that_was_refused_leaves_the_application_free_for_another():
    store = store_of(*pair())
    app = bare_app(IDENTITY_TRACKABLE=True)
    identity = Identity()
    refusal(identity.init_app, app, store)
    app.config["IDENTITY_TRACKABLE"] = False
    identity.init_app(app, store)


@pytest.mark.parametrize("missing", [("email",), ("password",), ("active",), ("uniquifier",), ("active", "uniquifier")])
def test_a_user_without_a_column_of_the_minimum_is_told_which(missing):
    """M7."""
    sentence = refusal(store_of, *pair(leave_out=missing))
    assert sentence.startswith(f"User lacks {', '.join(missing)}: ")
    assert "UserMixin of flask_identity.models.sqlalchemy" in sentence


def test_a_role_without_a_column_of_the_minimum_is_told_which():
    user, _ = pair()
    role = type("Role2", (user.__mro__[2],), {"__tablename__": "r", "id": mapped_column(Integer, primary_key=True)})
    sentence = refusal(store_of, user, role)
    assert sentence.startswith("Role2 lacks name, description: ")
    assert "RoleMixin of flask_identity.models.sqlalchemy" in sentence


def test_an_address_that_is_not_unique_is_refused():
    sentence = refusal(store_of, *pair(email=mapped_column(String(255))))
    assert "User.email" in sentence
    assert "unique=True" in sentence


def test_an_address_that_is_unique_only_together_with_another_column_is_refused():
    rule = UniqueConstraint("email", "active")
    assert "User.email" in refusal(store_of, *pair(arguments=(rule,), email=mapped_column(String(255))))


@pytest.mark.parametrize("rule", [UniqueConstraint("email"), Index("by_mail", "email", unique=True)], ids=str)
def test_an_address_may_be_unique_by_a_rule_of_the_table(rule):
    store_of(*pair(arguments=(rule,), email=mapped_column(String(255))))


@pytest.mark.parametrize("length", [64, 127])
def test_a_password_column_too_short_for_a_record_is_refused(length):
    """R-07: the original's example truncated what it stored."""
    sentence = refusal(store_of, *pair(password=mapped_column(String(length))))
    assert f"holds {length} characters" in sentence
    assert "128" in sentence


@pytest.mark.parametrize("kind", [String(128), Text(), String()], ids=repr)
def test_a_password_column_long_enough_or_without_a_length_is_taken(kind):
    store_of(*pair(password=mapped_column(kind)))


FOLDING = "utf8mb4_general_ci"
BINARY = "utf8mb4_bin"
MARIADB = "mysql+pymysql://nobody@127.0.0.1:1/none"


@pytest.mark.parametrize(
    ("kind", "url"),
    [
        (String(255, collation=FOLDING), "sqlite://"),
        (String(255, collation=FOLDING), MARIADB),
        (String(255, collation="NOCASE"), "sqlite://"),
        (mysql.VARCHAR(255, collation="utf8mb4_unicode_520_ci"), MARIADB),
        (String(255), MARIADB),
        (Text(), MARIADB),
        (String(255, collation=BINARY).with_variant(mysql.VARCHAR(255), "mysql"), MARIADB),
        (String(255).with_variant(String(255, collation=FOLDING), "mysql"), MARIADB),
        (String(255).with_variant(String(255, collation=FOLDING), "mariadb"), MARIADB.replace("mysql+", "mariadb+")),
    ],
    ids=str,
)
def test_an_address_that_would_not_be_compared_byte_by_byte_is_refused(kind, url):
    """A collation that folds letters lets one address open another's account."""
    user, role = pair(email=mapped_column(kind, unique=True))
    sentence = refusal(start, store_of(user, role, url))
    assert "User.email" in sentence
    assert BINARY in sentence


@pytest.mark.parametrize(
    ("kind", "url"),
    [
        (String(255, collation=BINARY), MARIADB),
        (String(255).with_variant(mysql.VARCHAR(255, charset="utf8mb4", collation=BINARY), "mysql"), MARIADB),
        (String(255).with_variant(String(255, collation=BINARY), "mysql"), MARIADB.replace("mysql+", "mariadb+")),
        (String(255), "sqlite://"),
        (String(255), "postgresql+psycopg://nobody@127.0.0.1:1/none"),
        (String(255).with_variant(String(255, collation=FOLDING), "mysql"), "sqlite://"),
    ],
    ids=str,
)
def test_an_address_that_is_compared_byte_by_byte_starts(kind, url):
    start(store_of(*pair(email=mapped_column(kind, unique=True)), url))


def test_the_mixins_columns_start_on_every_database():
    class Model(DeclarativeBase): ...

    user, role = type("User", (mixins.UserMixin, Model), {}), type("Role", (mixins.RoleMixin, Model), {})
    for url in ("sqlite://", MARIADB, "postgresql+psycopg://nobody@127.0.0.1:1/none"):
        start(store_of(user, role, url), IDENTITY_TRACKABLE=True)


def test_a_class_mapped_as_a_dataclass_is_refused():
    class Model(MappedAsDataclass, DeclarativeBase): ...

    _, role = pair()
    body = {"__tablename__": "user", "id": mapped_column(Integer, primary_key=True)}
    user = type("User", (Model,), {**body, "__annotations__": {}})
    assert "MappedAsDataclass" in refusal(store_of, user, role)


def test_a_class_that_is_not_mapped_is_refused():
    _, role = pair()
    assert "not a mapped SQLAlchemy class" in refusal(store_of, type("User", (), {}), role)


def test_sign_up_fields_without_a_column_are_named():
    class SignUp(Register):
        nickname: str
        shoe_size: int

    store = store_of(*pair(nickname=mapped_column(String(80))))
    sentence = refusal(Identity(register=SignUp).init_app, bare_app(), store)
    assert "shoe_size" in sentence
    assert "nickname" not in sentence


def test_a_second_pair_on_one_metadata_is_refused():
    user, role = pair()
    store_of(user, role)
    other = type("Other", (user.__mro__[2],), dict(pair_columns()))
    assert "declarative base of its own" in refusal(store_of, other, role)


def pair_columns() -> dict[str, Any]:
    return {
        "__tablename__": "other",
        "id": mapped_column(Integer, primary_key=True),
        "email": mapped_column(String(255), unique=True),
        "password": mapped_column(String(255)),
        "active": mapped_column(Boolean),
        "uniquifier": mapped_column(String(64)),
    }
