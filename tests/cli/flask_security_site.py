"""A small Flask-Security application, run by itself: makes its tables and people in the database named.

python flask_security_site.py DATABASE_URL PASSWORD_HASH SALT PASSWORD
"""

from __future__ import annotations

import sys

from flask import Flask
from flask_security import Security, SQLAlchemyUserDatastore, hash_password
from flask_security.models import fsqla, fsqla_v3
from flask_sqlalchemy import SQLAlchemy

PEOPLE = (
    ("Ada@Example.com", ("admin", "editor"), True),
    ("bob@example.com", ("editor",), True),
    ("gone@example.com", (), False),
)


def build(url: str, scheme: str, salt: str) -> tuple[Flask, SQLAlchemy, SQLAlchemyUserDatastore]:
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY="k" * 40,
        SECURITY_PASSWORD_SALT=salt,
        SECURITY_PASSWORD_HASH=scheme,
        SECURITY_PASSWORD_SCHEMES=[scheme],
        SQLALCHEMY_DATABASE_URI=url,
    )
    db = SQLAlchemy(app)
    fsqla.FsModels.set_db_info(db)
    role = type("Role", (db.Model, fsqla_v3.FsRoleMixin), {})
    user = type("User", (db.Model, fsqla_v3.FsUserMixin), {})
    people = SQLAlchemyUserDatastore(db, user, role)
    Security(app, people)
    return app, db, people


def main(url: str, scheme: str, salt: str, password: str) -> None:
    app, db, people = build(url, scheme, salt)
    with app.app_context():
        db.create_all()
        people.create_role(name="admin", description="Runs it")
        people.create_role(name="editor", description="Writes", permissions={"reports.write", "reports.read"})
        for email, roles, active in PEOPLE:
            people.create_user(email=email, password=hash_password(password), roles=list(roles), active=active)
        people.create_user(email="social@example.com", password=None)
        db.session.commit()


if __name__ == "__main__":
    main(*sys.argv[1:])
