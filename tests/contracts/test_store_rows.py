"""Rows of a store: added, read, changed, removed."""

from __future__ import annotations

import pytest

from flask_identity.base.errors import Gone, Taken
from flask_identity.base.ports import Kind
from tests.contracts.rows import BEGAN, add_person, add_role, give, person, session, throttle


def test_a_row_added_can_be_read(store):
    added = store.add(Kind.USER, person(nickname="The Countess", username="ada"))

    found = store.first(Kind.USER, {"email": "ada@example.com"})

    assert added.id == found.id
    assert (found.nickname, found.username, found.password, found.active) == ("The Countess", "ada", "a record", True)


def test_a_field_that_the_class_has_not_is_named_with_the_nearest_it_has(store):
    for kind, values in ((Kind.USER, person(nicknam="A")), (Kind.ROLE, {"name": "editor", "nam": "A"})):
        with pytest.raises(TypeError) as refused:
            store.add(kind, values)
        unknown, near = ("nicknam", "nickname") if kind is Kind.USER else ("nam", "name")
        assert str(refused.value).endswith(f" has no field '{unknown}'; the nearest it has is '{near}'.")
    assert store.count(Kind.USER, {}, cap=5) == 0


def test_columns_not_given_take_their_defaults(store):
    add_person(store)

    found = store.first(Kind.USER, {"email": "ada@example.com"})

    assert (found.login_count, found.failed_logins, found.version, found.nickname) == (0, 0, 1, None)
    assert found.created_at is not None


def test_every_kind_of_row_can_be_added_and_found(store):
    user_id, role_id = add_person(store), add_role(store, "editor", 5, frozenset({"write", "read"}))
    give(store, user_id, role_id)
    store.add(Kind.PROFILE, {"user_id": user_id, "full_name": "Ada Lovelace"})
    store.add(Kind.SESSION, session(user_id))
    store.add(Kind.THROTTLE, throttle())

    assert store.first(Kind.ROLE, {"name": "editor"}).permissions == {"write", "read"}
    assert store.count(Kind.MEMBERSHIP, {"user_id": user_id, "role_id": role_id}, cap=5) == 1
    assert store.first(Kind.PROFILE, {"user_id": user_id}).full_name == "Ada Lovelace"
    assert store.first(Kind.SESSION, {"id": "s1"}).agent == "a browser"
    assert store.first(Kind.THROTTLE, {"key": "k"}).expires_at == BEGAN


@pytest.mark.parametrize("column", ["email", "username"])
def test_a_value_that_is_taken_is_refused_with_its_column(store, column):
    add_person(store, "ada", username="countess")
    twice = {"email": "ada@example.com"} if column == "email" else {"username": "countess"}

    with pytest.raises(Taken) as refused:
        store.add(Kind.USER, person("bob", **twice))

    assert (refused.value.kind, refused.value.column) == (Kind.USER, column)
    assert store.count(Kind.USER, {}, cap=5) == 1


@pytest.mark.parametrize("value", ["username@example.com", "x' for key 'username'@example.com", "(username)=(x)@a.de"])
def test_an_address_that_contains_the_name_of_another_column_is_still_an_address(store, value):
    add_person(store, "ada", email=value, username="countess")

    with pytest.raises(Taken) as refused:
        store.add(Kind.USER, person("bob", email=value, username="bob"))

    assert refused.value.column == "email"


def test_a_change_to_a_value_that_is_taken_is_refused_with_its_column(store):
    add_person(store, "ada")
    user_id = add_person(store, "bob")

    with pytest.raises(Taken) as refused:
        store.change(Kind.USER, {"id": user_id}, {"email": "ada@example.com"})

    assert refused.value.column == "email"
    assert store.first(Kind.USER, {"id": user_id}).email == "bob@example.com"


def test_a_second_role_of_a_name_is_refused(store):
    add_role(store, "editor")

    with pytest.raises(Taken) as refused:
        add_role(store, "editor")

    assert (refused.value.kind, refused.value.column) == (Kind.ROLE, "name")


def test_many_may_have_no_username(store):
    add_person(store, "ada")
    add_person(store, "bob")

    assert store.count(Kind.USER, {"username": None}, cap=5) == 2


@pytest.mark.parametrize("kind", [Kind.SESSION, Kind.MEMBERSHIP, Kind.PROFILE])
def test_a_row_of_someone_who_is_gone_is_refused(store, kind):
    role_id = add_role(store, "editor")
    user_id = add_person(store)
    store.remove(Kind.USER, {"id": user_id})
    values = {
        Kind.SESSION: session(user_id),
        Kind.MEMBERSHIP: {"user_id": user_id, "role_id": role_id},
        Kind.PROFILE: {"user_id": user_id},
    }

    with pytest.raises(Gone):
        store.add(kind, values[kind])

    assert store.count(kind, {}, cap=5) == 0


def test_an_addition_unless_there_says_whether_it_was_made(store):
    user_id, role_id = add_person(store), add_role(store, "editor")
    pair = {"user_id": user_id, "role_id": role_id}

    assert store.add(Kind.MEMBERSHIP, pair, unless_there=True) is not None
    assert store.add(Kind.MEMBERSHIP, pair, unless_there=True) is None
    assert store.count(Kind.MEMBERSHIP, pair, cap=5) == 1


def test_an_addition_unless_there_changes_nothing_where_the_row_is_there(store):
    store.add(Kind.THROTTLE, throttle(count=4))

    assert store.add(Kind.THROTTLE, throttle(count=9, expires_at=1), unless_there=True) is None

    found = store.first(Kind.THROTTLE, {"key": "k"})
    assert (found.count, found.expires_at) == (4, BEGAN)


def test_a_role_can_be_added_unless_there(store):
    values = {"name": "user", "description": "", "permissions": frozenset({"read"}), "rank": 1}

    assert store.add(Kind.ROLE, values, unless_there=True) is not None
    assert store.add(Kind.ROLE, values | {"rank": 7}, unless_there=True) is None

    found = store.first(Kind.ROLE, {"name": "user"})
    assert (found.rank, found.permissions) == (1, {"read"})


def test_an_addition_unless_there_for_someone_who_is_gone_is_refused(store):
    role_id = add_role(store, "editor")
    user_id = add_person(store)
    store.remove(Kind.USER, {"id": user_id})

    with pytest.raises(Gone):
        store.add(Kind.MEMBERSHIP, {"user_id": user_id, "role_id": role_id}, unless_there=True)


def test_a_row_that_is_not_there_reads_as_none(store):
    assert store.first(Kind.USER, {"email": "nobody@example.com"}) is None
    assert store.first(Kind.SESSION, {"id": "none"}, lock=True) is None


def test_a_page_is_ordered_and_limited(store):
    user_id = add_person(store)
    for number in (3, 1, 2):
        store.add(Kind.SESSION, session(user_id, f"s{number}", last_seen_at=BEGAN + number))

    def ids(order, limit):
        return [row.id for row in store.page(Kind.SESSION, {"user_id": user_id}, order=order, limit=limit)]

    assert ids("last_seen_at", 10) == ["s1", "s2", "s3"]
    assert ids("-last_seen_at", 2) == ["s3", "s2"]
    assert store.page(Kind.SESSION, {"user_id": user_id + 1}, order="id", limit=10) == []


def test_a_page_of_users_has_their_fields(store):
    add_person(store, "ada", nickname="A")
    add_person(store, "bob", nickname="B")

    assert [user.nickname for user in store.page(Kind.USER, {}, order="-email", limit=5)] == ["B", "A"]


def test_counting_gives_up_at_the_cap(store):
    for number in range(5):
        store.add(Kind.THROTTLE, throttle(f"k{number}", count=number))

    assert store.count(Kind.THROTTLE, {}, cap=100) == 5
    assert store.count(Kind.THROTTLE, {}, cap=3) == 3
    assert store.count(Kind.THROTTLE, {"count__gt": 2}, cap=100) == 2


def test_taking_removes_the_row_and_returns_it(store):
    user_id = add_person(store)
    store.add(Kind.SESSION, session(user_id, digest="a digest"))

    taken = store.take(Kind.SESSION, {"id": "s1"})

    assert (taken.digest, taken.user_id, taken.agent) == ("a digest", user_id, "a browser")
    assert store.take(Kind.SESSION, {"id": "s1"}) is None


def test_taking_takes_one_row_of_many(store):
    user_id = add_person(store)
    for number in range(3):
        store.add(Kind.SESSION, session(user_id, f"s{number}"))

    assert store.take(Kind.SESSION, {"user_id": user_id}) is not None
    assert store.count(Kind.SESSION, {}, cap=5) == 2


def test_a_throttle_can_be_taken(store):
    store.add(Kind.THROTTLE, throttle(count=2))

    assert store.take(Kind.THROTTLE, {"key": "k"}).count == 2
    assert store.first(Kind.THROTTLE, {"key": "k"}) is None


def test_removing_says_how_many(store):
    user_id = add_person(store)
    for number in range(3):
        store.add(Kind.SESSION, session(user_id, f"s{number}"))

    assert store.remove(Kind.SESSION, {"user_id": user_id, "id__ne": "s1"}) == 2
    assert store.remove(Kind.SESSION, {"user_id": user_id + 1}) == 0
    assert store.first(Kind.SESSION, {"user_id": user_id}).id == "s1"


def test_removing_a_user_removes_what_belongs_to_it(store):
    user_id, role_id = add_person(store), add_role(store, "editor")
    other = add_person(store, "bob")
    for each in (user_id, other):
        give(store, each, role_id)
        store.add(Kind.PROFILE, {"user_id": each})
        store.add(Kind.SESSION, session(each, f"s{each}"))

    assert store.remove(Kind.USER, {"id": user_id}) == 1

    for kind in (Kind.MEMBERSHIP, Kind.PROFILE, Kind.SESSION):
        assert [row.user_id for row in store.page(kind, {}, order="user_id", limit=5)] == [other]
    assert store.remove(Kind.USER, {"id": user_id}) == 0


def test_taking_a_role_away_from_a_user_leaves_both(store):
    user_id, role_id = add_person(store), add_role(store, "editor")
    give(store, user_id, role_id)

    assert store.remove(Kind.MEMBERSHIP, {"user_id": user_id, "role_id": role_id}) == 1
    assert store.remove(Kind.MEMBERSHIP, {"user_id": user_id, "role_id": role_id}) == 0
    assert store.first(Kind.USER, {"id": user_id}) is not None
    assert store.first(Kind.ROLE, {"id": role_id}) is not None
