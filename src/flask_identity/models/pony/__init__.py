"""Mixins with all columns of all features, for PonyORM entities.

    class User(db.Entity, UserMixin):
        nickname = Optional(str)

Pony ignores attributes of a plain mixin; these put their own into the entity while its class is made. Names are free;
the table's name defaults to the class name in lower case. What the class itself defines wins, so `id` may be any key.
The roles of a user and the library's own tables come with `PonyStore`. Columns hold naive UTC times.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar

from pony.orm import PrimaryKey
from pony.orm.core import EntityMeta, Index, Required

from ...base.errors import ConfigurationError, UnknownRole
from ...base.matching import LONGEST, name_key
from .. import behaviour
from .columns import (
    OptionalColumn,
    RequiredColumn,
    fresh,
    integer,
    is_attribute,
    key_text,
    long_text,
    moment,
    naive_now,
    permission_set,
    text,
)

__all__ = ["RoleMixin", "UserMixin", "UserProfileMixin"]

STORE = "_flask_identity_"
"""The attribute of a Pony Database under which the tables of its store are found."""


class _Columns:
    """What the three mixins share: a table name, a key, times, and the way into the entity."""

    INDEXES: ClassVar[tuple[tuple[str, ...], ...]] = ()

    id: Any = PrimaryKey(int, auto=True)
    created_at: Any = moment(required=True)
    updated_at: Any = moment(required=True, stamp=True)

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        entity: Any = cls
        # A mixin of the application's own has no table, and an entity below another has that one's columns.
        if not isinstance(cls, EntityMeta) or any(hasattr(each, "_adict_") for each in entity.__mro__[1:]):
            return
        if "_table_" not in entity.__dict__:
            entity._table_ = entity.__name__.lower()
        for name, attribute in cls._columns_of_mixins().items():
            if name not in entity.__dict__:
                setattr(entity, name, attribute)
        entity._indexes_ = [*entity.__dict__.get("_indexes_", ()), *_indexes(entity)]
        _stamp_changes(entity)
        _search_by_name(entity)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {getattr(self, '_pkval_', '?')}>"

    @classmethod
    def _columns_of_mixins(cls) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for each in reversed(cls.__mro__):
            if not isinstance(each, EntityMeta):
                found.update((name, value) for name, value in vars(each).items() if is_attribute(value))
        return {name: fresh(attribute) for name, attribute in found.items()}


class UserMixin(_Columns, behaviour.UserMixin):
    """All columns of a user."""

    INDEXES: ClassVar[tuple[tuple[str, ...], ...]] = (
        ("created_at", "id"),
        ("active", "created_at", "id"),
        ("last_login_at", "id"),
    )

    email: Any = key_text(254)
    username: Any = key_text(64, required=False)
    password: Any = text(255, hidden=True)
    active: Any = OptionalColumn(bool, default=True)
    uniquifier: Any = RequiredColumn(str, 64, unique=True, default=lambda: secrets.token_hex(16), hidden=True)
    confirmed_at: Any = moment(indexed=True)
    last_login_at: Any = moment()
    current_login_at: Any = moment()
    last_login_ip: Any = text(45)
    current_login_ip: Any = text(45)
    login_count: Any = integer(0)
    failed_logins: Any = integer(0)
    locked_until: Any = moment(indexed=True)
    suspended_reason: Any = text(255)
    version: Any = integer(1)

    if TYPE_CHECKING:
        roles: Any
        profile: Any
        identity_sessions: Any

    def _replace_roles(self, name: str) -> None:
        row: Any = self
        if getattr(row, "_session_cache_", None) is None:
            raise TypeError("Load the user in the current db_session before setting its role")
        role_class = type(row).roles.py_type
        role = role_class.get(name=name) or behaviour.built_in(role_class, name)
        if role is None:
            raise UnknownRole(field_errors={"role": [UnknownRole.message]})
        row.roles = [role]


class RoleMixin(_Columns, behaviour.RoleMixin):
    """All columns of a role."""

    name: Any = key_text(80)
    description: Any = text(255, default="")
    permissions: Any = permission_set()
    rank: Any = integer(0, volatile=False)


class UserProfileMixin(_Columns, behaviour.UserProfileMixin):
    """All columns of a profile. `user` is whose it is; `user_id` that user's key."""

    INDEXES: ClassVar[tuple[tuple[str, ...], ...]] = (("search_name", "user"),)

    full_name: Any = text(120)
    search_name: Any = key_text(LONGEST, required=False, unique=False, optimistic=False)
    bio: Any = long_text()
    address: Any = text(255)
    zipcode: Any = text(20)
    phone: Any = text(40)
    email: Any = text(254)
    website: Any = text(255)
    image: Any = text(255)

    if TYPE_CHECKING:
        user: Any

    @property
    def user_id(self) -> Any:
        """The key of the user whose profile this is."""
        return self.user.id

    @classmethod
    def _columns_of_mixins(cls) -> dict[str, Any]:
        # The class of users is known when the store has been made, which is before Pony asks.
        return {"user": Required(lambda: _users_of(cls), column="user_id", unique=True), **super()._columns_of_mixins()}


def _users_of(profile: Any) -> Any:
    tables = getattr(profile._database_, STORE, None)
    if tables is None or tables.profile is not profile:
        raise ConfigurationError(
            f"{profile.__name__} belongs to no store: make PonyStore(db, User, Role, profile={profile.__name__}) "
            "before db.generate_mapping."
        )
    return tables.user


def _indexes(cls: Any) -> Iterator[Any]:
    for names in cls.INDEXES:
        if all(is_attribute(cls.__dict__.get(name)) for name in names):
            yield Index(*(cls.__dict__[name] for name in names), is_pk=False, is_unique=False)


def _stamp_changes(cls: Any) -> None:
    """Let a change of a row that goes through Pony set its `updated_at`, as a change by the store does."""
    if not getattr(cls.__dict__.get("updated_at"), "stamp", False):
        return
    inherited = cls.before_update

    def before_update(self: Any) -> None:
        self.updated_at = naive_now()
        inherited(self)

    cls.before_update = before_update


def _search_by_name(cls: Any) -> None:
    """Let what a full name is searched by follow it."""
    if not {"full_name", "search_name"} <= cls.__dict__.keys():
        return
    inserting, updating = cls.before_insert, cls.before_update

    def before_insert(self: Any) -> None:
        self.search_name = name_key(self.full_name)
        inserting(self)

    def before_update(self: Any) -> None:
        self.search_name = name_key(self.full_name)
        updating(self)

    cls.before_insert, cls.before_update = before_insert, before_update
