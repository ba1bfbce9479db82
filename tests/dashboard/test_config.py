"""What the environment configures, and how a mistake in it is told."""

from __future__ import annotations

import pytest

from flask_identity import ConfigurationError
from identity_dashboard import config, create_app, database

KEY = {"SECRET_KEY": "k" * 40}


@pytest.fixture
def instance(tmp_path, monkeypatch):
    """A folder to be in; the instance folder is below it."""
    monkeypatch.chdir(tmp_path)
    return tmp_path / "instance"


def engine_options(**environ):
    return config.read(KEY | environ).values["SQLALCHEMY_ENGINES"]["default"]


def shown(url):
    return url.render_as_string(hide_password=False)


def test_without_any_variable_all_is_in_the_instance_folder(instance):
    found = config.read({})

    assert found.instance == instance
    assert found.values["SECRET_KEY"] == (instance / "secret_key").read_text().strip()
    engine = found.values["SQLALCHEMY_ENGINES"]["default"]
    assert shown(engine["url"]) == f"sqlite:///{instance / 'dashboard.sqlite3'}"
    assert {key: value for key, value in found.values.items() if key.startswith("IDENTITY_")} == config.DEFAULTS


def test_the_kept_key_is_the_same_at_the_next_start(instance):
    assert config.read({}).values["SECRET_KEY"] == config.read({}).values["SECRET_KEY"]


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("postgresql://me:pw@db/people", "postgresql+psycopg://me:pw@db/people"),
        ("postgresql+psycopg2://me@db/people", "postgresql+psycopg://me@db/people"),
        ("postgresql+asyncpg://db:6543/people", "postgresql+psycopg://db:6543/people"),
        ("postgres://db/people", "postgresql+psycopg://db/people"),
        ("mysql://me:pw@db/people", "mysql+pymysql://me:pw@db/people?charset=utf8mb4"),
        ("mysql+mysqldb://db/people?charset=latin1", "mysql+pymysql://db/people?charset=utf8mb4"),
        ("mariadb+mariadbconnector://db/people", "mysql+pymysql://db/people?charset=utf8mb4"),
        ("sqlite:////srv/people.sqlite3", "sqlite:////srv/people.sqlite3"),
        ("sqlite+pysqlite:////srv/people.sqlite3", "sqlite:////srv/people.sqlite3"),
    ],
)
def test_the_orm_picks_its_driver(instance, given, used):
    assert shown(engine_options(DATABASE_URL=given)["url"]) == used


def test_a_file_that_is_named_without_its_folder_is_in_the_folder_one_is_in(instance):
    assert engine_options(DATABASE_URL="sqlite:///people.sqlite3")["url"].database == str(
        instance.parent / "people.sqlite3"
    )


def test_the_time_to_wait_for_a_database_can_be_said_in_its_url(instance):
    assert engine_options(DATABASE_URL="postgresql://db/people")["connect_args"] == {"connect_timeout": 5}
    assert engine_options(DATABASE_URL="postgresql://db/people?connect_timeout=60")["connect_args"] == {}


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("IDENTITY_REGISTERABLE", "false", False),
        ("IDENTITY_BASIC", "True", True),
        ("IDENTITY_FRESH_FOR", "120", 120),
        ("IDENTITY_PRODUCT_NAME", "Our People", "Our People"),
        ("IDENTITY_BASE_URL", "https://people.example.com", "https://people.example.com"),
        ("IDENTITY_BASE_URL", "", None),
        ("IDENTITY_URL_PREFIX", "/accounts", "/accounts"),
        ("IDENTITY_CONFIRMABLE", "false", False),
        ("IDENTITY_REDIS_URL", "", None),
    ],
)
def test_a_setting_gets_the_type_it_has(instance, name, text, value):
    found = config.read(KEY | {name: text}).values[name]

    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("IDENTITY_BASIC", "yes", "IDENTITY_BASIC must be true or false."),
        ("IDENTITY_BASIC", "", "IDENTITY_BASIC must be true or false."),
        ("IDENTITY_FRESH_FOR", "ten", "IDENTITY_FRESH_FOR must be a whole number."),
        ("IDENTITY_FRESH_FOR", "1.5", "IDENTITY_FRESH_FOR must be a whole number."),
        ("IDENTITY_PASSWORD_MIN_LENGTH", "3", "IDENTITY_PASSWORD_MIN_LENGTH must be at least 8."),
        ("IDENTITY_EMAIL_EXISTS", "always", "IDENTITY_EMAIL_EXISTS must be one of signed_in, public, off."),
        ("IDENTITY_URL_PREFIX", "accounts", "IDENTITY_URL_PREFIX must begin with a slash"),
        ("IDENTITY_TRACKABEL", "true", "IDENTITY_TRACKABEL is not a setting of Flask-Identity; did you mean "),
        ("IDENTITY_REDIS_URL", "redis://:swordfish@db", "IDENTITY_REDIS_URL asks for what is not part of this version"),
        ("DASHBOARD_INSTACE", "x", "DASHBOARD_INSTACE is not a variable of the dashboard; did you mean DASHBOARD_INST"),
        ("DASHBOARD_ORM", "peewee", "DASHBOARD_ORM must be sqlalchemy"),
        ("DATABASE_URL", "oracle://me:swordfish@db/people", "DATABASE_URL must begin with sqlite:///, postgresql://"),
        ("DATABASE_URL", "people.sqlite3", "DATABASE_URL must begin with sqlite:///, postgresql://"),
        ("DATABASE_URL", "postgresql://db:port/people", "DATABASE_URL must begin with sqlite:///, postgresql://"),
        ("DATABASE_URL", "sqlite://", "DATABASE_URL must name a file for SQLite"),
        ("SECRET_KEY", "swordfish", "SECRET_KEY is too short"),
    ],
)
def test_a_mistake_is_told_in_one_sentence_that_names_the_variable(instance, name, text, sentence):
    with pytest.raises(ConfigurationError) as raised:
        create_app(KEY | {name: text})

    assert str(raised.value).startswith(sentence)
    assert "swordfish" not in str(raised.value)
    assert str(raised.value).count("\n") == 0


def test_a_folder_that_cannot_be_written_in_is_told_in_one_sentence(tmp_path):
    file = tmp_path / "file"
    file.touch()

    for given in ({}, KEY):
        with pytest.raises(ConfigurationError, match="DASHBOARD_INSTANCE"):
            config.read({**given, "DASHBOARD_INSTANCE": str(file / "below")})


def test_a_driver_that_is_not_installed_is_named_with_what_installs_it(instance, monkeypatch):
    monkeypatch.setattr(database, "find_spec", lambda name: None)

    with pytest.raises(ConfigurationError, match=r"needs psycopg: pip install flask-identity\[postgres\]"):
        config.read(KEY | {"DATABASE_URL": "postgresql://db/people"})


def test_the_password_of_a_new_administrator_is_no_setting(instance):
    assert config.ADMIN_PASSWORD not in config.read(KEY | {config.ADMIN_PASSWORD: "purple otters"}).values


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("postgresql://me:pw@db:5433/people?sslmode=require", "postgresql://db:5433/people"),
        ("mysql://me:pw@[::1]/people", "mysql://[::1]/people"),
        ("postgresql:///people?host=/run/pg&password=pw", "postgresql://localhost/people"),
        ("sqlite:////srv/people.sqlite3", "/srv/people.sqlite3"),
    ],
)
def test_a_place_is_shown_without_who_may_enter(instance, url, place):
    assert database.place(engine_options(DATABASE_URL=url)["url"]) == place
