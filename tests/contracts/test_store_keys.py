"""Users by other keys than numbers, and ids that come from outside."""

from __future__ import annotations

import uuid

import pytest

from flask_identity.base.clock import now
from flask_identity.base.errors import Gone, InvalidInput, NotFound, Taken
from flask_identity.base.ports import Kind, PeopleQuery
from flask_identity.core.principal import rights
from tests.contracts.rows import add_person, add_role, give, person, session
from tests.contracts.stores import EVERY, made

NOBODY = {int: 2**31 - 1, str: "nobody", uuid.UUID: uuid.UUID(int=7)}


@pytest.fixture(scope="module", params=[(name, key) for name in EVERY for key in (int, str, uuid.UUID)], ids=repr)
def keyed(request, url_of):
    """Each store with each type of key."""
    name, key = request.param
    with made(name, url_of, key) as case:
        yield case, key


@pytest.fixture
def store(keyed):
    case, _ = keyed
    yield case.store
    case.leave()
    for kind in (Kind.MEMBERSHIP, Kind.SESSION, Kind.USER, Kind.ROLE):
        case.store.remove(kind, {})


@pytest.fixture
def key(keyed):
    return keyed[1]


def test_a_key_keeps_its_type_in_every_row(store, key):
    user_id = add_person(store)
    give(store, user_id, add_role(store, "editor"))
    store.add(Kind.SESSION, session(user_id))
    store.add(Kind.PROFILE, {"user_id": user_id})

    resumed = store.resume("s1")
    page = store.people(PeopleQuery(), now(), False)
    held = [
        *(user_id, resumed.user_id, store.first(Kind.SESSION, {"id": "s1"}).user_id),
        *(store.first(Kind.PROFILE, {"user_id": user_id}).user_id, *page.roles, page.users[0].id),
        store.first(Kind.MEMBERSHIP, {"user_id": user_id}).user_id,
    ]

    assert held == [user_id] * 7
    assert {type(each) for each in held} == {key}
    assert rights(resumed.roles)[0] == {"editor"}


def test_every_verb_takes_the_key(store, key):
    ada, bob = add_person(store, "ada"), add_person(store, "bob")
    admin = add_role(store, "admin", 100)
    give(store, ada, admin)

    assert store.first(Kind.USER, {"id": bob}, lock=True).email == "bob@example.com"
    assert store.change(Kind.USER, {"id__in": [ada, bob]}, {"nickname": "A"}) == 2
    assert store.count(Kind.USER, {"id__ne": ada}, cap=5) == 1
    assert store.add(Kind.MEMBERSHIP, {"user_id": ada, "role_id": admin}, unless_there=True) is None
    with store.unit():
        assert list(store.admins("admin")) == [ada]
    assert store.take(Kind.USER, {"id": ada}) is not None
    assert store.first(Kind.USER, {"id": NOBODY[key]}) is None
    with pytest.raises(Gone):
        store.add(Kind.SESSION, session(NOBODY[key]))
    with pytest.raises(Taken):
        store.add(Kind.USER, person("bob"))


@pytest.mark.parametrize("sort", ["id", "last_login_at"])
def test_paging_visits_everyone_once(store, sort):
    expected = {add_person(store, f"p{number}") for number in range(7)}
    query = PeopleQuery(sort=sort, descending=False, limit=2)
    seen: list[object] = []
    while True:
        page = store.people(query, now(), False)
        seen += [user.id for user in page.users]
        if not page.more_after:
            break
        query = PeopleQuery(sort=sort, descending=False, limit=2, after=(getattr(page.users[-1], sort), seen[-1]))

    assert len(seen) == 7
    assert set(seen) == expected


def test_an_id_that_was_shown_comes_back_as_the_key(store, key):
    user_id = add_person(store)

    assert store.user_id(str(user_id)) == user_id
    assert type(store.user_id(str(user_id))) is key
    if key is int:
        assert store.user_id(user_id) == user_id


NEVER_IDS = [None, True, 1.0, "", " 1", "1 ", "+1", "01", "1.0", "1e1", "0x1", "\u0661", "1\n", [1], {"a": 1}, b"1"]


def outcome(store, value):
    """The key, or the refusal, that an id from outside becomes."""
    try:
        return store.user_id(value)
    except (InvalidInput, NotFound) as refusal:
        return type(refusal)


def test_what_is_no_id_is_refused(store, key):
    """A-049: an id of another type matches nobody by juggling. Any printable text may be a text key."""
    expected: dict[str, object] = {repr(value): InvalidInput for value in NEVER_IDS}
    if key is str:
        expected |= {
            repr(value): value for value in NEVER_IDS if isinstance(value, str) and value and value.isprintable()
        }

    assert {repr(value): outcome(store, value) for value in NEVER_IDS} == expected


def test_a_number_no_row_can_have_is_not_found(store, key):
    numbers = [2**31, -1, 2**64, *([] if key is str else ["9999999999"])]

    assert [outcome(store, value) for value in numbers] == [NotFound if key is int else InvalidInput] * len(numbers)


def test_a_uuid_has_one_spelling(store, key):
    shown = "6ba7b810-9dad-11d1-80b4-00c04fd430c8"
    if key is uuid.UUID:
        assert store.user_id(shown) == uuid.UUID(shown)
        for spelled in (shown.upper(), shown.replace("-", ""), f"{{{shown}}}", f"urn:uuid:{shown}"):
            with pytest.raises(InvalidInput):
                store.user_id(spelled)
