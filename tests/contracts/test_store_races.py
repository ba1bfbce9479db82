"""Many at once: the database decides."""

from __future__ import annotations

import os

import pytest

from flask_identity.base.errors import Gone, Taken
from flask_identity.base.ports import Add, Kind
from tests.contracts.rows import add_person, add_role, give, person, session, throttle

pytestmark = pytest.mark.races

SIZE = 16 if os.environ.get("RACES") == "release" else 8


def test_of_many_with_one_address_one_gets_it(case, store, race_rounds):
    """F-10."""
    for number in range(race_rounds):
        found = case.race(SIZE, lambda _, name=f"a{number}": store.add(Kind.USER, person(name)) and "added")

        refused = [each for each in found if each != "added"]
        assert [(type(each), each.column) for each in refused] == [(Taken, "email")] * (SIZE - 1)
        assert store.count(Kind.USER, {"email": f"a{number}@example.com"}, cap=5) == 1


def test_of_many_additions_unless_there_one_is_made(case, store, race_rounds):
    user_id = add_person(store)
    for number in range(race_rounds):
        pair = {"user_id": user_id, "role_id": add_role(store, f"role{number}")}

        found = case.race(SIZE, lambda _, pair=pair: store.add(Kind.MEMBERSHIP, pair, unless_there=True) is not None)

        assert sorted(found) == [False] * (SIZE - 1) + [True]


def test_a_role_made_by_many_at_once_is_there_for_each_of_them(case, store, race_rounds):
    for number in range(race_rounds):
        values = {"name": f"role{number}", "description": "", "permissions": frozenset(), "rank": 1}

        def ensure(_, values=values):
            with store.unit():
                made = store.add(Kind.ROLE, values, unless_there=True) is not None
                return made, store.first(Kind.ROLE, {"name": values["name"]}, lock=True).id

        found = case.race(SIZE, ensure)

        assert sorted(made for made, _ in found) == [False] * (SIZE - 1) + [True]
        assert len({role_id for _, role_id in found}) == 1


def test_a_change_on_condition_happens_once(case, store, race_rounds):
    user_id = add_person(store)
    for number in range(race_rounds):
        seen = store.first(Kind.USER, {"id": user_id}).password

        def replace(mine, seen=seen, number=number):
            where = {"id": user_id, "password": seen}
            return store.change(Kind.USER, where, {"password": f"record {number} of {mine}"})

        assert sorted(case.race(SIZE, replace)) == [0] * (SIZE - 1) + [1]


def test_no_addition_is_lost(case, store, race_rounds):
    """R-42: 200 sign-ins in 8 threads stored 26."""
    user_id = add_person(store)
    for _ in range(race_rounds):
        assert (
            case.race(SIZE, lambda _: store.change(Kind.USER, {"id": user_id}, {"login_count": Add(1)})) == [1] * SIZE
        )

    assert store.first(Kind.USER, {"id": user_id}).login_count == SIZE * race_rounds


def test_every_bump_gets_a_number_of_its_own(case, store, race_rounds):
    for number in range(race_rounds):
        found = case.race(SIZE, lambda _, key=f"k{number}": [store.bump(key, 1) for _ in range(4)])

        assert sorted(count for each in found for count in each) == list(range(1, SIZE * 4 + 1))


@pytest.mark.parametrize("kind", [Kind.SESSION, Kind.THROTTLE, Kind.USER])
def test_of_many_takers_one_gets_the_row(case, store, race_rounds, kind):
    """F-19."""
    for number in range(race_rounds):
        user_id = add_person(store, f"p{number}")
        store.add(Kind.SESSION, session(user_id, f"s{number}"))
        store.add(Kind.THROTTLE, throttle(f"k{number}"))
        where = {Kind.SESSION: {"id": f"s{number}"}, Kind.THROTTLE: {"key": f"k{number}"}, Kind.USER: {"id": user_id}}

        found = case.race(SIZE, lambda _, where=where: store.take(kind, where[kind]) is not None)

        assert sorted(found) == [False] * (SIZE - 1) + [True]


def test_what_is_removed_by_many_is_counted_once(case, store, race_rounds):
    for number in range(race_rounds):
        user_id = add_person(store, f"p{number}")

        found = case.race(SIZE, lambda _, user_id=user_id: store.remove(Kind.USER, {"id": user_id}))

        assert sorted(found) == [0] * (SIZE - 1) + [1]


def test_a_row_read_with_a_lock_is_changed_by_nobody_else(case, store, race_rounds):
    store.add(Kind.THROTTLE, throttle())

    def count(_):
        with store.unit():
            row = store.first(Kind.THROTTLE, {"key": "k"}, lock=True)
            return store.change(Kind.THROTTLE, {"key": "k"}, {"count": row.count + 1})

    for _ in range(race_rounds):
        assert case.race(SIZE, count) == [1] * SIZE

    assert store.first(Kind.THROTTLE, {"key": "k"}).count == SIZE * race_rounds


def test_a_user_read_with_a_lock_is_changed_by_nobody_else(case, store, race_rounds):
    user_id = add_person(store)

    def count(_):
        with store.unit():
            user = store.first(Kind.USER, {"id": user_id}, lock=True)
            return store.change(Kind.USER, {"id": user_id}, {"login_count": user.login_count + 1})

    for _ in range(race_rounds):
        assert case.race(SIZE, count) == [1] * SIZE

    assert store.first(Kind.USER, {"id": user_id}).login_count == SIZE * race_rounds


def test_administrators_who_suspend_each_other_leave_one(case, store, race_rounds):
    """F-23: each call of `admins` waits for the unit of the one before, and sees what it did."""
    admin = add_role(store, "admin", 100)
    for number in range(race_rounds):
        ids = [add_person(store, f"p{number}-{each}") for each in range(SIZE)]
        for each in ids:
            give(store, each, admin)

        def suspend_others(mine, ids=ids):
            with store.unit():
                admins = store.admins("admin")
                if ids[mine] in admins:
                    store.change(Kind.USER, {"id__in": admins, "id__ne": ids[mine]}, {"active": False})

        assert case.race(SIZE, suspend_others) == [None] * SIZE
        with store.unit():
            left = store.admins("admin")
        assert len(left) == 1
        store.change(Kind.USER, {"id": left[0]}, {"active": False})


def test_a_session_never_outlives_a_user_deleted_meanwhile(case, store, race_rounds):
    for number in range(race_rounds):
        user_id = add_person(store, f"p{number}")

        def begin_or_delete(mine, user_id=user_id, number=number):
            if mine == SIZE // 2:
                return store.remove(Kind.USER, {"id": user_id})
            return store.add(Kind.SESSION, session(user_id, f"s{number}-{mine}")) is not None

        found = case.race(SIZE, begin_or_delete)

        assert found[SIZE // 2] == 1
        assert {type(each) for each in found} <= {int, bool, Gone}
        assert store.count(Kind.SESSION, {"user_id": user_id}, cap=99) == 0
