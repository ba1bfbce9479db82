"""F-47: everybody whose password record was made elsewhere signs in, and the record becomes ours."""

from __future__ import annotations

import os

import pytest

from tests.core.test_legacy import RECORDS, SALT
from tests.support.apps import EVERYTHING, sign_in

PEOPLE = 1000 if os.environ.get("RACES") == "release" else 25


@pytest.mark.parametrize("kind", RECORDS)
def test_everybody_signs_in_and_every_record_is_replaced(build, kind):
    site = build(IDENTITY_THROTTLE=False, IDENTITY_FLASK_SECURITY_SALT=SALT, **EVERYTHING)
    with site.app.app_context():
        for number in range(PEOPLE):
            record = RECORDS[kind](f"password of person {number}")
            site.identity.datastore.create_user(f"p{number}@example.com", password_hash=record)
    before = {row["email"]: row["password"] for row in site.rows(site.users)}

    client = site.client()
    answers = [
        sign_in(client, f"p{number}@example.com", f"password of person {number}").status_code
        for number in range(PEOPLE)
    ]

    after = {row["email"]: row["password"] for row in site.rows(site.users)}
    assert answers == [200] * PEOPLE
    assert sum(after[email].startswith("$argon2id$v=19$m=8,t=1,p=1$") for email in before) == PEOPLE
    assert not {email for email in before if after[email] == before[email]}
    assert sign_in(client, "p0@example.com", "password of person 1").status_code == 401
