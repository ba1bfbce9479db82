"""Who is calling, and how often: `resume`, `touch`, `bump`."""

from __future__ import annotations

import pytest

from flask_identity.base.clock import now
from flask_identity.base.ports import Kind
from flask_identity.core.principal import rights
from tests.contracts.rows import BEGAN, add_person, add_role, give, session, throttle, undone
from tests.contracts.stores import in_a_database, on_sqlalchemy_only


def test_a_session_is_resumed_with_the_state_of_its_user(store):
    user_id = add_person(store, uniquifier="the user's")
    values = session(user_id, digest="a digest", kind="bearer", remember=True, uniquifier="the session's")
    store.add(Kind.SESSION, values | {"created_at": BEGAN + 1, "last_seen_at": BEGAN + 2, "proved_at": BEGAN + 3})

    found = store.resume("s1")

    assert (found.session_id, found.digest, found.kind, found.remember) == ("s1", "a digest", "bearer", True)
    assert (found.created_at, found.last_seen_at, found.proved_at) == (BEGAN + 1, BEGAN + 2, BEGAN + 3)
    assert (found.session_uniquifier, found.uniquifier) == ("the session's", "the user's")
    assert (found.user_id, found.email, found.active, found.confirmed) == (user_id, "ada@example.com", True, False)


def test_the_values_of_a_resumed_session_have_exact_types(store):
    """A driver's 1 is not True, and a key that is a text where it should be a number finds nobody."""
    store.add(Kind.SESSION, session(add_person(store)))

    found = store.resume("s1")

    types = {name: type(getattr(found, name)) for name in found._fields}
    assert types == {
        **dict.fromkeys(("session_id", "digest", "kind", "session_uniquifier", "email", "uniquifier"), str),
        **dict.fromkeys(("roles", "scopes"), str),
        **dict.fromkeys(("created_at", "last_seen_at", "proved_at", "expires_at", "user_id"), int),
        **dict.fromkeys(("remember", "active", "confirmed"), bool),
    }


def test_an_api_token_is_resumed_with_its_scopes_and_its_end(store):
    row = session(add_person(store), kind="api", name="Nächtliche Sicherung 🦦", scopes="read deploy:all")
    store.add(Kind.SESSION, row | {"expires_at": 253_402_300_799})
    store.add(Kind.SESSION, session(row["user_id"], "s2"))

    found = store.resume("s1")

    assert (found.kind, found.scopes, found.expires_at) == ("api", "read deploy:all", 253_402_300_799)
    assert (store.resume("s2").scopes, store.resume("s2").expires_at) == ("", BEGAN + 3600)
    kept = store.first(Kind.SESSION, {"kind": "api"})
    assert (kept.name, kept.scopes) == ("Nächtliche Sicherung 🦦", "read deploy:all")
    plain = store.first(Kind.SESSION, {"id": "s2"})
    assert (plain.name, plain.scopes) == (None, None)


@pytest.mark.parametrize("id", ["s2", "S1", "", "s1'", "%", "s_"])
def test_no_other_id_resumes_a_session(store, id):
    store.add(Kind.SESSION, session(add_person(store)))

    assert store.resume(id) is None


def test_nothing_resumes_after_the_session_or_its_user_is_gone(store):
    user_id = add_person(store)
    store.add(Kind.SESSION, session(user_id, "s1"))
    store.add(Kind.SESSION, session(user_id, "s2"))

    store.remove(Kind.SESSION, {"id": "s1"})
    assert store.resume("s1") is None

    store.remove(Kind.USER, {"id": user_id})
    assert store.resume("s2") is None


@pytest.mark.parametrize("active", [False, None])
def test_a_suspended_user_resumes_as_not_active(store, active):
    store.add(Kind.SESSION, session(add_person(store, active=active)))

    assert store.resume("s1").active is False


def test_what_others_have_just_saved_shows_at_the_next_resume(store, case):
    """A suspension holds at the very next request (E11)."""
    user_id = add_person(store)
    store.add(Kind.SESSION, session(user_id))
    assert store.resume("s1").active is True

    case.elsewhere(store.change, Kind.USER, {"id": user_id}, {"active": False, "uniquifier": "new"})

    assert (store.resume("s1").active, store.resume("s1").uniquifier) == (False, "new")


def test_a_confirmed_address_shows(store):
    store.add(Kind.SESSION, session(add_person(store, confirmed_at=now())))

    assert store.resume("s1").confirmed is True


def test_a_user_without_roles_has_none(store):
    add_role(store, "editor")
    store.add(Kind.SESSION, session(add_person(store)))

    found = store.resume("s1")

    assert found.roles == ""
    assert rights(found.roles) == (frozenset(), frozenset())


def test_roles_come_with_their_permissions(store):
    user_id, other = add_person(store), add_person(store, "bob")
    editor = add_role(store, "editor", 5, frozenset({"posts:write", "posts.read"}))
    give(store, user_id, editor)
    give(store, user_id, add_role(store, "audit:er-2", 7, frozenset({"log_read"})))
    give(store, user_id, add_role(store, "plain"))
    give(store, other, add_role(store, "not_hers", 9, frozenset({"everything"})))
    store.add(Kind.SESSION, session(user_id))

    found = store.resume("s1")

    assert [*rights(found.roles)] == [{"editor", "audit:er-2", "plain"}, {"posts:write", "posts.read", "log_read"}]
    parts = {row.split("\x1f")[0]: row.split("\x1f")[1:] for row in found.roles.split("\x1e")}
    assert parts["editor"] == ["5", '["posts.read","posts:write"]']
    assert parts["plain"] == ["0", "[]"]


def test_many_roles_and_permissions_are_not_cut_short(store):
    """MariaDB ends an aggregated text at group_concat_max_len, 1 MiB by default, and 1 KiB on old servers."""
    user_id = add_person(store)
    for number in range(40):
        permissions = frozenset(f"area{number}.thing{each}:write" for each in range(20))
        give(store, user_id, add_role(store, f"role{number:02}-{'x' * 60}", number, permissions))
    store.add(Kind.SESSION, session(user_id))

    names, permissions = rights(store.resume("s1").roles)

    assert (len(names), len(permissions)) == (40, 800)


def test_the_many_permissions_of_one_role_are_not_cut_short(store):
    """A text cut in the middle is no JSON, and its reader would fail for every request of that person."""
    user_id = add_person(store)
    granted = frozenset(f"a-rather-long-name.of-a-permission:{each}" for each in range(300))
    give(store, user_id, add_role(store, "wide", 1, granted))
    store.add(Kind.SESSION, session(user_id))

    assert rights(store.resume("s1").roles)[1] == granted


def test_touching_notes_when_a_session_was_last_seen(store):
    user_id = add_person(store)
    store.add(Kind.SESSION, session(user_id, "s1"))
    store.add(Kind.SESSION, session(user_id, "s2"))

    store.touch("s1", BEGAN + 60)
    store.touch("gone", BEGAN + 60)

    assert (store.resume("s1").last_seen_at, store.resume("s2").last_seen_at) == (BEGAN + 60, BEGAN)
    assert store.first(Kind.SESSION, {"id": "s1"}).last_seen_at == BEGAN + 60


@on_sqlalchemy_only
def test_a_touch_stands_whatever_becomes_of_the_unit_around_it(store):
    store.add(Kind.SESSION, session(add_person(store)))

    with undone(store):
        store.first(Kind.SESSION, {"id": "s1"})
        store.touch("s1", BEGAN + 60)

    assert store.resume("s1").last_seen_at == BEGAN + 60


@in_a_database
def test_resuming_sees_nothing_of_a_unit_that_is_not_committed(store, case):
    user_id = add_person(store, uniquifier="old")
    store.add(Kind.SESSION, session(user_id))
    with store.unit():
        store.change(Kind.USER, {"id": user_id}, {"uniquifier": "new"})
        assert case.elsewhere(store.resume, "s1").uniquifier == "old"


def test_resuming_in_a_unit_disturbs_nothing(store, case):
    user_id = add_person(store)
    store.add(Kind.SESSION, session(user_id))
    with store.unit():
        store.change(Kind.USER, {"id": user_id}, {"nickname": "A"})
        assert store.resume("s1") is not None
        store.change(Kind.USER, {"id": user_id}, {"username": "ada"})

    found = case.elsewhere(store.first, Kind.USER, {"id": user_id})
    assert (found.nickname, found.username) == ("A", "ada")


def test_bumping_counts_from_one(store):
    assert [store.bump("k", BEGAN) for _ in range(3)] == [1, 2, 3]
    assert store.bump("other", BEGAN) == 1

    row = store.first(Kind.THROTTLE, {"key": "k"})
    assert (row.count, row.expires_at, row.reserved, row.locked_until) == (3, BEGAN, 0, 0)


def test_bumping_keeps_what_else_is_in_the_row(store):
    store.add(Kind.THROTTLE, throttle(count=7, reserved=2, locked_until=5, expires_at=BEGAN))

    assert store.bump("k", BEGAN + 9) == 8

    row = store.first(Kind.THROTTLE, {"key": "k"})
    assert (row.reserved, row.locked_until, row.expires_at) == (2, 5, BEGAN)


def test_a_bump_in_a_unit_that_rolls_back_did_not_count(store):
    store.bump("k", BEGAN)
    with undone(store):
        assert store.bump("k", BEGAN) == 2

    assert store.bump("k", BEGAN) == 2
