"""The store on models written by hand, and on connections that are shared."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Column, DateTime, ForeignKey, Index, String, Table, create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship, scoped_session, sessionmaker
from sqlalchemy.pool import StaticPool

from flask_identity.base.errors import Taken
from flask_identity.base.ports import Add, Copy, Kind, PeopleQuery
from flask_identity.core.principal import rights
from flask_identity.models.sqlalchemy.types import key_string
from flask_identity.stores.sqlalchemy import SQLAlchemyStore
from tests.contracts.models import models
from tests.contracts.rows import add_person, person, session, undone
from tests.databases import DATABASES, empty_database

MOMENT = datetime(2024, 2, 29, 23, 59, 59, tzinfo=UTC)
IN_TONGA = MOMENT.astimezone(timezone(timedelta(hours=13)))


class Model(DeclarativeBase):
    pass


holds = Table(
    "holds",
    Model.metadata,
    Column("who", ForeignKey("username_accounts.id"), primary_key=True),
    Column("what", ForeignKey("duty.id"), primary_key=True),
)


class Role(Model):
    __tablename__ = "duty"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(key_string(80), unique=True)
    description: Mapped[str | None] = mapped_column(String(80))


class User(Model):
    """Other names for table and columns, times without a zone, rules in other places than the columns."""

    __tablename__ = "username_accounts"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column("e_mail", key_string(100))
    username: Mapped[str | None] = mapped_column(key_string(100))
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool | None]
    uniquifier: Mapped[str | None] = mapped_column(String(64))
    login_count: Mapped[int | None]
    last_login_at: Mapped[datetime | None] = mapped_column(DateTime)
    current_login_at: Mapped[datetime | None] = mapped_column(DateTime)
    locked_until: Mapped[datetime | None] = mapped_column(DateTime)
    roles: Mapped[list[Role]] = relationship(secondary=holds)
    __table_args__ = (
        Index("ux_mail", "e_mail", unique=True),
        Index("ux_username_accounts_name", "username", unique=True),
    )


ELSEWHERE = {
    "sqlite": {},
    "postgres": {"options": "-c timezone=Pacific/Tongatapu"},
    "mariadb": {"init_command": "SET time_zone = '+13:00'"},
}
"""A database whose connections are in another time zone, as many servers' are."""


@pytest.fixture(params=DATABASES)
def store(request, url_of):
    """A store on the models above in each database."""
    url = url_of(request.param)
    if request.param != "sqlite":
        empty_database(url)
    engine = create_engine(url, connect_args=ELSEWHERE[request.param])
    session = scoped_session(sessionmaker(engine))
    made = SQLAlchemyStore(session, User, Role)
    Model.metadata.create_all(engine)
    yield made
    session.remove()
    engine.dispose()


@pytest.mark.parametrize("column", ["email", "username"])
def test_the_column_of_a_refusal_has_the_name_of_the_attribute(store, column):
    add_person(store, "ada", username="countess")
    twice = {"email": "ada@example.com"} if column == "email" else {"username": "countess"}

    with pytest.raises(Taken) as refused:
        store.add(Kind.USER, person("bob", **twice))

    assert refused.value.column == column


def test_times_without_a_zone_are_utc_whatever_the_servers_zone(store):
    user_id = add_person(store, locked_until=IN_TONGA, current_login_at=IN_TONGA)
    store.change(Kind.USER, {"id": user_id}, {"last_login_at": Copy("current_login_at", IN_TONGA)})

    found = store.first(Kind.USER, {"id": user_id})

    assert [found.locked_until, found.current_login_at, found.last_login_at] == [MOMENT.replace(tzinfo=None)] * 3


def test_times_without_a_zone_compare_as_moments(store):
    user_id = add_person(store, locked_until=IN_TONGA)
    second = timedelta(seconds=1)

    assert store.first(Kind.USER, {"locked_until": IN_TONGA}).id == user_id
    assert store.count(Kind.USER, {"locked_until__le": IN_TONGA}, cap=5) == 1
    assert store.count(Kind.USER, {"locked_until__gt": IN_TONGA - second}, cap=5) == 1
    assert store.count(Kind.USER, {"locked_until__lt": IN_TONGA}, cap=5) == 0
    assert store.count(Kind.USER, {"locked_until__in": [IN_TONGA]}, cap=5) == 1
    for time, status in ((IN_TONGA - second, "locked"), (IN_TONGA, "active")):
        assert [user.id for user in store.people(PeopleQuery(status, sort="id"), time, True).users] == [user_id]


@pytest.mark.parametrize("descending", [True, False])
def test_times_without_a_zone_page(store, descending):
    for number in range(7):
        add_person(store, f"p{number}", last_login_at=None if number < 2 else MOMENT + timedelta(hours=number // 2))
    query, seen = PeopleQuery(sort="last_login_at", descending=descending, limit=2), []
    while True:
        page = store.people(query, MOMENT, False)
        seen += page.users
        if not page.more_after:
            break
        value = seen[-1].last_login_at
        # A cursor carries aware times.
        after = (value.replace(tzinfo=UTC) if value else None, seen[-1].id)
        query = PeopleQuery(sort="last_login_at", descending=descending, limit=2, after=after)

    emails = [f"p{number}@example.com" for number in range(7)]
    assert [user.email for user in seen] == (emails[::-1] if descending else emails)


def test_null_where_the_mixin_has_none(store):
    user_id = add_person(store, uniquifier=None, active=None, login_count=None)
    store.add(Kind.SESSION, session(user_id))
    store.change(Kind.USER, {"id": user_id}, {"login_count": Add(1)})

    resumed = store.resume("s1")

    assert (resumed.uniquifier, resumed.active, resumed.roles) == ("", False, "")
    assert store.first(Kind.USER, {"uniquifier": None}).login_count == 1


def test_without_a_confirmation_column_everybody_is_confirmed(store):
    store.add(Kind.SESSION, session(add_person(store)))

    assert store.resume("s1").confirmed is True
    assert store.tally(PeopleQuery(), MOMENT, True, 9)["pending"] == 0


def test_roles_without_rank_and_permissions(store):
    user_id = add_person(store)
    for name in ("zebra", "editor"):
        role_id = store.add(Kind.ROLE, {"name": name, "description": ""}).id
        store.add(Kind.MEMBERSHIP, {"user_id": user_id, "role_id": role_id})
        assert store.add(Kind.MEMBERSHIP, {"user_id": user_id, "role_id": role_id}, unless_there=True) is None
    store.add(Kind.SESSION, session(user_id))

    assert rights(store.resume("s1").roles) == (frozenset({"editor", "zebra"}), frozenset())
    assert store.people(PeopleQuery(sort="id"), MOMENT, False).roles == {user_id: ["editor", "zebra"]}
    assert [user.id for user in store.people(PeopleQuery(role="editor", sort="id"), MOMENT, False).users] == [user_id]
    with store.unit():
        assert list(store.admins("editor")) == [user_id]
    assert store.remove(Kind.MEMBERSHIP, {"user_id": user_id}) == 2
    assert store.resume("s1").roles == ""


@pytest.fixture(params=["in memory", "one connection"])
def shared(request, tmp_path):
    """A store whose session cannot be given another connection, and the session."""
    made = models()
    if request.param == "in memory":
        engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
    else:
        engine = create_engine(f"sqlite:///{tmp_path / 'test.sqlite3'}")
    with engine.connect() as connection, Session(engine if request.param == "in memory" else connection) as current:
        store = SQLAlchemyStore(lambda: current, made.User, made.Role)
        made.Model.metadata.create_all(current.connection())
        current.commit()
        yield store, current
    engine.dispose()


def test_on_a_shared_connection_resuming_keeps_what_the_application_has_flushed(shared):
    """A raw connection given back to its pool would roll it back."""
    store, current = shared
    store.add(Kind.SESSION, session(add_person(store)))
    current.rollback()
    current.add(models().Note(email="flushed"))
    current.flush()

    assert store.resume("s1").email == "ada@example.com"
    store.touch("s1", 5)
    current.commit()

    assert current.query(models().Note).count() == 1


def test_on_a_shared_connection_resuming_and_touching_work(shared):
    store, current = shared
    store.add(Kind.SESSION, session(add_person(store)))
    current.rollback()

    store.touch("s1", 5)

    assert store.resume("s1").last_seen_at == 5
    assert store.resume("s2") is None
    assert store.idle()
    with undone(store):
        store.bump("k", 1)
    assert store.count(Kind.THROTTLE, {}, cap=5) == 0
