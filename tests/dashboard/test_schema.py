"""The shipped migrations make exactly the tables the models describe, on every database."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from identity_dashboard import create_app, database, schema
from identity_dashboard.app import identity
from identity_dashboard.models import Model, User, db
from tests.dashboard.processes import GOOD

HEAD = ScriptDirectory.from_config(schema.config()).get_current_head()
JOSE = "jose@example.com"


@pytest.fixture
def tables(app_on):
    """The application on each database, migrated."""
    schema.migrate(db.engine)
    return app_on


def rows(statement, **values):
    with db.engine.connect() as connection:
        return connection.execute(sa.text(statement), values).all()


def differences():
    with db.engine.connect() as connection:
        return compare_metadata(MigrationContext.configure(connection), Model.metadata)


def downgrade(to="base"):
    with schema.alone(db.engine) as connection:
        command.downgrade(schema.config(connection), to)


def test_going_back_before_api_tokens_keeps_sessions_and_leaves_no_token_that_would_be_one(tables):
    """F-45."""
    identity.datastore.create_user("ada@example.com", GOOD)
    client = tables.test_client()
    client.environ_base["HTTP_SEC_FETCH_SITE"] = "same-origin"
    assert client.post("/login", json={"email": "ada@example.com", "password": GOOD}).status_code == 200
    assert client.post("/tokens", json={"name": "CI", "scopes": ["read"]}).status_code == 200
    db.session.close()

    downgrade("0001")

    assert rows("SELECT kind FROM identity_session") == [("cookie",)]
    assert not {"name", "scopes"} & {column["name"] for column in sa.inspect(db.engine).get_columns("identity_session")}
    schema.migrate(db.engine)
    assert client.get("/profile", headers={"Accept": "application/json"}).status_code == 200
    token = client.post("/tokens", json={"name": "CI", "scopes": ["read"]}).json["response"]["token"]
    program = tables.test_client(use_cookies=False)
    assert program.get("/profile", headers={"Authorization": f"Bearer {token}"}).status_code == 200
    assert differences() == []


def test_the_migrated_tables_are_those_of_the_models(tables):
    """M10."""
    assert differences() == []


def test_a_table_that_differs_from_its_model_would_be_noticed(tables):
    with db.engine.begin() as connection:
        connection.execute(sa.text("DROP INDEX ix_user_created_at" + on_its_table()))

    assert [difference[0] for difference in differences()] == ["add_index"]


def on_its_table():
    return " ON user" if db.engine.dialect.name == "mysql" else ""


def test_the_tables_can_be_made_dropped_and_made_again_with_data_in_them(app_on):
    """F-45."""
    for _ in range(2):
        assert schema.migrate(db.engine) == (None, HEAD)
        identity.datastore.create_user("ada@example.com", GOOD, roles=["admin"], profile={"full_name": "Ada"})
        client = app_on.test_client()
        signed_in = client.post("/login", json={"email": "ada@example.com", "password": GOOD})
        assert signed_in.status_code == 200
        assert {count("user"), count("identity_profile"), count("identity_session")} == {1}
        assert count("user_role") == 2
        db.session.close()
        downgrade()
        assert sa.inspect(db.engine).get_table_names() == ["alembic_version"]
        assert schema.lags(db.engine)


def count(table):
    name = db.engine.dialect.identifier_preparer.quote(table)
    return rows(f"SELECT count(*) FROM {name}")[0][0]


def test_migrating_again_changes_nothing(tables):
    identity.datastore.create_user(JOSE, GOOD)

    assert schema.migrate(db.engine) == (HEAD, HEAD)
    assert count("user") == 1


def test_while_one_migrates_another_waits_and_in_the_end_says_so(env_on, monkeypatch):
    """F-45."""
    monkeypatch.setattr(schema, "WAIT", 1)
    monkeypatch.setattr(database, "WAIT_FOR_LOCK", 1)
    app = create_app(env_on)
    with app.app_context():
        with schema.alone(db.engine), pytest.raises(schema.DatabaseAway):
            schema.migrate(db.engine)
        assert schema.migrate(db.engine) == (None, HEAD)
        db.engine.dispose()


def test_a_revision_of_a_newer_version_is_left_alone(tables):
    """F-46: old and new processes run side by side while an update is rolled out."""
    with db.engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))

    assert not schema.lags(db.engine)


def test_addresses_are_compared_byte_by_byte(tables):
    """A-067: a look-alike of an address does not find its account."""
    identity.datastore.create_user(JOSE, GOOD)
    identity.datastore.create_user("josé@example.com", GOOD)

    for typed, found in {JOSE: 1, "JOSE@EXAMPLE.COM": 0, "josé@example.com": 1, f"{JOSE} ": 0}.items():
        statement = sa.select(sa.func.count()).select_from(User).where(User.email == typed)
        # MariaDB's utf8mb4_bin pads with blanks; an address never ends with one.
        padded = db.engine.dialect.name == "mysql" and typed.endswith(" ")
        assert db.session.execute(statement).scalar_one() == (1 if padded else found), typed


def test_times_keep_their_microseconds(tables):
    columns: list[Any] = list(sa.inspect(db.engine).get_columns("user"))
    kinds = {column["name"]: column["type"] for column in columns if column["name"].endswith("_at")}

    assert len(kinds) == 5
    if db.engine.dialect.name == "mysql":
        assert {kind.fsp for kind in kinds.values()} == {6}
    if db.engine.dialect.name == "postgresql":
        assert all(kind.timezone for kind in kinds.values())


def test_deleting_an_account_takes_what_belongs_to_it_along(tables):
    user = identity.datastore.create_user(JOSE, GOOD, profile={"full_name": "José"})
    name = db.engine.dialect.identifier_preparer.quote("user")
    statement = sa.text(f"DELETE FROM {name} WHERE id = :id").bindparams(id=user.id)

    with db.engine.begin() as connection:
        connection.execute(statement)

    assert (count("user_role"), count("identity_profile")) == (0, 0)


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_postgresql_has_the_indexes_that_its_order_of_nulls_and_letters_needs(tables):
    indexes = dict(rows("SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'user'"))
    collations = rows(
        "SELECT collname FROM pg_attribute JOIN pg_collation ON attcollation = pg_collation.oid "
        "WHERE attrelid = '\"user\"'::regclass AND attname IN ('email', 'username')"
    )

    assert "last_login_at NULLS FIRST" in indexes["ix_user_last_login_at"]
    assert collations == [("C",), ("C",)]


@pytest.mark.parametrize("database_url", ["mariadb"], indirect=True)
def test_mariadb_keeps_every_alphabet_whatever_its_database_was_made_with(app_on):
    before = rows("SELECT @@character_set_database")[0][0]
    name = db.engine.url.database
    try:
        with db.engine.begin() as connection:
            connection.execute(sa.text(f"ALTER DATABASE {name} CHARACTER SET latin1"))
        schema.migrate(db.engine)
        user = identity.datastore.create_user(JOSE, GOOD, profile={"full_name": "三毛 🦦"})
        assert user.profile.full_name == "三毛 🦦"
    finally:
        with db.engine.begin() as connection:
            connection.execute(sa.text(f"ALTER DATABASE {name} CHARACTER SET {before}"))
