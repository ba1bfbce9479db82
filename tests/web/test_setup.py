"""Connecting an application: F-14, F-29, R-28, R-61 to R-66, R-68, S-088, S-018."""

from __future__ import annotations

import logging
import subprocess
import sys
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, scoped_session, sessionmaker

import flask_identity
from flask_identity import ConfigurationError, Identity, SQLAlchemyStore, current_identity, url_for_identity
from flask_identity.models.sqlalchemy.types import key_string
from tests.support.apps import HTML, JSON, PASSWORD, SECRET_KEY, full_models, relaxed_engine, sign_in
from tests.support.routes import statements


def fault(build, **given):
    with pytest.raises(ConfigurationError) as caught:
        build(**given)
    sentence = str(caught.value)
    assert "\n" not in sentence
    assert sentence.endswith((".", "?"))
    return sentence


@pytest.mark.parametrize(
    "url",
    [
        *("", "app.example.com", "ftp://app.example.com", "//app.example.com", "https://", "https:app.example.com"),
        *("https://me:secret@app.example.com", "https://app.example.com/people", "https://app.example.com/?a=b"),
        *("https://app.example.com#top", "https://app.example.com:port", "https://[::1", "https://app example.com"),
    ],
)
def test_a_base_url_of_another_form_stops_start_up(build, url):
    """F-14."""
    assert fault(build, IDENTITY_BASE_URL=url).startswith("IDENTITY_BASE_URL must be http or https, a host")


@pytest.mark.parametrize(
    "url",
    ["https://app.example.com", "https://app.example.com/", "http://localhost:5000", "https://[2001:db8::1]:8443"],
)
def test_a_base_url_is_a_scheme_a_host_and_perhaps_a_port(build, url):
    build(IDENTITY_BASE_URL=url)


@pytest.mark.parametrize(
    ("key", "near"),
    [
        ("IDENTITY_REGISTRABLE", "IDENTITY_REGISTERABLE"),
        ("IDENTITY_LOCKOUT_MAX_FAILURE", "IDENTITY_LOCKOUT_MAX_FAILURES"),
        ("IDENTITY_SESION_IDLE_FOR", "IDENTITY_SESSION_IDLE_FOR"),
        ("IDENTITY_trackable", "IDENTITY_TRACKABLE"),
    ],
)
def test_a_setting_nobody_knows_stops_start_up_and_names_the_nearest(build, key, near):
    """R-61: a typing error does not pass silently."""
    sentence = fault(build, **{key: True})
    assert key in sentence
    assert f"did you mean {near}?" in sentence


def test_keys_of_others_are_none_of_our_business(build):
    build(IDENTITYX=1, OTHER_IDENTITY_THING=2, identity_lower=3)


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("IDENTITY_REGISTERABLE", "true", "must be bool, not str"),
        ("IDENTITY_REGISTERABLE", 1, "must be bool, not int"),
        ("IDENTITY_REGISTERABLE", None, "must be bool, not NoneType"),
        ("IDENTITY_SESSION_IDLE_FOR", "1800", "must be int, not str"),
        ("IDENTITY_SESSION_IDLE_FOR", True, "must be int, not bool"),
        ("IDENTITY_SESSION_IDLE_FOR", 1800.0, "must be int, not float"),
        ("IDENTITY_SESSION_IDLE_FOR", 0, "at least"),
        ("IDENTITY_LOCKOUT_MAX_FAILURES", -1, "at least 0"),
        ("IDENTITY_PASSWORD_MIN_LENGTH", 7, "at least 8"),
        ("IDENTITY_PASSWORD_MIN_SCORE", 5, "at most 4"),
        ("IDENTITY_TRUSTED_PROXIES", -1, "at least 0"),
        ("IDENTITY_EMAIL_EXISTS", "everyone", "must be one of"),
        ("IDENTITY_BASE_URL", 1, "must be str or None"),
        ("IDENTITY_URL_PREFIX", None, "must be str"),
        ("IDENTITY_PASSWORD_PEPPER", "short", "IDENTITY_PASSWORD_PEPPER must be"),
    ],
)
def test_a_value_of_another_kind_or_out_of_bounds_stops_start_up(build, key, value, told):
    sentence = fault(build, **{key: value})
    assert key in sentence
    assert told in sentence


@pytest.mark.parametrize("key", [None, "", b"", 7, "a brief one", "x" * 31, b"x" * 31])
def test_a_missing_or_short_secret_key_stops_start_up(build, key):
    """R-28, S-088: nothing is padded, and the value is not repeated."""
    sentence = fault(build, SECRET_KEY=key)
    assert "SECRET_KEY" in sentence
    assert "secrets.token_hex" in sentence
    assert not key or str(key) not in sentence


@pytest.mark.parametrize("key", ["x" * 32, b"x" * 32, "ü" * 16])
def test_thirty_two_bytes_are_enough(build, key):
    build(SECRET_KEY=key)


def make_user(base: Any, **columns: Any) -> Any:
    every = {
        "id": mapped_column(primary_key=True, type_=__import__("sqlalchemy").Integer),
        "email": mapped_column(key_string(254), unique=True),
        "password": mapped_column(String(255)),
        "active": mapped_column(__import__("sqlalchemy").Boolean),
        "uniquifier": mapped_column(String(64)),
    }
    every |= columns
    body = {"__tablename__": "user", **{name: column for name, column in every.items() if column is not None}}
    return type("User", (base,), body)


def store_of(**columns: Any) -> SQLAlchemyStore:
    class Base(DeclarativeBase):
        pass

    class Role(Base):
        __tablename__ = "role"
        id: Mapped[int] = mapped_column(primary_key=True)
        name: Mapped[str] = mapped_column(key_string(80), unique=True)
        description: Mapped[str | None] = mapped_column(String(255))

    return SQLAlchemyStore(scoped_session(sessionmaker()), make_user(Base, **columns), Role)


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ({"uniquifier": None}, "User lacks uniquifier: add it, or inherit from UserMixin"),
        ({"active": None, "password": None}, "User lacks password, active: add them, or inherit from UserMixin"),
        ({"email": mapped_column(key_string(254))}, "User.email must be unique"),
        ({"password": mapped_column(String(64))}, "User.password holds 64 characters and needs 128 or more"),
    ],
)
def test_a_model_that_cannot_work_stops_start_up_and_says_what_to_add(columns, told):
    """M7, R-07."""
    with pytest.raises(ConfigurationError) as caught:
        store_of(**columns)
    assert told in str(caught.value)


def plain_app(**config: Any) -> Flask:
    app = Flask("plain")
    app.config.update(SECRET_KEY=SECRET_KEY, TESTING=True, **config)
    return app


@pytest.mark.parametrize("present", [(), ("login_count", "last_login_at"), ("current_login_ip",)])
def test_tracking_names_exactly_the_columns_that_are_missing_and_the_mixin(present):
    """M8."""
    every = ["last_login_at", "current_login_at", "last_login_ip", "current_login_ip", "login_count"]
    store = store_of(**{name: mapped_column(String(45)) for name in present})
    with pytest.raises(ConfigurationError) as caught:
        Identity(plain_app(IDENTITY_TRACKABLE=True), store)
    sentence = str(caught.value)
    assert "UserMixin of flask_identity.models.sqlalchemy" in sentence
    assert [name for name in every if name in sentence] == [name for name in every if name not in present]


def test_a_case_insensitive_collation_stops_start_up():
    """A-107."""
    store = store_of(email=mapped_column(String(254, collation="utf8mb4_general_ci"), unique=True))
    with pytest.raises(ConfigurationError, match="byte by byte"):
        Identity(plain_app(), store)


@pytest.mark.parametrize("store", [None])
def test_a_missing_store_stops_start_up(store):
    """R-63: there is no silent "None" adapter."""
    with pytest.raises(ConfigurationError, match="SQLAlchemyStore"):
        Identity().init_app(plain_app(), store)
    with pytest.raises(ConfigurationError):
        Identity(plain_app())


def test_a_second_init_app_and_a_second_identity_are_refused(build):
    """R-64."""
    site = build()
    for identity in (site.identity, Identity()):
        with pytest.raises(ConfigurationError, match="already"):
            identity.init_app(site.app, site.services.store)
    assert site.client().get("/identity/login", headers=HTML).status_code == 200


def test_connecting_runs_no_sql_and_makes_no_account(tmp_path):
    """S-018: the database need not even be there."""
    engine = relaxed_engine(f"sqlite:///{tmp_path / 'nowhere' / 'x.sqlite3'}")
    _, user, role = full_models()
    with statements(engine) as seen:
        Identity(
            plain_app(IDENTITY_REGISTERABLE=True), SQLAlchemyStore(scoped_session(sessionmaker(engine)), user, role)
        )
    assert seen == []
    assert not (tmp_path / "nowhere").exists()
    engine.dispose()


def test_a_fault_leaves_the_application_as_it_was(build):
    with pytest.raises(ConfigurationError):
        build(IDENTITY_NOPE=1)
    app = plain_app(IDENTITY_NOPE=1)
    with pytest.raises(ConfigurationError):
        Identity(app, store_of())
    assert "flask_identity" not in app.extensions
    assert not [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("identity")]


def test_the_only_applications_datastore_needs_no_context(build):
    site = build()
    assert site.identity.datastore.find_user(email="nobody@example.com") is None


def test_with_several_applications_a_context_says_which(build):
    one = build()
    app = plain_app()
    one.identity.init_app(app, one.services.store)
    with pytest.raises(RuntimeError, match="app_context"):
        _ = one.identity.datastore
    with app.app_context():
        assert one.identity.datastore is not None
    with one.app.app_context():
        first = one.identity.datastore
    with app.app_context():
        assert one.identity.datastore is not first


def test_an_application_without_identity_says_so(build):
    build()
    app = plain_app()
    with app.app_context(), pytest.raises(RuntimeError, match="init_app"):
        _ = current_identity.services
    with pytest.raises(RuntimeError):
        _ = Identity().datastore
    other = build()
    with app.app_context(), pytest.raises(RuntimeError, match="app_context"):
        _ = other.identity.datastore


OFF: dict[str, Any] = {"IDENTITY_REDIS_URL": None}


def test_what_is_not_part_of_this_version_may_be_off_and_nothing_else(build):
    """Nothing is promised that is not there."""
    build(**OFF)
    for key, value in [
        ("IDENTITY_REDIS_URL", "redis://db"),
        *((key, True) for key, value in OFF.items() if value is False),
    ]:
        with pytest.raises(ConfigurationError, match=f"{key} asks for what is not part of this version"):
            build(**{key: value})


def test_unknown_public_names_are_errors():
    """R-61, R-68."""
    with pytest.raises(AttributeError):
        _ = flask_identity.auth_requierd
    for name in flask_identity.__all__:
        assert getattr(flask_identity, name) is not None
    assert set(flask_identity.__all__) <= set(dir(flask_identity))
    assert flask_identity.__version__.startswith("2.")


def test_importing_the_package_pulls_in_nothing_slow_or_optional():
    code = "import sys, flask_identity; print(*(n for n in sys.argv[1:] if n in sys.modules))"
    slow = ["pydantic", "zxcvbn", "sqlalchemy", "pony", "argon2", "redis"]
    ran = subprocess.run([sys.executable, "-c", code, *slow], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == []


def test_addresses_of_pages_follow_the_prefix(build):
    site = build(IDENTITY_URL_PREFIX="/account")
    with site.app.test_request_context():
        assert url_for_identity("login", next="/x") == "/account/login?next=/x"
    assert site.client().get("/account/login", headers=HTML).status_code == 200


def test_what_was_set_before_decides_and_nothing_is_written_back(build):
    """R-62, R-64: options are read, never overwritten by defaults."""
    site = build(IDENTITY_SESSION_IDLE_FOR=60)
    assert {key for key in site.app.config if key.startswith("IDENTITY_")} == {
        "IDENTITY_SESSION_IDLE_FOR",
        "IDENTITY_ARGON2_MEMORY",
        "IDENTITY_ARGON2_TIME",
    }


@pytest.mark.parametrize("flavour", ["plain", "lite", "fsa"])
def test_a_life_in_each_flavour_of_sqlalchemy(build, flavour):
    """M1."""
    site = build(flavour=flavour, IDENTITY_REGISTERABLE=True, IDENTITY_PROFILE=True)
    client = site.client()
    body = {"email": "ada@example.com", "password": "tin kettle orbit seven"}
    assert client.post("/identity/register", json=body).status_code == 200
    assert client.get("/identity/profile", headers=JSON).status_code == 200
    assert client.post("/identity/logout", headers=JSON).status_code == 200
    assert sign_in(client, password=body["password"]).status_code == 200


def test_the_log_of_a_start_names_no_secret(build, caplog):
    """S-124."""
    caplog.set_level(logging.DEBUG)
    site = build(IDENTITY_PASSWORD_PEPPER="k1:" + "canary-pepper-" * 4)
    site.person(password=PASSWORD)
    assert "canary-pepper" not in caplog.text
    assert SECRET_KEY not in caplog.text
    assert "canary-pepper" not in repr(site.app.extensions["flask_identity"])
