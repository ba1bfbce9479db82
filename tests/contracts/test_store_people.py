"""The administrators' list: every order, every filter, forwards and back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from flask_identity.base.ports import Kind, PeopleQuery
from flask_identity.core.names import prefix as beginning
from tests.contracts.rows import add_person, add_role, give, person, utc

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
SORTS = ("email", "created_at", "last_login_at", "id")


@pytest.fixture
def crowd(store):
    """17 people whose addresses are in no order, with ties and, for their last sign-in, NULLs."""
    with store.unit():
        for number in range(17):
            last = None if number % 3 == 0 else NOW - HOUR * (number % 4)
            created = NOW + timedelta(days=number // 5, microseconds=number // 2)
            name = f"{'zyxabcé'[number % 7]}{number}"
            store.add(Kind.USER, person(name, created_at=created, last_login_at=last))
    return store


def in_order(store, sort, descending):
    """The ids of everybody, as the list has to have them: NULL is lowest, ties go by id."""

    def place(user):
        value = getattr(user, sort)
        return (value is not None, value, user.id) if value is not None else (False, user.id)

    everybody = store.page(Kind.USER, {}, order="id", limit=100)
    return [user.id for user in sorted(everybody, key=place, reverse=descending)]


def at(query, user, backwards=False):
    """The query for the page next to a user."""
    return replace(query, after=(utc_or_value(getattr(user, query.sort)), user.id), backwards=backwards)


def utc_or_value(value):
    return utc(value) if isinstance(value, datetime) else value


@pytest.mark.parametrize(("sort", "descending"), [*product(SORTS, (False, True))])
def test_paging_forwards_and_back_visits_everyone_once_in_order(crowd, sort, descending):
    expected = in_order(crowd, sort, descending)
    for limit in (1, 4, 17):
        query = PeopleQuery(sort=sort, descending=descending, limit=limit)
        pages = [crowd.people(query, NOW, False)]
        while pages[-1].more_after:
            assert len(pages[-1].users) == limit
            pages.append(crowd.people(at(query, pages[-1].users[-1]), NOW, False))
            assert pages[-1].more_before
        assert [user.id for page in pages for user in page.users] == expected
        assert not pages[0].more_before

        back = [pages[-1]]
        while back[-1].more_before:
            back.append(crowd.people(at(query, back[-1].users[0], backwards=True), NOW, False))
            assert back[-1].more_after
        assert [user.id for page in reversed(back) for user in page.users] == expected


def test_the_order_of_names_is_by_code_point_everywhere(crowd):
    found = [user.email for user in crowd.people(PeopleQuery(sort="email", descending=False), NOW, False).users]

    assert found == sorted(found)
    assert found[-1].startswith("é")


def test_nobody_is_an_empty_page(store):
    page = store.people(PeopleQuery(), NOW, False)

    assert (list(page.users), page.more_before, page.more_after, dict(page.roles)) == ([], False, False, {})


def test_a_page_says_whether_there_is_more(crowd):
    assert crowd.people(PeopleQuery(limit=16), NOW, False).more_after
    assert not crowd.people(PeopleQuery(limit=17), NOW, False).more_after


def test_a_page_has_the_roles_of_its_people_highest_first(store):
    ada, bob = add_person(store, "ada"), add_person(store, "bob")
    roles = {name: add_role(store, name, rank) for name, rank in (("user", 1), ("admin", 100), ("zebra", 1))}
    for name in roles:
        give(store, ada, roles[name])
    add_person(store, "cid")
    give(store, bob, roles["user"])

    page = store.people(PeopleQuery(), NOW, False)

    assert {key: list(names) for key, names in page.roles.items()} == {ada: ["admin", "user", "zebra"], bob: ["user"]}


@pytest.fixture
def states(store):
    """Somebody in each state; the name says what they are when confirmation is required."""
    stamp = {"confirmed_at": NOW}
    add_person(store, "active1", **stamp)
    add_person(store, "active2", **stamp, locked_until=NOW - HOUR)
    add_person(store, "active3", **stamp, locked_until=NOW)
    add_person(store, "pending1")
    add_person(store, "pending2", locked_until=NOW + HOUR)
    add_person(store, "locked1", **stamp, locked_until=NOW + timedelta(microseconds=1))
    add_person(store, "suspended1", active=False, locked_until=NOW + HOUR)
    add_person(store, "suspended2", active=None, **stamp)
    return store


def names(store, pending, **filters):
    page = store.people(PeopleQuery(sort="email", descending=False, **filters), NOW, pending)
    return [user.email.partition("@")[0] for user in page.users]


@pytest.mark.parametrize("status", ["active", "pending", "locked", "suspended"])
def test_a_filter_by_status_finds_those_whose_status_it_is(states, status):
    found = names(states, True, status=status)

    assert found
    assert [name for name in names(states, True) if name.startswith(status)] == found


def test_nobody_is_pending_where_no_confirmation_is_required(states):
    assert names(states, False, status="pending") == []
    assert names(states, False, status="active") == ["active1", "active2", "active3", "pending1"]
    assert names(states, False, status="locked") == ["locked1", "pending2"]


def test_counts_by_status_are_those_of_the_filters(states):
    assert states.tally(PeopleQuery(), NOW, True, 100) == {"active": 3, "suspended": 2, "pending": 2, "locked": 1}
    assert states.tally(PeopleQuery(), NOW, False, 100) == {"active": 4, "suspended": 2, "pending": 0, "locked": 2}


def test_counts_give_up_at_the_cap(states):
    assert states.tally(PeopleQuery(), NOW, True, 2) == {"active": 2, "suspended": 2, "pending": 2, "locked": 1}


def test_counts_heed_prefix_and_role_but_not_the_status_asked_for(states):
    give(states, states.first(Kind.USER, {"email": "active2@example.com"}).id, add_role(states, "editor"))

    assert states.tally(PeopleQuery(status="locked", prefix=beginning("active")), NOW, True, 100)["active"] == 3
    assert states.tally(PeopleQuery(role="editor"), NOW, True, 100) == {
        **{"active": 1, "suspended": 0, "pending": 0, "locked": 0}
    }
    assert states.tally(PeopleQuery(role="editor", prefix=beginning("locked")), NOW, True, 100)["active"] == 0


def test_a_prefix_is_taken_literally_and_by_code_point(store):
    every = ["al", "al_ice", "al%ice", "alice", "albert", "b", "ál", "älice", "a'", "al'x", "zzz", "\U0001f600x", "AL"]
    with store.unit():
        for name in [*every, "\ud7ffx", "\ue000x", "\U0010ffffx", "al\\x", "al\u0301"]:
            store.add(Kind.USER, person(name))
    everybody = names(store, False)
    prefixes = ["a", "al", "al_", "al%", "ál", "ä", "z", "zzz", "al'", "al\\", "\U0001f600", "\ud7ff", "\U0010ffff"]

    found = {prefix: names(store, False, prefix=beginning(prefix)) for prefix in prefixes}

    assert found == {prefix: [name for name in everybody if name.startswith(prefix)] for prefix in prefixes}


def test_a_prefix_finds_the_whole_address(store):
    add_person(store, "ada")

    assert names(store, False, prefix=beginning("ada@example.com")) == ["ada"]
    assert names(store, False, prefix=beginning("ada@example.comm")) == []


def test_filters_hold_together_on_every_page(store):
    editor = add_role(store, "editor")
    with store.unit():
        for number in range(12):
            user = store.add(Kind.USER, person(f"p{number:02}", active=number % 2 == 0))
            if number % 3 == 0:
                give(store, user.id, editor)
    query = PeopleQuery("active", "editor", beginning("p"), "email", False, 1)

    first = store.people(query, NOW, False)
    second = store.people(at(query, first.users[0]), NOW, False)
    back = store.people(at(query, second.users[0], backwards=True), NOW, False)

    assert [page.users[0].email for page in (first, second, back)] == [
        *("p00@example.com", "p06@example.com", "p00@example.com")
    ]
    assert (first.more_after, second.more_after, back.more_before) == (True, False, False)


def test_a_role_nobody_holds_finds_nobody(states):
    add_role(states, "editor")

    assert names(states, False, role="editor") == []
    assert names(states, False, role="unheard_of") == []


def test_the_list_shows_what_others_have_just_saved(store, case):
    user_id = add_person(store)
    assert [user.nickname for user in store.people(PeopleQuery(), NOW, False).users] == [None]

    case.elsewhere(store.change, Kind.USER, {"id": user_id}, {"nickname": "A"})

    assert [user.nickname for user in store.people(PeopleQuery(), NOW, False).users] == ["A"]


def test_admins_are_the_active_holders_of_the_role(store):
    admin, user = add_role(store, "admin", 100), add_role(store, "user", 1)
    ids = {name: add_person(store, name) for name in ("ada", "bob", "cid", "dan")}
    for name in ("ada", "bob", "cid"):
        give(store, ids[name], admin)
    give(store, ids["dan"], user)
    store.change(Kind.USER, {"id": ids["bob"]}, {"active": False})
    store.change(Kind.USER, {"id": ids["cid"]}, {"active": None})

    with store.unit():
        assert list(store.admins("admin")) == [ids["ada"]]
        assert list(store.admins("unheard_of")) == []
