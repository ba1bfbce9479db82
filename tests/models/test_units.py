"""Units of work as an application sees them: what commits with what, and what an exception undoes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import ForeignKey, String, func, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship

from flask_identity import IdentityRefusal, user_created, user_deleted
from flask_identity.models.sqlalchemy import RoleMixin, UserMixin
from tests.models.sites import PASSWORD, Site


class Model(DeclarativeBase): ...


class Role(RoleMixin, Model): ...


class User(UserMixin, Model):
    notes: Mapped[list[Note]] = relationship(back_populates="author", cascade="all, delete-orphan")


class Note(Model):
    __tablename__ = "note"
    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(String(80), unique=True)
    author_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    author: Mapped[User | None] = relationship(back_populates="notes")


@pytest.fixture
def site(site_of, database_url) -> Iterator[Site]:
    made = site_of(User, Role, url=database_url, IDENTITY_PROFILE=True)
    with made.app.app_context():
        yield made


def committed(site: Site, cls: Any) -> int:
    """How many rows another connection sees."""
    with Session(site.engine) as other:
        return other.scalar(select(func.count()).select_from(cls)) or 0


def test_a_verb_alone_commits_and_the_applications_pending_rows_with_it(site):
    site.session().add(Note(text="pending"))
    site.datastore.create_user("ada@example.com", PASSWORD)
    assert (committed(site, User), committed(site, Note)) == (1, 1)


def test_a_verb_that_is_refused_alone_rolls_the_pending_rows_back(site):
    site.datastore.create_user("ada@example.com", PASSWORD)
    site.session().add(Note(text="pending"))
    with pytest.raises(IdentityRefusal) as refused:
        site.datastore.create_user("ada@example.com", PASSWORD)
    assert refused.value.code == "email_taken"
    assert (committed(site, User), committed(site, Note)) == (1, 0)
    assert not site.session().new


def test_reading_verbs_commit_nothing_of_the_applications(site):
    site.datastore.create_user("ada@example.com", PASSWORD)
    site.session().add(Note(text="pending"))
    assert site.datastore.find_user(email="ada@example.com").email == "ada@example.com"
    assert len(site.datastore.users()) == 1
    assert site.datastore.find_role("user").name == "user"
    assert committed(site, Note) == 0
    site.session().rollback()


def test_inside_a_unit_nothing_is_committed_before_its_end(site):
    with site.datastore.unit():
        ada = site.datastore.create_user("ada@example.com", PASSWORD)
        site.session().add(Note(text="by ada", author=ada))
        site.datastore.add_role_to_user(ada, "admin")
        assert (committed(site, User), committed(site, Note)) == (0, 0)
    assert (committed(site, User), committed(site, Note)) == (1, 1)
    assert site.datastore.find_user(email="ada@example.com").role == "admin"


def test_an_exception_rolls_back_everything_of_the_unit(site):
    def mixed_up() -> None:
        with site.datastore.unit():
            site.datastore.create_user("ada@example.com", PASSWORD)
            site.session().add(Note(text="lost"))
            site.session().flush()
            raise LookupError

    with pytest.raises(LookupError):
        mixed_up()
    assert (committed(site, User), committed(site, Note), committed(site, Role)) == (0, 0, 0)
    site.datastore.create_user("ada@example.com", PASSWORD)
    assert committed(site, User) == 1


def test_an_inner_unit_joins_the_outer_one(site):
    def failing() -> None:
        with site.datastore.unit():
            with site.datastore.unit():
                site.datastore.create_user("ada@example.com", PASSWORD)
            assert committed(site, User) == 0
            raise LookupError

    with pytest.raises(LookupError):
        failing()
    assert committed(site, User) == 0


def test_what_is_asked_for_after_the_commit_runs_after_it_and_never_after_a_rollback(site):
    seen: list[int] = []
    with site.datastore.unit() as outer:
        with site.datastore.unit() as inner:
            inner.after_commit(lambda: seen.append(committed(site, User)))
        site.datastore.create_user("ada@example.com", PASSWORD)
        outer.after_commit(lambda: seen.append(committed(site, User) + 10))
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
    site.session().add(Note(text="once"))
    site.session().commit()
    site.session().add(Note(text="once"))
    with pytest.raises(Exception, match=r".") as raised:
        site.datastore.create_user("ada@example.com", PASSWORD)
    assert not isinstance(raised.value, IdentityRefusal)
    assert committed(site, User) == 0


@contextmanager
def receiving(signal: Any, receiver: Any, site: Site) -> Iterator[None]:
    with signal.connected_to(receiver, sender=site.app):
        yield


def test_an_exception_in_a_receiver_undoes_the_act(site):
    def objects(_: Any, *, user: Any, **__: Any) -> None:
        assert user.id is not None
        raise LookupError(user.email)

    with receiving(user_created, objects, site), pytest.raises(LookupError, match=r"ada@example\.com"):
        site.datastore.create_user("ada@example.com", PASSWORD)
    assert committed(site, User) == 0
    ada = site.datastore.create_user("ada@example.com", PASSWORD)
    with receiving(user_deleted, objects, site), pytest.raises(LookupError):
        site.datastore.delete_user(ada)
    assert committed(site, User) == 1
    assert site.datastore.find_user(email="ada@example.com").status == "active"


def test_a_receiver_may_add_rows_of_the_application_to_the_unit(site):
    def welcome(_: Any, *, user: Any, **__: Any) -> None:
        site.session().add(Note(text=f"welcome {user.email}", author=user))

    with receiving(user_created, welcome, site):
        ada = site.datastore.create_user("ada@example.com", PASSWORD)
    assert [note.text for note in ada.notes] == ["welcome ada@example.com"]
    assert committed(site, Note) == 1


def test_deleting_a_user_runs_the_applications_own_cascades(site):
    ada = site.datastore.create_user("ada@example.com", PASSWORD)
    bob = site.datastore.create_user("bob@example.com", PASSWORD)
    site.session().add_all([Note(text="by ada", author=ada), Note(text="by bob", author=bob)])
    site.session().commit()
    assert site.datastore.delete_user(ada) is True
    assert [note.text for note in site.session().scalars(select(Note))] == ["by bob"]
    assert site.datastore.find_user(email="ada@example.com") is None


def test_edits_of_the_application_that_are_pending_are_part_of_the_next_verb(site):
    ada = site.datastore.create_user("ada@example.com", PASSWORD)
    ada.suspended_reason = "an edit not flushed yet"
    site.datastore.add_role_to_user(ada, "admin")
    with Session(site.engine) as other:
        assert other.scalars(select(User.suspended_reason)).one() == "an edit not flushed yet"


def test_a_verb_shows_at_once_on_rows_the_application_holds(site):
    ada = site.datastore.create_user("ada@example.com", PASSWORD)
    before = ada.uniquifier
    assert site.datastore.set_uniquifier(ada) == ada.uniquifier != before
    site.datastore.deactivate_user(ada, "left the company")
    assert (ada.active, ada.status, ada.suspended_reason) == (False, "suspended", "left the company")
    assert site.datastore.deactivate_user(ada) is False
    assert site.datastore.activate_user(ada) is True
    assert site.datastore.activate_user(ada) is False
    assert (ada.status, ada.suspended_reason) == ("active", None)


def test_a_session_that_keeps_what_it_read_after_a_commit_shows_it_too(site):
    """`expire_on_commit=False` is common; a verb expires what it changed all the same."""
    site.session().expire_on_commit = False
    ada = site.datastore.create_user("ada@example.com", PASSWORD)
    assert ada.role == "user"
    site.datastore.add_role_to_user(ada, "admin")
    site.datastore.deactivate_user(ada)
    assert (ada.role, ada.status) == ("admin", "suspended")
