"""Mixins with all columns of all features, for any SQLAlchemy declarative base.

Class and table names are free; the table's name defaults to the class name in lower case. `id` may be overridden
with any key type. The roles of a user and the library's own tables come with `SQLAlchemyStore`.
"""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, String, Text, select
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import (
    Mapped,
    MappedAsDataclass,
    declared_attr,
    has_inherited_table,
    mapped_column,
    object_session,
    validates,
)
from sqlalchemy.sql import ColumnElement

from ...base.clock import now
from ...base.errors import ConfigurationError, UnknownRole
from ...base.matching import LONGEST, name_key
from .. import behaviour
from .status import status_case
from .types import PermissionSet, UtcDateTime, key_string

__all__ = ["RoleMixin", "UserMixin", "UserProfileMixin"]


class _Table:
    """What the three mixins share: a table name, a key, and times."""

    if TYPE_CHECKING:
        __tablename__: Any
    else:

        @declared_attr.directive
        def __tablename__(cls) -> str | None:
            return None if has_inherited_table(cls) else cls.__name__.lower()

    id: Mapped[Any] = mapped_column(Integer, primary_key=True, sort_order=-10)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, sort_order=10)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, onupdate=now, sort_order=10)

    def __init_subclass__(cls, **options: Any) -> None:
        if issubclass(cls, MappedAsDataclass):
            raise ConfigurationError(
                f"{cls.__name__} is mapped as a dataclass, which cannot take its columns from a mixin; "
                "use a declarative base without MappedAsDataclass."
            )
        super().__init_subclass__(**options)


class UserMixin(_Table, behaviour.UserMixin):
    """All columns of a user."""

    email: Mapped[str] = mapped_column(key_string(254), unique=True)
    username: Mapped[str | None] = mapped_column(key_string(64), unique=True)
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool | None] = mapped_column(default=True)
    uniquifier: Mapped[str] = mapped_column(String(64), unique=True, default=lambda: secrets.token_hex(16))
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_login_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    current_login_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_login_ip: Mapped[str | None] = mapped_column(String(45))
    current_login_ip: Mapped[str | None] = mapped_column(String(45))
    login_count: Mapped[int] = mapped_column(default=0)
    failed_logins: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    suspended_reason: Mapped[str | None] = mapped_column(String(255))
    version: Mapped[int] = mapped_column(default=1)

    if TYPE_CHECKING:
        roles: Any
        profile: Any

    @hybrid_property
    def status(self) -> str:
        """`suspended`, `pending`, `locked` or `active`, in this precedence; also in queries."""
        return behaviour.status(self)

    @status.inplace.expression
    @classmethod
    def _status_in_sql(cls) -> ColumnElement[str]:
        return status_case(cls, now(), behaviour.confirmation_required())

    def _replace_roles(self, name: str) -> None:
        session = object_session(self)
        if session is None:
            raise TypeError("Add the user to a session before setting its role, or give create_user(roles=[…])")
        role_class = type(self).roles.property.mapper.class_
        role = session.scalars(select(role_class).where(role_class.name == name)).first() or behaviour.built_in(
            role_class, name
        )
        if role is None:
            raise UnknownRole(field_errors={"role": [UnknownRole.message]})
        self.roles = [role]


class RoleMixin(_Table, behaviour.RoleMixin):
    """All columns of a role."""

    name: Mapped[str] = mapped_column(key_string(80), unique=True)
    description: Mapped[str | None] = mapped_column(String(255), default="")
    permissions: Mapped[frozenset[str]] = mapped_column(PermissionSet, default=frozenset)
    rank: Mapped[int] = mapped_column(default=0)


class UserProfileMixin(_Table, behaviour.UserProfileMixin):
    """All columns of a profile; `user_id` with its foreign key comes with the store."""

    full_name: Mapped[str | None] = mapped_column(String(120))
    search_name: Mapped[str | None] = mapped_column(key_string(LONGEST))
    """What the full name is searched by; it follows the full name."""
    bio: Mapped[str | None] = mapped_column(Text)
    address: Mapped[str | None] = mapped_column(String(255))
    zipcode: Mapped[str | None] = mapped_column(String(20))
    phone: Mapped[str | None] = mapped_column(String(40))
    email: Mapped[str | None] = mapped_column(String(254))
    website: Mapped[str | None] = mapped_column(String(255))
    image: Mapped[str | None] = mapped_column(String(255))

    @validates("full_name")
    def _searched_by(self, _: str, value: str | None) -> str | None:
        self.search_name = name_key(value)
        return value
