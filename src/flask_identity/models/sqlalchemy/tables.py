"""The library's own tables, built on the metadata of the application's User class."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, String, Table, Text, UnaryExpression
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.inspection import inspect
from sqlalchemy.orm import Mapper, relationship
from sqlalchemy.sql import operators

from ...base.errors import ConfigurationError
from . import UserMixin, UserProfileMixin
from .invitations import invitations
from .types import key_string

_INFO = "flask_identity"


@dataclass(frozen=True)
class Tables:
    """The classes and tables of one User/Role pair. Without roles on the User there is no membership table."""

    user: Any
    role: Any
    profile: Any
    membership: Table | None
    """The library's own user-role table; None where `User.roles` is hand-written or there are no roles."""
    session: Table
    throttle: Table
    activity: Table
    one_time: Table
    mail: Table
    invitation: Table

    def membership_columns(self) -> Mapping[str, Any]:
        """Return the columns of the user-role table; empty without roles. Looks at a hand-written `roles` late,
        since it may name classes that are defined after the store is made."""
        if self.membership is not None:
            return {"user_id": self.membership.c.user_id, "role_id": self.membership.c.role_id}
        mapper: Mapper[Any] = inspect(self.user)
        if not mapper.has_property("roles"):
            return {}
        own = mapper.relationships["roles"]
        if own.secondary_synchronize_pairs is None:
            raise ConfigurationError(f"{self.user.__name__}.roles must be many to many, with a secondary table.")
        return {"user_id": own.synchronize_pairs[0][1], "role_id": own.secondary_synchronize_pairs[0][1]}


def mapped_columns(cls: Any) -> Mapping[str, Any]:
    """Return the columns of a mapped class by attribute name, without configuring its mapper."""
    return {name: column for name, column in inspect(cls).columns.items() if isinstance(column, Column)}


def define(user: Any, role: Any, profile: Any | None) -> Tables:
    """Define the library's tables for a User/Role pair, or return those defined for it before.

    Raises:
        ConfigurationError: where the metadata has tables for another pair.
    """
    metadata = inspect(user).local_table.metadata
    known: Tables | None = metadata.info.get(_INFO)
    if known is None:
        known = metadata.info[_INFO] = _define(user, role, profile, metadata)
    if (known.user, known.role) != (user, role) or (profile is not None and known.profile is not profile):
        raise ConfigurationError(
            f"A store for {known.user.__name__} and {known.role.__name__} is on this metadata already; "
            "give a second pair a declarative base of its own."
        )
    return known


def _define(user: Any, role: Any, profile: Any | None, metadata: Any) -> Tables:
    mapper: Mapper[Any] = inspect(user)
    user_key = mapper.local_table.c[_key_column(mapper)]
    membership = _membership(user, role, mapper, user_key, metadata)
    profile = profile if profile is not None else _own_profile(mapper)
    _tie_profile(mapper, profile, user_key)
    _index_people(mapper.local_table, user)
    people = (user, role, profile, membership, _session(metadata, user_key))
    letters = (_one_time(metadata, user_key), _mail(metadata), invitations(metadata, _owner(user_key, index=True)))
    return Tables(*people, _throttle(metadata), _activity(metadata), *letters)


def _key_column(mapper: Mapper[Any]) -> str:
    return str(mapper.columns["id"].name)


def _owner(user_key: Any, **options: Any) -> Column[Any]:
    return Column("user_id", ForeignKey(user_key, ondelete="CASCADE"), nullable=False, **options)


def _membership(user: Any, role: Any, mapper: Mapper[Any], user_key: Any, metadata: Any) -> Table | None:
    if mapper.has_property("roles") or not issubclass(user, UserMixin):
        return None
    role_mapper: Mapper[Any] = inspect(role)
    role_key = role_mapper.local_table.c[_key_column(role_mapper)]
    table = Table(
        "user_role",
        metadata,
        _owner(user_key, primary_key=True),
        Column("role_id", ForeignKey(role_key, ondelete="CASCADE"), primary_key=True, nullable=False),
        Index("ix_user_role_role_id", "role_id", "user_id"),
    )
    mapper.add_property("roles", relationship(role, secondary=table, lazy="select"))
    return table


def _own_profile(mapper: Mapper[Any]) -> Any:
    # A class of the library's own on the application's registry, so that it is created and migrated with the rest.
    body = {"__tablename__": "identity_profile", "__module__": __name__, "__doc__": "The library's own profile."}
    return mapper.registry.mapped(type("IdentityProfile", (UserProfileMixin,), body))


def _tie_profile(mapper: Mapper[Any], profile: Any, user_key: Any) -> None:
    profile_mapper: Mapper[Any] = inspect(profile)
    table: Any = profile_mapper.local_table
    if "user_id" not in table.c:
        column = _owner(user_key, unique=True)
        table.append_column(column)
        profile_mapper.add_property("user_id", column)
    name = profile_mapper.columns["search_name"]
    Index(f"ix_{table.name}_search_name", name, table.c.user_id)
    if not mapper.has_property("profile"):
        link = relationship(profile, uselist=False, viewonly=True, primaryjoin=user_key == table.c.user_id)
        mapper.add_property("profile", link)


def _index_people(table: Any, user: Any) -> None:
    """Index what the administrators' list filters and sorts by (its pages are found by key, never by OFFSET)."""
    # By attribute: an application may have given the columns other names, or left some of the mixin's out.
    name, c = table.name, mapped_columns(user)
    if not issubclass(user, UserMixin) or not {"active", "created_at", "last_login_at"} <= c.keys():
        return
    Index(f"ix_{name}_created_at", c["created_at"], c["id"])
    Index(f"ix_{name}_active_created_at", c["active"], c["created_at"], c["id"])
    Index(f"ix_{name}_last_login_at", _NullsLowest(c["last_login_at"], modifier=operators.asc_op), c["id"])
    for rare in ("locked_until", "confirmed_at"):  # few are locked or not confirmed, and they are counted on every page
        if rare in c:
            Index(f"ix_{name}_{rare}", c[rare])


class _NullsLowest(UnaryExpression[Any]):
    """A column of an index in which NULL sorts lowest, as in the list; PostgreSQL has to be told.

    One index for every database: of two that share a name, Alembic would write whichever it meets first.
    """

    inherit_cache = True


@compiles(_NullsLowest)
def _by_nature(column: Any, compiler: Any, **options: Any) -> str:
    return str(compiler.process(column.element, **options))


@compiles(_NullsLowest, "postgresql")
def _told(column: Any, compiler: Any, **options: Any) -> str:
    return f"{compiler.process(column.element, **options)} NULLS FIRST"


def _session(metadata: Any, user_key: Any) -> Table:
    return Table(
        "identity_session",
        metadata,
        Column("id", key_string(16), primary_key=True),
        Column("digest", String(64), nullable=False),
        _owner(user_key, index=True),
        Column("kind", String(8), nullable=False),
        Column("remember", Boolean, nullable=False),
        Column("uniquifier", String(64), nullable=False),
        Column("created_at", BigInteger, nullable=False),
        Column("last_seen_at", BigInteger, nullable=False),
        Column("proved_at", BigInteger, nullable=False),
        Column("expires_at", BigInteger, nullable=False, index=True),
        Column("ip", String(45)),
        Column("agent", String(255), nullable=False),
        Column("name", String(80)),
        Column("scopes", String(255)),
        Index("ix_identity_session_created_at", "created_at", "id"),
    )


def _throttle(metadata: Any) -> Table:
    return Table(
        "identity_throttle",
        metadata,
        Column("key", key_string(64), primary_key=True),
        Column("count", Integer, nullable=False, default=0),
        Column("reserved", Integer, nullable=False, default=0),
        Column("reserved_until", BigInteger, nullable=False, default=0),
        Column("locked_until", BigInteger, nullable=False, default=0),
        Column("expires_at", BigInteger, nullable=False, index=True),
    )


def _activity(metadata: Any) -> Table:
    return Table(
        "identity_activity",
        metadata,
        Column("id", key_string(24), primary_key=True),
        Column("at", BigInteger, nullable=False),
        Column("what", key_string(32), nullable=False),
        Column("actor", key_string(255)),
        Column("target", key_string(255)),
        Column("outcome", String(8), nullable=False),
        Column("ip", String(45)),
        Column("details", String(255), nullable=False),
        *(Index(f"ix_identity_activity_{name}", name, "id") for name in ("what", "actor", "target")),
    )


def _one_time(metadata: Any, user_key: Any) -> Table:
    return Table(
        "identity_one_time",
        metadata,
        Column("id", key_string(16), primary_key=True),
        Column("digest", String(64), nullable=False),
        Column("purpose", String(16), nullable=False),
        _owner(user_key, index=True),
        Column("email", key_string(254), nullable=False),
        Column("uniquifier", String(64), nullable=False),
        Column("password", String(255)),
        Column("created_at", BigInteger, nullable=False),
        Column("expires_at", BigInteger, nullable=False, index=True),
    )


def _mail(metadata: Any) -> Table:
    return Table(
        "identity_mail",
        metadata,
        Column("id", key_string(16), primary_key=True),
        Column("kind", String(40), nullable=False),
        Column("recipient", key_string(254), nullable=False),
        Column("language", String(35), nullable=False),
        Column("link", String(64)),
        Column("carries", Text),
        Column("fault", String(80)),
        Column("tries", Integer, nullable=False, default=0),
        Column("created_at", BigInteger, nullable=False),
        Column("due_at", BigInteger, nullable=False, index=True),
    )
