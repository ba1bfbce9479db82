"""Both ORMs on the same tables at once, whoever made them."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from pony.orm import db_session
from sqlalchemy import create_engine, event, inspect
from sqlalchemy.orm import scoped_session, sessionmaker

from flask_identity import SQLAlchemyStore
from flask_identity.base.clock import now
from flask_identity.base.errors import Gone, Taken
from flask_identity.base.ports import Add, Kind, PeopleQuery
from tests.contracts.models import models
from tests.contracts.rows import person, session, throttle
from tests.pony.build import make_parts


@pytest.fixture(params=["sqlalchemy", "pony"])
def both(request: pytest.FixtureRequest, database_url: str) -> Iterator[Any]:
    """A store on each ORM in one database, whose tables one of them has made."""
    made = models(int)
    engine = create_engine(database_url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA foreign_keys = ON"))
    registry = scoped_session(sessionmaker(engine))
    alchemy = SQLAlchemyStore(registry, made.User, made.Role)
    if request.param == "sqlalchemy":
        made.Model.metadata.create_all(engine)
    parts = make_parts(database_url, create_tables=request.param == "pony")
    yield SimpleNamespace(pony=parts.store, alchemy=alchemy, registry=registry, db=parts.db, parts=parts, engine=engine)
    registry.remove()
    engine.dispose()
    parts.store.close()
    parts.db.disconnect()


def test_the_tables_and_columns_are_the_same(both):
    made = models(int)
    found = inspect(both.engine)
    for table in made.Model.metadata.sorted_tables:
        if table.name != "note":
            columns = {column["name"]: column["nullable"] for column in found.get_columns(table.name)}
            key = [column.name for column in table.primary_key]
            assert sorted(found.get_pk_constraint(table.name)["constrained_columns"]) == sorted(key)
            assert columns | dict.fromkeys(key, False) == {column.name: column.nullable for column in table.columns}
            automatic = {"include_auto_indexes": True} if both.engine.dialect.name == "sqlite" else {}
            indexes = found.get_indexes(table.name, **automatic)
            rules = [index["column_names"] for index in indexes if index["unique"]]
            alone = sorted(each for each in rules if sorted(each) != sorted(key))  # SQLite lists that of the key too
            assert alone == sorted([column.name] for column in table.columns if column.unique)


def test_what_one_orm_writes_the_other_reads(both):
    moment = now()
    editor = both.alchemy.add(Kind.ROLE, {"name": "editor", "permissions": frozenset({"b", "a"}), "rank": 3}).id
    ada = both.alchemy.add(Kind.USER, person(confirmed_at=moment)).id
    both.pony.add(Kind.MEMBERSHIP, {"user_id": ada, "role_id": editor})
    bob = both.pony.add(Kind.USER, person("bob", confirmed_at=moment)).id
    both.pony.add(Kind.PROFILE, {"user_id": bob, "full_name": "Bob \N{PILE OF POO}"})
    both.pony.add(Kind.SESSION, session(ada))
    both.registry.remove()

    assert both.alchemy.resume("s1") == both.pony.resume("s1")
    assert both.alchemy.first(Kind.PROFILE, {"user_id": bob}).full_name == "Bob \N{PILE OF POO}"
    assert both.alchemy.first(Kind.USER, {"id": bob}).confirmed_at == moment
    assert both.pony.first(Kind.USER, {"id": ada}).confirmed_at == moment.replace(tzinfo=None)
    with db_session:
        assert both.parts.User[ada].role == "editor"
        assert both.parts.Role[editor].permissions == {"a", "b"}


def test_conditions_on_times_mean_the_same_to_both(both):
    early, late = now().replace(microsecond=0), now().replace(microsecond=999_999)
    for name, moment, store in (("ada", early, both.pony), ("bob", late, both.alchemy)):
        store.add(Kind.USER, person(name, locked_until=moment))
    both.registry.remove()

    for store in (both.pony, both.alchemy):
        assert store.count(Kind.USER, {"locked_until__le": early}, cap=5) == 1
        assert store.count(Kind.USER, {"locked_until": late}, cap=5) == 1
        assert store.tally(PeopleQuery(), early, pending=False, cap=5)["locked"] == 1


def test_both_count_the_same_counters_and_meet_the_same_rules(both):
    ada = both.pony.add(Kind.USER, person()).id
    for store in (both.pony, both.alchemy, both.pony):
        assert store.change(Kind.USER, {"id": ada}, {"login_count": Add(1)}) == 1
        assert store.bump("k", 10) > 0
        with pytest.raises(Taken):
            store.add(Kind.USER, person())
        with pytest.raises(Gone):
            store.add(Kind.SESSION, session(ada + 100))
    assert both.pony.add(Kind.THROTTLE, throttle("other"), unless_there=True) is not None
    assert both.alchemy.add(Kind.THROTTLE, throttle("other"), unless_there=True) is None

    assert both.pony.first(Kind.USER, {"id": ada}).login_count == 3
    assert both.alchemy.first(Kind.THROTTLE, {"key": "k"}).count == 3


def test_a_list_is_the_same_page_by_page(both):
    for number in range(7):
        last = now() if number % 3 else None
        both.pony.add(Kind.USER, person(f"p{number}", last_login_at=last))
    admin = both.pony.add(Kind.ROLE, {"name": "admin", "rank": 100}).id
    both.pony.add(Kind.MEMBERSHIP, {"user_id": 3, "role_id": admin})
    both.registry.remove()

    for sort in ("email", "created_at", "last_login_at", "id"):
        for descending in (False, True):
            pages = [_pages(store, sort, descending) for store in (both.pony, both.alchemy)]
            assert pages[0] == pages[1], (sort, descending)
    assert list(both.pony.admins("admin")) == list(both.alchemy.admins("admin")) == [3]


def _pages(store: Any, sort: str, descending: bool) -> list[Any]:
    found: list[Any] = []
    after = None
    while True:
        page = store.people(PeopleQuery(sort=sort, descending=descending, limit=3, after=after), now(), False)
        found.append(([user.id for user in page.users], page.more_before, page.more_after, dict(page.roles)))
        if not page.more_after:
            return found
        after = (getattr(page.users[-1], sort), page.users[-1].id)
