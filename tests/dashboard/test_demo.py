"""`manage.py demo`: invented people on either ORM, and never among real ones by accident."""

from __future__ import annotations

import unicodedata
from collections import Counter
from datetime import UTC, datetime

from identity_dashboard.demo.people import invented
from tests.dashboard.processes import GOOD, Caller, manage


def test_people_are_filled_in_once_and_their_administrator_can_look_at_them(env_on_both, start):
    manage("db", "migrate", env=env_on_both)

    first = manage("demo", "--people", "120", env=env_on_both)
    again = manage("demo", env=env_on_both)
    more = manage("demo", "--people", "30", "--more", env=env_on_both)

    assert (first.returncode, again.returncode, more.returncode) == (0, 0, 0), first.stderr + again.stderr + more.stderr
    assert "120 invented people were added" in first.stdout
    assert "There are 121 invented people already" in again.stdout
    assert "is there already and was not changed" in more.stdout
    email, password = first.stdout.split()[-2:]
    caller = Caller(start(env_on_both).url)
    assert caller.send("POST", "/login", email=email, password=password).status == 200
    suspended = caller.get("/user_list?status=suspended").response
    assert "suspended" in str(suspended)


def test_among_real_people_it_adds_nobody_unless_told_to(migrated):
    manage("db", "create_admin", "--email", "ada@example.com", env=migrated, sent=f"{GOOD}\n")

    refused = manage("demo", "--people", "5", env=migrated)

    assert refused.returncode == 1
    assert refused.stderr == "Error: There is 1 person here already: give --more to add 5 invented ones to them.\n"
    assert manage("demo", "--people", "5", "--more", env=migrated).returncode == 0


def test_invented_people_are_the_same_each_time_and_of_many_kinds():
    now = datetime(2026, 3, 1, tzinfo=UTC)
    people = list(invented(300, now, 0))

    assert people == list(invented(300, now, 0))
    assert len({person.email for person in people}) == 300
    scripts = Counter(unicodedata.name(person.profile["full_name"][0]).split()[0] for person in people)
    assert {"LATIN", "CJK", "ARABIC", "HANGUL", "CYRILLIC"} <= scripts.keys()
    assert {person.role for person in people} == {"", "editor", "auditor", "support"}
    assert any(not person.account["active"] for person in people)
    assert any("locked_until" in person.account for person in people)
    assert any(person.sessions for person in people)
    assert len({f"{person.account['created_at']:%Y-%m}" for person in people}) >= 12
    for person in people:
        assert person.account["created_at"] <= person.account.get("last_login_at", now) <= now
