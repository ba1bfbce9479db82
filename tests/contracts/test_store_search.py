"""The administrators' search: by the beginning of an address, a username or a full name."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from flask_identity.base.ports import Kind, PeopleQuery, SessionsQuery
from flask_identity.core.names import prefix as beginning
from tests.contracts.rows import add_person, add_role, give, person, session

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)


def named(store, email, username=None, full_name=None, **fields):
    user_id = add_person(store, email, username=username, **fields)
    if full_name is not None:
        store.add(Kind.PROFILE, {"user_id": user_id, "full_name": full_name})
    return user_id


@pytest.fixture
def mixed(store):
    """People found in each way, in several at once, and not at all."""
    named(store, "alpha", "zed", "Zoe")
    named(store, "beth", "alan", "Zoe")
    named(store, "cid", "kid", "  ALBERT Ünder")
    named(store, "alf", "alba", "Al Gore")
    named(store, "dan", None, "Alan Two", active=False)
    named(store, "eve", "eva", None)
    named(store, "fox", "fox", "Bal")
    return store


def found(store, text, **more):
    query = PeopleQuery(prefix=beginning(text), descending=False, **more)
    return [user.email.partition("@")[0] for user in store.people(query, NOW, False).users]


def test_people_are_found_once_in_the_order_of_what_matched_address_before_username_before_name(mixed):
    assert found(mixed, "al") == ["beth", "dan", "cid", "alf", "alpha"]
    assert found(mixed, "alan") == ["beth", "dan"]
    assert found(mixed, "AL ") == found(mixed, "al")


def test_a_full_name_is_compared_without_regard_to_case(mixed):
    for text in ("albert ü", "ALBERT Ü", "albert u\u0308", "Albert Ünder"):
        assert found(mixed, text) == ["cid"], text
    assert found(mixed, "under") == found(mixed, "%") == found(mixed, "al%") == []


@pytest.mark.parametrize("limit", [1, 2, 5])
@pytest.mark.parametrize("descending", [False, True])
def test_the_pages_of_a_search_visit_everyone_once_forwards_and_back(mixed, limit, descending):
    expected = found(mixed, "al")[:: -1 if descending else 1]
    query = PeopleQuery(prefix=beginning("al"), descending=descending, limit=limit)

    pages = [mixed.people(query, NOW, False)]
    while pages[-1].more_after:
        pages.append(mixed.people(replace(query, after=pages[-1].last), NOW, False))
    assert [user.email.partition("@")[0] for page in pages for user in page.users] == expected

    back = [pages[-1]]
    while back[-1].more_before:
        back.append(mixed.people(replace(query, after=back[-1].first, backwards=True), NOW, False))
    assert [user.email.partition("@")[0] for page in reversed(back) for user in page.users] == expected


def test_people_of_one_name_are_in_the_order_of_their_ids_on_every_page(store):
    ids = [named(store, name, None, "Same Name") for name in ("c", "a", "b")]
    query = PeopleQuery(prefix=beginning("same"), descending=False, limit=2)

    first = store.people(query, NOW, False)
    second = store.people(replace(query, after=first.last), NOW, False)

    assert [user.id for user in [*first.users, *second.users]] == sorted(ids)


def test_counts_of_a_search_count_everybody_once_and_give_up_at_the_cap(mixed):
    query = PeopleQuery(prefix=beginning("al"))

    assert mixed.tally(query, NOW, False, 100) == {"active": 4, "suspended": 1, "pending": 0, "locked": 0}
    assert mixed.tally(query, NOW, False, 3) == {"active": 3, "suspended": 1, "pending": 0, "locked": 0}


def test_a_search_holds_together_with_status_and_role(mixed):
    editor = add_role(mixed, "editor")
    for name in ("alf", "dan", "eve"):
        give(mixed, mixed.first(Kind.USER, {"email": f"{name}@example.com"}).id, editor)

    assert found(mixed, "al", role="editor") == ["dan", "alf"]
    assert found(mixed, "al", role="editor", status="suspended") == ["dan"]
    assert mixed.tally(PeopleQuery(role="editor", prefix=beginning("al")), NOW, False, 9)["active"] == 1


def test_a_page_has_the_full_names_of_its_people(mixed):
    page = mixed.people(PeopleQuery(sort="email", descending=False), NOW, False)

    assert [page.full_names.get(user.id) for user in page.users][:3] == ["Al Gore", "Zoe", "Zoe"]


def test_a_page_has_the_pictures_of_its_people(mixed):
    alf = mixed.first(Kind.USER, {"email": "alf@example.com"}).id
    mixed.change(Kind.PROFILE, {"user_id": alf}, {"image": "ftp://host/p/x.webp"})

    for query in (PeopleQuery(sort="email"), PeopleQuery(prefix=beginning("alf"))):
        assert mixed.people(query, NOW, False).images == {alf: "ftp://host/p/x.webp"}


def test_a_search_follows_a_full_name_that_changes(store):
    user_id = named(store, "ada", None, "Old")
    store.change(Kind.PROFILE, {"user_id": user_id}, {"full_name": "New Name"})
    assert (found(store, "old"), found(store, "new n")) == ([], ["ada"])

    store.change(Kind.PROFILE, {"user_id": user_id}, {"full_name": None})
    assert found(store, "new") == []


def test_the_members_of_a_role_are_in_the_order_of_their_ids(store):
    editor = add_role(store, "editor")
    ids = []
    with store.unit():
        for number in range(9):
            user = store.add(Kind.USER, person(f"{'zxy'[number % 3]}{number}", active=number != 4))
            if number % 2 == 0:
                give(store, user.id, editor)
                ids.append(user.id)
    query = PeopleQuery(role="editor", sort="id", descending=False, limit=2)

    pages = [store.people(query, NOW, False)]
    while pages[-1].more_after:
        pages.append(store.people(replace(query, after=pages[-1].last), NOW, False))

    assert [user.id for page in pages for user in page.users] == ids
    before = store.people(replace(query, after=pages[-1].first, backwards=True), NOW, False)
    assert [user.id for user in before.users] == ids[2:4]
    active = store.people(replace(query, status="active", limit=9), NOW, False)
    assert [user.id for user in active.users] == [each for each in ids if each != ids[2]]


def test_only_whom_a_change_would_change_can_be_asked_for(store):
    admin, user = add_role(store, "admin", 100), add_role(store, "user", 1)
    people = {
        "one": named(store, "one", locked_until=NOW + timedelta(hours=1)),
        "two": named(store, "two", active=False),
        "three": named(store, "three", active=None),
        "four": named(store, "four", locked_until=NOW),
    }
    give(store, people["one"], admin)
    give(store, people["two"], admin)
    give(store, people["two"], user)

    def changed(**by):
        page = store.people(PeopleQuery(sort="id", descending=False, **by), NOW, False)
        return [each.email.partition("@")[0] for each in page.users]

    assert changed(changed_by_status="suspended") == ["one", "four"]
    assert changed(changed_by_status="active") == ["one", "two", "three"]
    assert changed(changed_by_role="admin") == ["two", "three", "four"]
    assert changed(changed_by_role="admin", changed_by_status="active") == ["two", "three"]


def test_everybodys_live_sessions_are_listed_newest_first_page_by_page(store):
    ada, bob, gone = named(store, "ada"), named(store, "bob"), named(store, "gone", active=False)
    stamps = {user_id: store.first(Kind.USER, {"id": user_id}).uniquifier for user_id in (ada, bob, gone)}
    began = {"s1": 5, "s2": 5, "s3": 7, "s4": 1, "s5": 8, "s6": 9, "s7": 9}
    odd: dict[str, dict[str, Any]] = {"s6": {"uniquifier": "old"}, "s7": {"last_seen_at": 0}}
    with store.unit():
        for number, (name, at) in enumerate(began.items()):
            owner = (ada, bob)[number % 2] if name != "s5" else gone
            fields: dict[str, Any] = {"created_at": at, "last_seen_at": at, "uniquifier": stamps[owner]}
            fields |= odd.get(name, {})
            store.add(Kind.SESSION, session(owner, name, **fields))
    every = SessionsQuery((("cookie", False, 0, 0), ("bearer", False, 9, 9)), limit=2)

    first = store.live_sessions(every)
    assert [(each.id, each.email) for each in first] == [
        ("s3", "ada@example.com"),
        ("s2", "bob@example.com"),
        ("s1", "ada@example.com"),
    ]
    assert {type(each.user_id) for each in first} == {type(ada)}
    second = store.live_sessions(replace(every, after=(5, "s2")))
    assert [each.id for each in second] == ["s1", "s4"]
    back = store.live_sessions(replace(every, after=(5, "s1"), backwards=True))
    assert [each.id for each in back] == ["s3", "s2"]
    assert [each.id for each in store.live_sessions(replace(every, users=[bob]))] == ["s2", "s4"]
    assert store.live_sessions(replace(every, users=[])) == []
