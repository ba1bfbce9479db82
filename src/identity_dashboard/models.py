"""The dashboard's tables: the library's mixins, with nothing added."""

from __future__ import annotations

from flask_sqlalchemy_lite import SQLAlchemy
from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase

from flask_identity import SQLAlchemyStore
from flask_identity.models.sqlalchemy import RoleMixin, UserMixin


class Model(DeclarativeBase):
    """The base of all tables."""

    # A rule without a name could not be changed by a later migration, least of all on SQLite.
    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "ix": "ix_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
        }
    )


class Role(RoleMixin, Model):
    """A role."""


class User(UserMixin, Model):
    """A person's account."""


db = SQLAlchemy()

# Made here, so that the library's own tables are on the metadata before a migration looks at it.
store = SQLAlchemyStore(lambda: db.session, User, Role)
