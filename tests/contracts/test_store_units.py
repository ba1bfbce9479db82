"""Units of work: all of it or nothing."""

from __future__ import annotations

from contextlib import suppress

import pytest

from flask_identity.base.errors import EmailTaken, Gone, Taken
from flask_identity.base.ports import Kind
from tests.contracts.rows import Stop, add_person, add_role, give, person, session, throttle, undone
from tests.contracts.stores import in_a_database


def there(case, key="k"):
    """Whether another connection sees the throttle."""
    return case.elsewhere(case.store.count, Kind.THROTTLE, {"key": key}, cap=5) == 1


def test_a_verb_outside_a_unit_is_committed_at_once(store, case):
    store.add(Kind.THROTTLE, throttle())

    assert there(case)


def test_a_unit_commits_on_leaving(store, case):
    with store.unit():
        store.add(Kind.THROTTLE, throttle("k"))
        store.add(Kind.THROTTLE, throttle("l"))

    assert there(case, "k")
    assert there(case, "l")


@in_a_database
def test_a_unit_shows_others_nothing_before_it_commits(store, case):
    add_person(store)
    with store.unit():
        store.change(Kind.USER, {"email": "ada@example.com"}, {"nickname": "A"})
        assert case.elsewhere(store.first, Kind.USER, {"email": "ada@example.com"}).nickname is None


@pytest.mark.parametrize("error", [Stop, EmailTaken, KeyboardInterrupt, SystemExit])
def test_any_exception_rolls_everything_back(store, case, error):
    user_id = add_person(store, nickname="A")
    store.add(Kind.THROTTLE, throttle("gone"))

    with undone(store, error):
        store.add(Kind.THROTTLE, throttle("k"))
        store.change(Kind.USER, {"id": user_id}, {"nickname": "B"})
        store.remove(Kind.THROTTLE, {"key": "gone"})
        store.bump("bumped", 1)
        store.take(Kind.USER, {"id": user_id})

    assert not there(case, "k")
    assert there(case, "gone")
    assert not there(case, "bumped")
    assert store.first(Kind.USER, {"id": user_id}).nickname == "A"


def test_roles_given_and_taken_in_a_unit_are_undone_with_it(store, case):
    user_id, kept, new = add_person(store), add_role(store, "kept"), add_role(store, "new")
    give(store, user_id, kept)

    with undone(store):
        give(store, user_id, new)
        store.remove(Kind.MEMBERSHIP, {"user_id": user_id, "role_id": kept})

    assert [row.role_id for row in store.page(Kind.MEMBERSHIP, {}, order="role_id", limit=5)] == [kept]
    with store.unit():
        assert [role.name for role in store.first(Kind.USER, {"id": user_id}).roles] == ["kept"]


def test_a_unit_lets_the_exception_out(store):
    with pytest.raises(EmailTaken), store.unit():
        raise EmailTaken


def test_after_a_roll_back_the_next_verb_works(store, case):
    with undone(store):
        store.add(Kind.THROTTLE, throttle())

    store.add(Kind.THROTTLE, throttle())

    assert there(case)


def test_after_a_refusal_the_next_verb_works(store):
    add_person(store)
    with pytest.raises(Taken):
        store.add(Kind.USER, person())
    with pytest.raises(Taken):
        store.add(Kind.USER, person())

    assert add_person(store, "bob") is not None


def test_an_inner_unit_commits_with_the_outer(store, case):
    with undone(store), store.unit():
        store.add(Kind.THROTTLE, throttle())

    assert not there(case)


def test_what_was_added_in_a_unit_is_read_in_it(store):
    with store.unit():
        user_id = add_person(store)
        store.add(Kind.SESSION, session(user_id))
        assert store.first(Kind.USER, {"email": "ada@example.com"}).id == user_id
        assert store.count(Kind.SESSION, {"user_id": user_id}, cap=5) == 1
        assert [row.id for row in store.page(Kind.SESSION, {}, order="id", limit=5)] == ["s1"]


def _refused(store, how):
    if how == "taken":
        store.add(Kind.USER, person())
    elif how == "gone":
        store.add(Kind.SESSION, session(4711))
    else:
        with store.unit():
            raise Stop


@pytest.mark.parametrize("refused", ["taken", "gone", "nested"])
def test_a_refusal_that_is_caught_inside_a_unit_undoes_the_unit_all_the_same(store, case, refused):
    """A unit half of which a database has given up must not look as if it had been saved."""
    add_person(store)
    called = []

    def goes_on():
        with store.unit() as unit:
            unit.after_commit(lambda: called.append(1))
            store.add(Kind.THROTTLE, throttle())
            with suppress(Taken, Gone, Stop):
                _refused(store, refused)

    with pytest.raises(RuntimeError):
        goes_on()

    assert not there(case)
    assert called == []
    assert store.idle()


def test_calls_after_commit_run_in_order_once_all_is_saved(store, case):
    seen = []
    with store.unit() as outer:
        outer.after_commit(lambda: seen.append(("outer", there(case))))
        with store.unit() as inner:
            inner.after_commit(lambda: seen.append(("inner", there(case))))
            store.add(Kind.THROTTLE, throttle())
        assert seen == []

    assert seen == [("outer", True), ("inner", True)]


def test_calls_after_commit_do_not_run_after_a_roll_back(store):
    seen = []
    with undone(store) as outer:
        with store.unit() as inner:
            inner.after_commit(lambda: seen.append("inner"))
        outer.after_commit(lambda: seen.append("outer"))

    with store.unit():
        store.add(Kind.THROTTLE, throttle())

    assert seen == []


def test_a_call_after_commit_may_open_a_unit(store, case):
    with store.unit() as unit:
        unit.after_commit(lambda: store.add(Kind.THROTTLE, throttle("later")))

    assert there(case, "later")


def test_a_call_after_commit_that_fails_undoes_nothing(store, case):
    def fail():
        raise Stop

    def save():
        with store.unit() as unit:
            unit.after_commit(fail)
            store.add(Kind.THROTTLE, throttle())

    with pytest.raises(Stop):
        save()

    assert there(case)
    assert store.idle()


def test_a_store_is_idle_outside_units_only(store, case):
    assert store.idle()
    with store.unit():
        assert not store.idle()
        assert case.elsewhere(store.idle)
        with store.unit():
            assert not store.idle()
        assert not store.idle()
    assert store.idle()


def test_a_store_is_idle_again_after_each_verb(store):
    user_id = add_person(store)
    store.add(Kind.SESSION, session(user_id))
    verbs = [
        lambda: store.first(Kind.USER, {"id": user_id}),
        lambda: store.page(Kind.SESSION, {}, order="id", limit=5),
        lambda: store.count(Kind.SESSION, {}, cap=5),
        lambda: store.change(Kind.USER, {"id": user_id}, {"nickname": "A"}),
        lambda: store.bump("k", 1),
        lambda: store.resume("s1"),
        lambda: store.touch("s1", 1),
        lambda: store.take(Kind.SESSION, {"id": "s1"}),
        lambda: store.remove(Kind.THROTTLE, {"key": "k"}),
    ]
    for verb in verbs:
        verb()
        assert store.idle()


@in_a_database
def test_reading_outside_a_unit_leaves_no_transaction_open_and_the_row_usable(store, case, transactions):
    """No connection is held while a password is hashed."""
    user_id = add_person(store, nickname="A")
    store.add(Kind.SESSION, session(user_id))
    case.leave()

    user = store.first(Kind.USER, {"id": user_id})
    assert transactions() == 0
    assert (user.id, user.email, user.nickname, user.password) == (user_id, "ada@example.com", "A", "a record")
    assert transactions() == 0

    row = store.page(Kind.SESSION, {"user_id": user_id}, order="id", limit=5)[0]
    assert (row.id, store.count(Kind.SESSION, {}, cap=5), store.resume("s1").user_id) == ("s1", 1, user_id)
    assert transactions() == 0


@in_a_database
def test_a_refusal_leaves_no_transaction_open(store, transactions):
    add_person(store)
    with pytest.raises(Taken):
        store.add(Kind.USER, person())
    with undone(store):
        store.add(Kind.THROTTLE, throttle())

    assert transactions() == 0


@in_a_database
def test_reading_in_a_unit_sees_what_others_have_saved_before_it(store, case):
    user_id = add_person(store, nickname="A")
    kept = store.first(Kind.USER, {"id": user_id})
    case.elsewhere(store.change, Kind.USER, {"id": user_id}, {"nickname": "B"})

    with store.unit():
        assert store.first(Kind.USER, {"id": user_id}).nickname == "B"
    assert store.first(Kind.USER, {"id": user_id}).nickname == "B"
    assert kept is not None


def test_an_error_of_ours_is_not_an_outage(store):
    """A missing column is a defect to be seen, never "try again later"."""
    add_person(store)
    wrong = [
        lambda: store.first(Kind.USER, {"shoe_size": 1}),
        lambda: store.change(Kind.USER, {"email": "ada@example.com"}, {"shoe_size": 1}),
        lambda: store.add(Kind.USER, person("bob", shoe_size=1)),
        lambda: store.count(Kind.SESSION, {"shoe_size": 1}, cap=1),
    ]
    for verb in wrong:
        with pytest.raises((KeyError, TypeError, AttributeError)):
            verb()
        assert store.idle()
    assert store.count(Kind.USER, {}, cap=5) == 1
