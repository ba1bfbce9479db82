"""What importing the library costs: nothing that is slow or optional comes along."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

SLOW_OR_OPTIONAL = {
    *("pydantic", "zxcvbn", "sqlalchemy", "pony", "argon2", "redis", "email_validator"),
    *("webauthn", "alembic", "psycopg", "psycopg2", "pymysql", "PIL", "waitress"),
}


def pulled_in(statement):
    command = f"{statement}\nimport json, sys\nprint(json.dumps(sorted(sys.modules)))"
    found = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, check=True)
    return {name.partition(".")[0] for name in json.loads(found.stdout)}


def test_importing_the_library_pulls_in_nothing_slow_or_optional():
    assert not pulled_in("import flask_identity") & SLOW_OR_OPTIONAL


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("SQLAlchemyStore", {"sqlalchemy"}),
        ("Register", {"pydantic"}),
        ("create_profile_by_user", {"pydantic"}),
        ("UserMixin", set()),
        ("Identity", set()),
    ],
)
def test_a_public_name_pulls_in_what_it_needs_and_no_more(name, wanted):
    came = pulled_in(f"from flask_identity import {name}") & SLOW_OR_OPTIONAL

    assert wanted <= came
    assert "pony" not in came
    assert wanted or not came
