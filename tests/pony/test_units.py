"""Units of work as an application on Pony sees them: what commits with what, and what an exception undoes."""

# mypy: disable-error-code="misc,name-defined,union-attr"
# Pony has no types: to a checker its entities are nothing.

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from pony.orm import Optional, Required, Set, core, db_session

from flask_identity import Identity, IdentityRefusal, PonyStore, user_created, user_deleted
from flask_identity.models.pony import RoleMixin, UserMixin
from tests.pony.build import bound
from tests.support.apps import FAST, PASSWORD, SECRET_KEY


@pytest.fixture
def site(database_url: str) -> Iterator[Any]:
    """An application with a table of its own, inside a context but outside a `db_session`."""
    db = bound(database_url)

    class Role(db.Entity, RoleMixin):
        pass

    class User(db.Entity, UserMixin):
        notes = Set("Note")

        def get_security_payload(self):
            return {"greeting": f"Hello {self.email}"}

    class Note(db.Entity):
        text = Required(str, 80, unique=True)
        author = Optional(User)

    store = PonyStore(db, User, Role)
    db.generate_mapping(create_tables=True)
    app = Flask("tests.pony.units")
    app.config.update(SECRET_KEY=SECRET_KEY, TESTING=True, IDENTITY_PROFILE=True, **FAST)
    datastore = Identity(app, store).datastore
    with app.app_context():
        yield SimpleNamespace(app=app, store=store, datastore=datastore, db=db, User=User, Role=Role, Note=Note)
    store.close()
    db.disconnect()


def committed(site: Any, entity: Any) -> int:
    """How many rows another connection sees."""
    table = site.db.provider.quote_name(entity._table_)
    ((found,),) = site.store._resumer.connections.run(f"SELECT count(*) FROM {table}", ())
    return int(found)


def test_a_verb_alone_commits_and_the_applications_pending_rows_with_it(site):
    with db_session:
        site.Note(text="pending")
        site.datastore.create_user("ada@example.com", PASSWORD)
        assert (committed(site, site.User), committed(site, site.Note)) == (1, 1)
        core.rollback()
    assert (committed(site, site.User), committed(site, site.Note)) == (1, 1)


def test_a_verb_that_is_refused_alone_rolls_the_pending_rows_back(site):
    site.datastore.create_user("ada@example.com", PASSWORD)
    with db_session:
        site.Note(text="pending")
        with pytest.raises(IdentityRefusal) as refused:
            site.datastore.create_user("ada@example.com", PASSWORD)
    assert refused.value.code == "email_taken"
    assert (committed(site, site.User), committed(site, site.Note)) == (1, 0)


def test_reading_verbs_commit_nothing_of_the_applications(site):
    site.datastore.create_user("ada@example.com", PASSWORD)
    with db_session:
        site.Note(text="pending")
        assert site.datastore.find_user(email="ada@example.com").email == "ada@example.com"
        assert len(site.datastore.users()) == 1
        assert site.datastore.find_role("user").name == "user"
        core.rollback()
    assert committed(site, site.Note) == 0


@pytest.mark.parametrize("within", [True, False])
def test_inside_a_unit_nothing_is_committed_before_its_end(site, within):
    """A unit opens a `db_session` where there is none."""
    if within:
        with db_session:
            _whole_unit(site)
    else:
        _whole_unit(site)
    assert (committed(site, site.User), committed(site, site.Note)) == (1, 1)
    assert site.datastore.find_user(email="ada@example.com").role == "admin"


def _whole_unit(site: Any) -> None:
    with site.datastore.unit():
        ada = site.datastore.create_user("ada@example.com", PASSWORD)
        site.Note(text="by ada", author=ada)
        site.datastore.add_role_to_user(ada, "admin")
        assert (committed(site, site.User), committed(site, site.Note)) == (0, 0)
    assert (committed(site, site.User), committed(site, site.Note)) == (1, 1)


@pytest.mark.parametrize("error", [LookupError, KeyboardInterrupt])
def test_an_exception_rolls_back_everything_of_the_unit(site, error):
    def mixed_up() -> None:
        with site.datastore.unit():
            with site.datastore.unit():
                site.datastore.create_user("ada@example.com", PASSWORD)
                site.Note(text="lost")
                core.flush()
            raise error

    with pytest.raises(error):
        mixed_up()
    assert [committed(site, each) for each in (site.User, site.Note, site.Role)] == [0, 0, 0]
    site.datastore.create_user("ada@example.com", PASSWORD)
    assert committed(site, site.User) == 1


def test_what_is_asked_for_after_the_commit_runs_after_it_and_never_after_a_rollback(site):
    seen: list[int] = []
    with site.datastore.unit() as outer:
        with site.datastore.unit() as inner:
            inner.after_commit(lambda: seen.append(committed(site, site.User)))
        site.datastore.create_user("ada@example.com", PASSWORD)
        outer.after_commit(lambda: seen.append(committed(site, site.User) + 10))
        assert seen == []
    assert seen == [1, 11]

    def failing() -> None:
        with site.datastore.unit() as unit:
            unit.after_commit(lambda: seen.append(99))
            raise LookupError

    with pytest.raises(LookupError):
        failing()
    assert seen == [1, 11]


def test_the_unique_rule_of_another_table_is_not_mistaken_for_a_taken_address(site):
    with db_session:
        site.Note(text="once")
    with db_session:
        site.Note(text="once")
        with pytest.raises(core.TransactionIntegrityError):
            site.datastore.create_user("ada@example.com", PASSWORD)
    assert (committed(site, site.User), committed(site, site.Note)) == (0, 1)


def test_an_exception_in_a_receiver_undoes_the_act(site):
    def objects(_: Any, *, user: Any, **__: Any) -> None:
        assert user.id is not None
        raise LookupError(user.email)

    with user_created.connected_to(objects, sender=site.app), pytest.raises(LookupError, match=r"ada@example\.com"):
        site.datastore.create_user("ada@example.com", PASSWORD)
    assert committed(site, site.User) == 0
    ada = site.datastore.create_user("ada@example.com", PASSWORD)
    with user_deleted.connected_to(objects, sender=site.app), pytest.raises(LookupError):
        site.datastore.delete_user(ada)
    assert committed(site, site.User) == 1
    assert site.datastore.find_user(email="ada@example.com").status == "active"


def test_a_receiver_may_add_rows_of_the_application_to_the_unit(site):
    def welcome(_: Any, *, user: Any, **__: Any) -> None:
        site.Note(text=f"welcome {user.email}", author=user)

    with db_session:
        with user_created.connected_to(welcome, sender=site.app):
            ada = site.datastore.create_user("ada@example.com", PASSWORD)
        assert [note.text for note in ada.notes] == ["welcome ada@example.com"]
    assert committed(site, site.Note) == 1


def test_deleting_a_user_spares_what_is_anothers(site):
    """Rows that may do without their user are kept, as Pony does with them."""
    with db_session:
        ada = site.datastore.create_user("ada@example.com", PASSWORD)
        site.Note(text="by ada", author=ada)
        site.Note(text="by bob", author=site.datastore.create_user("bob@example.com", PASSWORD))
        assert site.datastore.delete_user(ada) is True
        assert site.datastore.find_user(email="ada@example.com") is None
        kept = {note.text: note.author and note.author.email for note in site.Note.select()}
    assert kept == {"by ada": None, "by bob": "bob@example.com"}


def test_edits_of_the_application_that_are_pending_are_part_of_the_next_verb(site):
    with db_session:
        ada = site.datastore.create_user("ada@example.com", PASSWORD)
        ada.suspended_reason = "an edit not flushed yet"
        site.datastore.add_role_to_user(ada, "admin")
        core.rollback()
    found = site.datastore.find_user(email="ada@example.com")
    assert (found.suspended_reason, found.role) == ("an edit not flushed yet", "admin")


def test_a_verb_shows_at_once_on_rows_the_application_holds(site):
    with db_session:
        ada = site.datastore.create_user("ada@example.com", PASSWORD)
        before = ada.uniquifier
        assert site.datastore.set_uniquifier(ada) == ada.uniquifier != before
        site.datastore.deactivate_user(ada, "left the company")
        assert (ada.active, ada.status, ada.suspended_reason) == (False, "suspended", "left the company")
        assert site.datastore.activate_user(ada) is True
        assert (ada.status, ada.suspended_reason) == ("active", None)
        assert site.datastore.add_role_to_user(ada, "admin") is True
        assert ada.role == "admin"


def test_verbs_take_a_row_that_has_outlived_its_session(site):
    """Outside a `db_session` a row is what it was when it was read; the next look-up shows what a verb did."""
    ada = site.datastore.create_user("ada@example.com", PASSWORD)
    new = site.datastore.set_uniquifier(ada)
    assert site.datastore.deactivate_user(ada) is True
    assert site.datastore.add_role_to_user(ada, "admin") is True
    found = site.datastore.find_user(id=ada.id)
    assert (found.uniquifier, found.status, found.role) == (new, "suspended", "admin")


def test_the_model_decides_what_answers_carry(site):
    """M9: and the id is always among it."""
    user = site.datastore.create_user("ada@example.com", PASSWORD)
    client = site.app.test_client()
    answer = client.post("/identity/login", json={"identity": "ada@example.com", "password": PASSWORD})
    assert answer.json["response"]["user"] == {"id": user.id, "greeting": "Hello ada@example.com"}
