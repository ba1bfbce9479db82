"""The store on the application's own SQLAlchemy session: its rows, its errors, its loaded instances."""

from __future__ import annotations

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import IntegrityError

from flask_identity.base.clock import now
from flask_identity.base.errors import Taken
from flask_identity.base.ports import Kind, PeopleQuery
from tests.contracts.rows import add_person, add_role, give, person, session, undone
from tests.contracts.stores import on_sqlalchemy_only

pytestmark = on_sqlalchemy_only


def notes(case):
    """The addresses of the notes that another connection sees."""
    return case.elsewhere(lambda: sorted(case.session.scalars(select(case.models.Note.email))))


def note(case, email="a note"):
    case.session.add(case.models.Note(email=email))


def test_a_verb_commits_the_rows_of_the_application_that_are_pending(case, store):
    note(case)
    store.bump("k", 1)

    assert notes(case) == ["a note"]


def test_a_unit_commits_the_rows_of_the_application_with_its_own(case, store):
    with store.unit():
        store.bump("k", 1)
        note(case)

    assert notes(case) == ["a note"]


def test_the_rows_of_the_application_are_undone_with_the_unit(case, store):
    with undone(store):
        note(case)
        case.session.flush()
        store.bump("k", 1)

    assert notes(case) == []
    assert store.idle()


def test_a_refused_verb_undoes_the_pending_rows_of_the_application(case, store):
    add_person(store)
    note(case)

    with pytest.raises(Taken):
        store.add(Kind.USER, person())

    assert notes(case) == []


def test_a_rule_of_the_application_that_refuses_its_own_row_is_its_own_error(case, store):
    """Its `email` is another table's: nobody must read that the address has an account."""
    note(case, "twice")
    case.session.commit()

    note(case, "twice")
    with pytest.raises(IntegrityError):
        store.add(Kind.USER, person())

    def save():
        with store.unit():
            note(case, "twice")

    with pytest.raises(IntegrityError):
        save()

    assert store.idle()
    assert store.count(Kind.USER, {}, cap=5) == 0
    assert add_person(store) is not None


def test_a_read_leaves_the_transaction_of_the_application_open(case, store):
    note(case)
    case.session.flush()
    assert not store.idle()

    store.first(Kind.USER, {"email": "nobody@example.com"})
    store.people(PeopleQuery(), now(), False)
    store.resume("s1")

    assert case.session().in_transaction()
    assert notes(case) == []
    case.session.rollback()
    assert notes(case) == []


def test_a_read_overwrites_nothing_the_application_has_changed(case, store):
    user_id = add_person(store, nickname="A")
    user = store.first(Kind.USER, {"id": user_id})
    user.nickname = "mine"

    with case.session.no_autoflush:
        assert store.first(Kind.USER, {"id": user_id}).nickname == "mine"
        store.page(Kind.USER, {}, order="id", limit=5)
        assert user.nickname == "mine"
    with store.unit():
        assert store.first(Kind.USER, {"id": user_id}).nickname == "mine"

    assert case.elsewhere(store.first, Kind.USER, {"id": user_id}).nickname == "mine"


def test_a_change_of_the_application_and_one_of_ours_both_hold(case, store):
    user_id = add_person(store)
    user = store.first(Kind.USER, {"id": user_id})
    user.nickname = "mine"

    store.change(Kind.USER, {"id": user_id}, {"username": "ours"})

    assert (user.nickname, user.username) == ("mine", "ours")


def test_an_instance_loaded_before_sees_what_is_changed_below_it(case, store):
    user_id, role_id = add_person(store), add_role(store, "editor")
    user = store.first(Kind.USER, {"id": user_id})
    assert (user.nickname, list(user.roles)) == (None, [])
    case.session.rollback()

    store.change(Kind.USER, {"id": user_id}, {"nickname": "A"})
    give(store, user_id, role_id)

    assert user is store.first(Kind.USER, {"id": user_id})
    assert (user.nickname, [role.name for role in user.roles]) == ("A", ["editor"])

    store.change(Kind.ROLE, {"id": role_id}, {"description": "changed"})
    assert user.roles[0].description == "changed"
    store.remove(Kind.ROLE, {"id": role_id})
    case.session.rollback()
    assert list(case.session.get(case.models.User, user_id).roles) == []


def test_a_user_read_outside_a_unit_is_one_instance_and_stays_usable(case, store):
    user_id = add_person(store, nickname="A")
    user = store.first(Kind.USER, {"id": user_id})
    case.session.remove()

    assert (user.id, user.email, user.nickname) == (user_id, "ada@example.com", "A")


def test_none_for_a_column_with_a_default_is_null(case, store):
    """NULL counts as not active, and the default is active."""
    user_id = add_person(store, active=None)

    assert case.elsewhere(store.first, Kind.USER, {"id": user_id}).active is None


def test_resuming_is_one_statement_and_no_transaction_of_the_session(case, store):
    store.add(Kind.SESSION, session(add_person(store)))
    case.leave()
    store.resume("s1")
    seen = []

    def note_statement(*arguments):
        seen.append(arguments)

    event.listen(case.engine, "before_cursor_execute", note_statement)
    event.listen(case.engine, "begin", note_statement)
    store.resume("s1")
    event.remove(case.engine, "before_cursor_execute", note_statement)
    event.remove(case.engine, "begin", note_statement)

    assert seen == []  # it passes below SQLAlchemy's connections
    assert case.engine.pool.checkedout() == 0


def test_no_connection_is_left_out_of_the_pool(case, store):
    """F-05: also after refusals and roll-backs."""
    add_person(store)
    for _ in range(3):
        with pytest.raises(Taken):
            store.add(Kind.USER, person())
        with undone(store):
            store.bump("k", 1)
        store.first(Kind.USER, {"email": "ada@example.com"})
        store.resume("none")
        store.touch("none", 1)
        store.tally(PeopleQuery(), now(), False, 9)

    assert case.engine.pool.checkedout() == 0
