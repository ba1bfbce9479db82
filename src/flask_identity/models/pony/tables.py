"""The library's own tables, as entities on the application's Pony Database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pony.orm import Optional, Required, Set
from pony.orm.core import EntityMeta, Index

from ...base.errors import ConfigurationError
from . import STORE, UserMixin, UserProfileMixin
from .columns import OptionalColumn, RequiredColumn, key, key_text, long_text, text

MEMBERS = "user_role"


@dataclass(frozen=True)
class Tables:
    """The entities of one User/Role pair."""

    db: Any
    user: Any
    role: Any
    profile: Any
    session: Any
    throttle: Any
    activity: Any
    one_time: Any
    mail: Any
    invitation: Any

    def has_roles(self) -> bool:
        """Say whether users have roles at all; hand-written models may have none."""
        return "roles" in self.user._adict_

    def membership(self) -> tuple[str, Mapping[str, tuple[str, Any]]] | None:
        """Return the name of the user-role table and its columns: name and converter. Known once mapped."""
        if not self.has_roles():
            return None
        roles = self.user._adict_["roles"]
        if not isinstance(roles, Set) or not isinstance(roles.reverse, Set):
            raise ConfigurationError(f"{self.user.__name__}.roles must be many to many: a Set on both sides.")
        user, role = self.user._pk_converters_[0], self.role._pk_converters_[0]
        return roles.table, {"user_id": (roles.reverse.columns[0], user), "role_id": (roles.columns[0], role)}


def define(db: Any, user: Any, role: Any, profile: Any | None) -> Tables:
    """Define the library's tables for a User/Role pair, or return those defined for it before.

    Raises:
        ConfigurationError: where the Database has tables for another pair, or it is too early or late to define any.
    """
    known: Tables | None = getattr(db, STORE, None)
    if known is None:
        known = _define(db, user, role, profile)
    if (known.user, known.role) != (user, role) or (profile is not None and known.profile is not profile):
        raise ConfigurationError(
            f"A store for {known.user.__name__} and {known.role.__name__} is on this Database already; "
            "give a second pair a Database of its own."
        )
    return known


def _define(db: Any, user: Any, role: Any, profile: Any | None) -> Tables:
    if db.provider is None:
        raise ConfigurationError("Bind the Database first: make PonyStore between db.bind and db.generate_mapping.")
    if db.schema is not None:
        raise ConfigurationError("Make PonyStore before db.generate_mapping: it defines tables of its own.")
    if profile is not None and not (isinstance(profile, EntityMeta) and issubclass(profile, UserProfileMixin)):
        raise ConfigurationError(
            "The profile class must be an entity that inherits from UserProfileMixin of flask_identity.models.pony."
        )
    with_roles = "roles" not in user._adict_ and issubclass(user, UserMixin)
    own = [(user, name) for name in ("identity_sessions", "identity_one_times", "identity_invitations")]
    own += [(role, "users")] if with_roles else []
    for entity, name in own:
        if name in entity._adict_:
            raise ConfigurationError(f"{entity.__name__}.{name} is the library's own; give yours another name.")
    if profile is None:
        body = {"_table_": "identity_profile", "__module__": __name__, "__doc__": "The library's own profile."}
        profile = EntityMeta("IdentityProfile", (db.Entity, UserProfileMixin), body)
    if with_roles:
        _attach(user, "roles", Set(role, table=MEMBERS, column="role_id", reverse="users"))
        _attach(role, "users", Set(user, table=MEMBERS, column="user_id", reverse="roles"))
    link = "profile" if "profile" not in user._adict_ else "identity_profile"
    _attach(user, link, Optional(profile, reverse="user", cascade_delete=True))
    letters = (_one_time(db, user), _mail(db), _invitation(db, user))
    tables = Tables(db, user, role, profile, _session(db, user), _throttle(db), _activity(db), *letters)
    setattr(db, STORE, tables)
    return tables


def _session(db: Any, user: Any) -> Any:
    body: dict[str, Any] = {
        "_table_": "identity_session",
        "__module__": __name__,
        "__doc__": "A session or an API token.",
        "id": key(16),
        "digest": _filled(str, 64),
        "user": Required(user, column="user_id", reverse="identity_sessions"),
        "kind": _filled(str, 8),
        "remember": _filled(bool),
        "uniquifier": _filled(str, 64),
        "created_at": _filled(int, size=64),
        "last_seen_at": _filled(int, size=64),
        "proved_at": _filled(int, size=64),
        "expires_at": _filled(int, size=64, index=True),
        "ip": OptionalColumn(str, 45, nullable=True),
        "agent": OptionalColumn(str, 255),
        "name": OptionalColumn(str, 80, nullable=True),
        "scopes": OptionalColumn(str, 255, nullable=True),
    }
    body["_indexes_"] = [Index(body["created_at"], body["id"], is_pk=False, is_unique=False)]
    entity = EntityMeta("IdentitySession", (db.Entity,), body)
    _attach(user, "identity_sessions", Set(entity, reverse="user"))
    return entity


def _throttle(db: Any) -> Any:
    body = {
        "_table_": "identity_throttle",
        "__module__": __name__,
        "__doc__": "Counts and locks.",
        "key": key(64),
        "count": _filled(int, default=0),
        "reserved": _filled(int, default=0),
        "reserved_until": _filled(int, size=64, default=0),
        "locked_until": _filled(int, size=64, default=0),
        "expires_at": _filled(int, size=64, index=True),
    }
    return EntityMeta("IdentityThrottle", (db.Entity,), body)


def _activity(db: Any) -> Any:
    body: dict[str, Any] = {
        "_table_": "identity_activity",
        "__module__": __name__,
        "__doc__": "What happened to an account.",
        "id": key(24),
        "at": _filled(int, size=64),
        "what": key_text(32, unique=False),
        "actor": key_text(255, required=False, unique=False),
        "target": key_text(255, required=False, unique=False),
        "outcome": _filled(str, 8),
        "ip": OptionalColumn(str, 45, nullable=True),
        "details": OptionalColumn(str, 255),
    }
    searched = ("what", "actor", "target")
    body["_indexes_"] = [Index(body[name], body["id"], is_pk=False, is_unique=False) for name in searched]
    return EntityMeta("IdentityActivity", (db.Entity,), body)


def _one_time(db: Any, user: Any) -> Any:
    body: dict[str, Any] = {
        "_table_": "identity_one_time",
        "__module__": __name__,
        "__doc__": "A secret that works once.",
        "id": key(16),
        "digest": _filled(str, 64),
        "purpose": _filled(str, 16),
        "user": Required(user, column="user_id", reverse="identity_one_times"),
        "email": key_text(254, unique=False),
        "uniquifier": _filled(str, 64),
        "password": text(255),
        "created_at": _filled(int, size=64),
        "expires_at": _filled(int, size=64, index=True),
    }
    entity = EntityMeta("IdentityOneTime", (db.Entity,), body)
    _attach(user, "identity_one_times", Set(entity, reverse="user"))
    return entity


def _mail(db: Any) -> Any:
    body = {
        "_table_": "identity_mail",
        "__module__": __name__,
        "__doc__": "A letter that is not delivered yet.",
        "id": key(16),
        "kind": _filled(str, 40),
        "recipient": key_text(254, unique=False),
        "language": _filled(str, 35),
        "link": OptionalColumn(str, 64, nullable=True),
        "carries": long_text(),
        "fault": OptionalColumn(str, 80, nullable=True),
        "tries": _filled(int, default=0),
        "created_at": _filled(int, size=64),
        "due_at": _filled(int, size=64, index=True),
    }
    return EntityMeta("IdentityMail", (db.Entity,), body)


def _invitation(db: Any, user: Any) -> Any:
    body: dict[str, Any] = {
        "_table_": "identity_invitation",
        "__module__": __name__,
        "__doc__": "Somebody who was invited and has no account yet.",
        "id": key(16),
        "digest": _filled(str, 64),
        "email": key_text(254),
        "role": key_text(80, unique=False),
        "user": Required(user, column="user_id", reverse="identity_invitations"),
        "created_at": _filled(int, size=64),
        "expires_at": _filled(int, size=64, index=True),
    }
    entity = EntityMeta("IdentityInvitation", (db.Entity,), body)
    _attach(user, "identity_invitations", Set(entity, reverse="user"))
    return entity


def _filled(kind: type, *args: Any, **options: Any) -> Any:
    return RequiredColumn(kind, *args, **options)


def _attach(entity: Any, name: str, attribute: Any) -> None:
    """Add an attribute to an entity after its class was made, as Pony adds those of the class itself."""
    attribute._init_(entity, name)
    setattr(entity, name, attribute)
    entity._new_attrs_.append(attribute)
    for cls in (entity, *entity._subclasses_):
        cls._attrs_.append(attribute)
        cls._adict_[name] = attribute
        if cls is not entity:
            cls._base_attrs_.append(attribute)
    entity._attrnames_cache_.clear()
