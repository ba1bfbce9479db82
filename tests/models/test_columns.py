"""M3, M4 and M6: the mixins extended: more columns, other columns, other keys, other names, other kinds of mapping."""

# Bases are made anew for each test, which mypy cannot follow.
# mypy: disable-error-code="misc, valid-type"

from __future__ import annotations

import uuid
from typing import Any, ClassVar

import pytest
from sqlalchemy import BigInteger, ForeignKey, Integer, String, Text, inspect, select
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedAsDataclass, mapped_column, registry, relationship

import flask_identity
from flask_identity import ConfigurationError, Register, SQLAlchemyStore, hash_password
from flask_identity.models.sqlalchemy import RoleMixin, UserMixin, UserProfileMixin
from flask_identity.models.sqlalchemy.types import key_string
from tests.models.sites import JSON, PASSWORD, live_a_day

SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}


def base() -> Any:
    class Model(DeclarativeBase): ...

    return Model


def role_on(model: Any) -> Any:
    return type("Role", (RoleMixin, model), {})


def test_fields_an_application_adds_are_kept_and_asked_for_at_sign_up(site_of):
    """M3."""
    model = base()

    class User(UserMixin, model):
        nickname: Mapped[str | None] = mapped_column(String(80))
        likes: Mapped[int] = mapped_column(default=3)

    class SignUp(Register):
        nickname: str

    site = site_of(User, role_on(model))
    with site.app.app_context():
        made = site.datastore.create_user("ada@example.com", PASSWORD, nickname="Ada", likes=7)
        assert (made.nickname, made.likes) == ("Ada", 7)
        assert site.datastore.find_user(id=made.id).nickname == "Ada"
        assert site.datastore.create_user("bob@example.com", PASSWORD).likes == 3


def test_the_mixin_may_stand_before_or_behind_the_base(site_of):
    model = base()

    class Role(model, RoleMixin):
        __tablename__ = "role"

    class User(model, UserMixin):
        __tablename__ = "user"

    live_a_day(site_of(User, Role))


def test_behind_the_base_the_table_is_named_all_the_same(site_of):
    model = base()
    role = type("Role", (model, RoleMixin), {})
    user = type("User", (model, UserMixin), {})

    site = site_of(user, role)

    assert {"user", "role"} <= set(inspect(site.engine).get_table_names())


def test_a_column_of_the_mixin_can_be_overridden(site_of):
    """M6."""
    model = base()

    class User(UserMixin, model):
        email: Mapped[str] = mapped_column(String(120, collation="BINARY"), unique=True)
        password: Mapped[str | None] = mapped_column(Text)

        @property
        def domain(self) -> str:
            return self.email.partition("@")[2]

    site = site_of(User, role_on(model))
    live_a_day(site)
    with site.app.app_context():
        assert site.datastore.find_user(email="ada@example.com").domain == "example.com"
    assert inspect(User).columns["email"].type.length == 120


def test_a_mixin_of_ones_own_may_extend_the_librarys(site_of):
    """M6."""
    model = base()

    class Employee(UserMixin):
        department: Mapped[str | None] = mapped_column(String(80))

        def get_security_payload(self) -> dict[str, Any]:
            return {**super().get_security_payload(), "department": self.department}

    class User(Employee, model): ...

    site = site_of(User, role_on(model))
    assert site.register("ada@example.com")[1] == {"id": 1, "email": "ada@example.com", "department": None}


def integers(model: Any) -> Any:
    class User(UserMixin, model):
        id: Mapped[int] = mapped_column(primary_key=True)

    return User


def big_integers(model: Any) -> Any:
    class User(UserMixin, model):
        # SQLite numbers rows by itself only where the key is declared INTEGER.
        id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer(), "sqlite"), primary_key=True)

    return User


def uuids(model: Any) -> Any:
    class User(UserMixin, model):
        id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)

    return User


def texts(model: Any) -> Any:
    class User(UserMixin, model):
        id: Mapped[str] = mapped_column(String(36), primary_key=True, default=lambda: f"u-{uuid.uuid4().hex[:8]}")

    return User


@pytest.mark.parametrize("keyed_by", [integers, big_integers, uuids, texts], ids=lambda make: make.__name__)
def test_any_key_type_carries_a_person_through_a_day(keyed_by, site_of, database_url):
    model = base()
    live_a_day(site_of(keyed_by(model), role_on(model), url=database_url))


@pytest.mark.parametrize("keyed_by", [integers, big_integers, uuids, texts], ids=lambda make: make.__name__)
def test_any_key_type_is_listed_by_pages_and_named_in_requests(keyed_by, site_of, database_url):
    model = base()
    site = site_of(keyed_by(model), role_on(model), url=database_url, IDENTITY_PEOPLE=True, IDENTITY_PROFILE=True)
    admin, me = site.register("admin@example.com")
    others = [site.register(f"{name}@example.com")[1]["id"] for name in ("bob", "cy")]
    with site.app.app_context():
        site.datastore.add_role_to_user(site.datastore.find_user(email="admin@example.com"), "admin")

    for chosen in ({}, {"role": "user"}):  # the second is in the order of the keys
        seen: list[Any] = []
        cursor: str | None = ""
        while cursor is not None:
            query = {"limit": 1, **chosen, **({"cursor": cursor} if cursor else {})}
            page = admin.get("/identity/user_list", headers=JSON, query_string=query).json["response"]
            seen.extend(user["id"] for user in page["users"])
            cursor = page["next"]
        assert sorted(map(str, seen)) == sorted(map(str, [me["id"], *others])), chosen

    answer = admin.put("/identity/update_status", json={"id": others[0], "status": "suspended"}, headers=SAME_ORIGIN)
    assert answer.json["response"]["user"]["status"] == "suspended"
    assert admin.get("/identity/profile", headers=JSON).json["response"]["user"]["id"] == me["id"]


def test_class_and_table_names_are_free(site_of, database_url):
    model = base()

    class Group(RoleMixin, model):
        __tablename__ = "app_groups"

    class Member(UserMixin, model):
        __tablename__ = "app_members"
        id: Mapped[int] = mapped_column("member_no", primary_key=True)
        email: Mapped[str] = mapped_column("mail_address", key_string(254), unique=True)

    site = site_of(Member, Group, url=database_url)
    live_a_day(site)
    assert {"app_groups", "app_members"} <= set(inspect(site.engine).get_table_names())
    assert "mail_address" in {column["name"] for column in inspect(site.engine).get_columns("app_members")}


def test_classes_mapped_by_a_registry_work_without_a_base(site_of):
    mapped = registry().mapped
    role: Any = mapped(type("Role", (RoleMixin,), {}))
    user: Any = mapped(type("User", (UserMixin,), {"__annotations__": {"nickname": Mapped[str | None]}}))
    live_a_day(site_of(user, role))


def test_kinds_of_people_share_one_table(site_of):
    """Single-table inheritance: what the store is given is the root; R-46: rows of two kinds are two people."""
    model = base()

    class User(UserMixin, model):
        kind: Mapped[str] = mapped_column(String(20), default="user")
        __mapper_args__: ClassVar[dict[str, Any]] = {"polymorphic_on": "kind", "polymorphic_identity": "user"}

    class Teacher(User):
        subject: Mapped[str | None] = mapped_column(String(80))
        __mapper_args__: ClassVar[dict[str, Any]] = {"polymorphic_identity": "teacher"}

    site = site_of(User, role_on(model))
    live_a_day(site)
    with site.app.app_context(), site.datastore.unit():
        session = site.session()
        session.add(Teacher(email="eva@example.com", subject="algebra", password=hash_password(PASSWORD), active=True))
    with site.app.app_context():
        found = site.datastore.find_user(email="eva@example.com")
        assert (type(found), found.subject, found.role) == (Teacher, "algebra", None)
        assert len(site.datastore.users()) == 2
    browser, status = site.sign_in("eva@example.com")
    assert (status, browser.get("/me").status_code) == (200, 200)


def test_the_store_takes_a_subclass_of_a_shared_table_as_its_user_class(site_of):
    model = base()

    class Person(UserMixin, model):
        kind: Mapped[str] = mapped_column(String(20))
        __mapper_args__: ClassVar[dict[str, Any]] = {"polymorphic_on": "kind", "polymorphic_identity": "person"}

    class Member(Person):
        __mapper_args__: ClassVar[dict[str, Any]] = {"polymorphic_identity": "member"}

    live_a_day(site_of(Member, role_on(model)))


def test_a_base_that_makes_dataclasses_is_refused_where_the_class_is_written():
    class Model(MappedAsDataclass, DeclarativeBase): ...

    with pytest.raises(ConfigurationError, match="without MappedAsDataclass"):
        type("User", (UserMixin, Model), {})
    with pytest.raises(ConfigurationError, match="without MappedAsDataclass"):
        type("Role", (RoleMixin, Model), {})


def test_two_rows_are_equal_only_when_they_are_one(site_of):
    """R-46: no mixin defines `__eq__` or `__hash__`."""
    behaviour = (flask_identity.UserMixin, flask_identity.RoleMixin, flask_identity.UserProfileMixin)
    for mixin in (UserMixin, RoleMixin, UserProfileMixin, *behaviour):
        assert not {"__eq__", "__hash__"} & {name for cls in mixin.__mro__[:-1] for name in vars(cls)}
    model = base()
    user, role = type("User", (UserMixin, model), {}), role_on(model)
    one, other = role(id=1, name="a"), role(id=1, name="a")
    assert one == one
    assert one != other
    assert user(id=1) != role(id=1)
    assert len({one, other}) == 2


def test_mappers_are_not_configured_before_every_class_is_there(site_of):
    """A relationship may name a class that is defined after the store was made."""
    model = base()

    class User(UserMixin, model):
        pets: Mapped[list[Any]] = relationship("Pet", back_populates="owner", cascade="all, delete-orphan")

    role = role_on(model)
    SQLAlchemyStore(lambda: None, User, role)

    class Pet(model):
        __tablename__ = "pet"
        id: Mapped[int] = mapped_column(primary_key=True)
        name: Mapped[str]
        owner_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
        owner: Mapped[Any] = relationship(User, back_populates="pets")

    site = site_of(User, role)
    with site.app.app_context():
        user = site.datastore.create_user("ada@example.com", PASSWORD, pets=[Pet(name="Rex")])
        assert [pet.name for pet in site.datastore.find_user(id=user.id).pets] == ["Rex"]
        site.datastore.delete_user(user)
        assert site.session().scalars(select(Pet)).all() == []
