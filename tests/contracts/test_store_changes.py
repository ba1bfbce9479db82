"""What `change` finds and sets, and how values compare."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from flask_identity.base.ports import Add, Copy, Kind
from tests.contracts.rows import add_person, add_role, person, throttle, utc
from tests.contracts.stores import ON_SQLALCHEMY, among

MOMENT = datetime(2024, 2, 29, 23, 59, 59, 123456, tzinfo=UTC)
IN_TONGA = MOMENT.astimezone(timezone(timedelta(hours=13)))


@pytest.fixture
def counted(store):
    """Three throttles: a counts 1, b counts 2, c counts 3."""
    for number, key in enumerate("abc", start=1):
        store.add(Kind.THROTTLE, throttle(key, count=number))
    return store


def keys(store, where):
    return "".join(row.key for row in store.page(Kind.THROTTLE, where, order="key", limit=10))


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ({"count": 2}, "b"),
        ({"count__lt": 2}, "a"),
        ({"count__le": 2}, "ab"),
        ({"count__gt": 2}, "c"),
        ({"count__ge": 2}, "bc"),
        ({"count__ne": 2}, "ac"),
        ({"count__in": [1, 3, 7]}, "ac"),
        ({"count__in": []}, ""),
        ({"count__gt": 1, "key__ne": "c"}, "b"),
        ({}, "abc"),
    ],
)
def test_every_comparison_finds_and_changes_the_same_rows(counted, where, found):
    assert keys(counted, where) == found

    assert counted.change(Kind.THROTTLE, where, {"reserved": 9}) == len(found)

    assert keys(counted, {"reserved": 9}) == found


def test_none_asks_for_null(store):
    add_person(store, "ada", nickname="A")
    add_person(store, "bob")

    assert [row.email for row in store.page(Kind.USER, {"nickname": None}, order="email", limit=5)] == [
        "bob@example.com"
    ]
    assert store.change(Kind.USER, {"nickname__ne": None}, {"nickname": "changed"}) == 1
    assert store.first(Kind.USER, {"nickname": "changed"}).email == "ada@example.com"


def test_null_is_neither_equal_nor_unequal_to_a_value(store):
    add_person(store, "ada", active=None)

    for where in ({"active": True}, {"active": False}, {"active__ne": True}, {"active__in": [True, False]}):
        assert store.count(Kind.USER, where, cap=5) == 0
    assert store.change(Kind.USER, {"active": None}, {"active": False}) == 1
    assert store.first(Kind.USER, {"active": False}).email == "ada@example.com"


def test_a_value_can_be_set_to_null(store):
    user_id = add_person(store, nickname="A")

    assert store.change(Kind.USER, {"id": user_id}, {"nickname": None}) == 1

    assert store.first(Kind.USER, {"id": user_id}).nickname is None


def test_rows_that_match_count_also_where_nothing_changes(store):
    user_id = add_person(store, nickname="A")
    store.change(Kind.USER, {"id": user_id}, {"nickname": "A", "updated_at": MOMENT})

    assert store.change(Kind.USER, {"id": user_id}, {"nickname": "A", "updated_at": MOMENT}) == 1
    assert store.change(Kind.USER, {"id": user_id + 1}, {"nickname": "A"}) == 0


def test_the_database_adds(store):
    user_id = add_person(store)

    store.change(Kind.USER, {"id": user_id}, {"login_count": Add(3)})
    store.change(Kind.USER, {"id": user_id}, {"login_count": Add(-1), "failed_logins": Add(1)})

    found = store.first(Kind.USER, {"id": user_id})
    assert (found.login_count, found.failed_logins) == (2, 1)


def test_a_copy_takes_what_the_column_held_before_it_is_set_behind(store):
    user_id = add_person(store, current_login_at=MOMENT, current_login_ip="192.0.2.1")
    later = MOMENT + timedelta(days=1)
    visit = {"last_login_at": Copy("current_login_at"), "current_login_at": later}
    visit |= {"last_login_ip": Copy("current_login_ip"), "current_login_ip": "192.0.2.2", "login_count": Add(1)}

    assert store.change(Kind.USER, {"id": user_id}, visit) == 1

    found = store.first(Kind.USER, {"id": user_id})
    assert (utc(found.last_login_at), utc(found.current_login_at)) == (MOMENT, later)
    assert (found.last_login_ip, found.current_login_ip, found.login_count) == ("192.0.2.1", "192.0.2.2", 1)


def test_a_copy_of_null_takes_what_is_given_for_it(store):
    user_id = add_person(store, current_login_at=None, current_login_ip="192.0.2.1")
    store.change(
        Kind.USER,
        {"id": user_id},
        {
            "last_login_at": Copy("current_login_at", MOMENT),
            "last_login_ip": Copy("current_login_ip", "192.0.2.2"),
            "nickname": Copy("username"),
        },
    )

    found = store.first(Kind.USER, {"id": user_id})
    assert (utc(found.last_login_at), found.last_login_ip, found.nickname) == (MOMENT, "192.0.2.1", None)


def test_a_change_stamps_the_row_unless_it_says_otherwise(store):
    user_id = add_person(store, updated_at=MOMENT)

    store.change(Kind.USER, {"id": user_id}, {"nickname": "A", "updated_at": Copy("updated_at")})
    assert utc(store.first(Kind.USER, {"id": user_id}).updated_at) == MOMENT

    store.change(Kind.USER, {"id": user_id}, {"nickname": "B"})
    assert utc(store.first(Kind.USER, {"id": user_id}).updated_at) > MOMENT


def test_a_change_with_a_condition_that_no_longer_holds_does_nothing(store):
    user_id = add_person(store)

    assert store.change(Kind.USER, {"id": user_id, "password": "a record"}, {"password": "new"}) == 1
    assert store.change(Kind.USER, {"id": user_id, "password": "a record"}, {"password": "newer"}) == 0
    assert store.first(Kind.USER, {"id": user_id}).password == "new"


@pytest.mark.parametrize(
    "other", ["vícťim@example.com", "Victim@example.com", "víctim@example.com", "victim@exämple.com"]
)
def test_look_alike_addresses_are_different_accounts(store, other):
    """A-107: a collation that holds i and í for equal would open one account with the address of another."""
    add_person(store, "victim")

    assert store.first(Kind.USER, {"email": other}) is None
    assert store.change(Kind.USER, {"email": other}, {"active": False}) == 0
    assert store.count(Kind.USER, {"email__in": [other]}, cap=5) == 0

    add_person(store, "other", email=other)

    assert store.first(Kind.USER, {"email": other}).email == other
    assert store.first(Kind.USER, {"email": "victim@example.com"}).email == "victim@example.com"


@pytest.mark.parametrize("other", ["Victim", "víctim"])
def test_look_alike_usernames_and_roles_are_different(store, other):
    add_person(store, "ada", username="victim")
    add_role(store, "victim")

    assert store.first(Kind.USER, {"username": other}) is None
    assert store.first(Kind.ROLE, {"name": other}) is None

    add_person(store, "bob", username=other)
    add_role(store, other)


def test_a_text_never_compares_as_a_number(store):
    """A-049: on MariaDB 0 = 'abc' holds where a number reaches a text column."""
    store.add(Kind.THROTTLE, throttle("abc"))

    assert store.first(Kind.THROTTLE, {"key": "0"}) is None


@pytest.mark.parametrize(
    "text", ["😀 ñandú", "quote ' and \" and \\ and %s :name ?", "two\nlines\ttab", "", " spaces "]
)
def test_any_text_comes_back_as_it_was(store, text):
    user_id = add_person(store, nickname=text)

    assert store.first(Kind.USER, {"id": user_id}).nickname == text
    assert store.first(Kind.USER, {"nickname": text}).id == user_id


def test_times_come_back_in_utc_with_microseconds(store, case):
    far = datetime(2106, 2, 7, 7, tzinfo=UTC)
    user_id = add_person(store, confirmed_at=IN_TONGA, locked_until=far)
    store.change(Kind.USER, {"id": user_id}, {"last_login_at": IN_TONGA})

    found = case.elsewhere(store.first, Kind.USER, {"id": user_id})

    assert [utc(found.confirmed_at), utc(found.last_login_at), utc(found.locked_until)] == [MOMENT, MOMENT, far]


@among(["memory", *ON_SQLALCHEMY])
def test_times_come_back_aware(store, case):
    """R-52."""
    user_id = add_person(store, confirmed_at=MOMENT)

    found = case.elsewhere(store.first, Kind.USER, {"id": user_id})

    assert [time.utcoffset() for time in (found.confirmed_at, found.created_at, found.updated_at)] == [timedelta(0)] * 3


def test_times_compare_as_moments(store):
    user_id = add_person(store, locked_until=MOMENT)

    assert store.first(Kind.USER, {"locked_until": IN_TONGA}).id == user_id
    assert store.count(Kind.USER, {"locked_until__le": IN_TONGA}, cap=5) == 1
    assert store.count(Kind.USER, {"locked_until__gt": IN_TONGA - timedelta(microseconds=1)}, cap=5) == 1
    assert store.count(Kind.USER, {"locked_until__lt": IN_TONGA}, cap=5) == 0
    assert store.count(Kind.USER, {"locked_until__in": [IN_TONGA]}, cap=5) == 1


def test_a_loaded_user_sees_what_was_changed_below_it(store):
    with store.unit():
        user = store.add(Kind.USER, person(nickname="A"))
        assert store.change(Kind.USER, {"id": user.id}, {"nickname": "B", "login_count": Add(1)}) == 1
        assert (user.nickname, user.login_count) == ("B", 1)


def test_a_loaded_user_sees_roles_given_and_taken(store):
    editor, author = add_role(store, "editor"), add_role(store, "author")
    with store.unit():
        user = store.add(Kind.USER, person())
        store.add(Kind.MEMBERSHIP, {"user_id": user.id, "role_id": editor})
        store.add(Kind.MEMBERSHIP, {"user_id": user.id, "role_id": author}, unless_there=True)
        assert {role.name for role in user.roles} == {"editor", "author"}
        store.remove(Kind.MEMBERSHIP, {"user_id": user.id, "role_id": editor})
        assert {role.name for role in user.roles} == {"author"}
