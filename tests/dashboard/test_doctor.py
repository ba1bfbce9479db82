"""`flask identity doctor` in the dashboard."""

from __future__ import annotations

import json

import pytest

from identity_dashboard import create_app, schema
from identity_dashboard.models import db

UNREACHABLE = ["postgresql://me:swordfish@127.0.0.1:1/people", "mysql://me:swordfish@127.0.0.1:1/people"]


def examined(app):
    done = app.test_cli_runner().invoke(args=["identity", "doctor", "--json"])
    return {(each["subject"], each["level"]): each["says"] for each in json.loads(done.output)}, done.exit_code


def test_the_shipped_migrations_make_tables_that_nothing_is_wrong_with(env_on_both):
    app = create_app(env_on_both)
    with app.app_context():
        schema.migrate(db.engine)

    found, _ = examined(app)

    assert ("schema", "ok") in found, found
    assert ("collations", "ok") in found, found
    assert ("clock", "ok") in found, found
    with app.app_context():
        db.engine.dispose()


@pytest.mark.parametrize("url", UNREACHABLE, ids=["postgresql", "mariadb"])
def test_a_database_that_is_away_is_said_in_one_line(env, url):
    """F-02."""
    found, code = examined(create_app(env | {"DATABASE_URL": url}))

    assert code == 1
    assert found["database", "fail"] == "It cannot be reached: check its address, and that it runs."
