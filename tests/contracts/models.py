"""Applications' models for the contract of a store, one set for each type of key."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from functools import cache
from types import SimpleNamespace
from typing import Any

from sqlalchemy import String, Uuid
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from flask_identity.models.sqlalchemy import RoleMixin, UserMixin
from flask_identity.models.sqlalchemy.types import key_string
from flask_identity.stores.memory import MemoryUser


@dataclass(eq=False, repr=False)
class PlainUser(MemoryUser):
    """A user in memory with a field of the application's."""

    nickname: str | None = None


_KEYS: dict[type, tuple[Any, Any]] = {
    uuid.UUID: (Uuid(), uuid.uuid4),
    str: (key_string(36), lambda: str(uuid.uuid4())),
}


@cache
def models(key: type = int) -> Any:
    """Model, User and Role with a user id of this type, and Note, a table of the application's own."""

    class Model(DeclarativeBase):
        pass

    class Role(RoleMixin, Model):
        pass

    class User(UserMixin, Model):
        nickname: Mapped[str | None] = mapped_column(String(80))
        if key is not int:
            id: Mapped[Any] = mapped_column(_KEYS[key][0], primary_key=True, default=_KEYS[key][1])

    class Note(Model):
        __tablename__ = "note"
        id: Mapped[int] = mapped_column(primary_key=True)
        email: Mapped[str] = mapped_column(String(80), unique=True)

    return SimpleNamespace(Model=Model, User=User, Role=Role, Note=Note)
