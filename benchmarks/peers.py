"""The same pages with Flask-Login and with Flask-Security, set up as their own documentation does it."""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

from cell import ANONYMOUS, BEARER, COOKIE, PASSWORD, ROLE, Workload, address, environ
from flask import Flask
from flask_sqlalchemy import SQLAlchemy

PEOPLE = 1000


def login(database: str) -> tuple[Any, dict[str, Workload]]:
    """Flask-Login: alternative ids, so that a session can be revoked; roles and tokens as one writes them oneself."""
    from flask_login import LoginManager, UserMixin, current_user, login_required, login_user
    from sqlalchemy import select

    app, db = _application("login", database)
    held = db.Table(
        "held", db.Column("user_id", db.ForeignKey("user.id")), db.Column("role_id", db.ForeignKey("role.id"))
    )

    class Role(db.Model):
        id = db.Column(db.Integer, primary_key=True)
        name = db.Column(db.String(80), unique=True)

    class User(UserMixin, db.Model):
        id = db.Column(db.Integer, primary_key=True)
        email = db.Column(db.String(255), unique=True)
        alternative_id = db.Column(db.String(64), unique=True)
        token = db.Column(db.String(64), unique=True)
        roles = db.relationship(Role, secondary=held)

        def get_id(self) -> str:
            return self.alternative_id

    def by(**values: str) -> Any:
        return db.session.scalar(select(User).filter_by(**values))

    def by_token(request: Any) -> Any:
        sent = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return by(token=hashlib.sha256(sent.encode()).hexdigest()) if sent else None

    def edit() -> Any:
        return "ok" if any(role.name == "editor" for role in current_user.roles) else ("no", 403)

    manager = LoginManager(app)
    manager.user_loader(lambda value: by(alternative_id=value))
    manager.request_loader(by_token)
    app.add_url_rule("/mine", "mine", login_required(lambda: "ok"))
    app.add_url_rule("/edit", "edit", login_required(edit))
    app.add_url_rule("/enter", "enter", lambda: str(login_user(by(email=address(0)))))
    token = secrets.token_urlsafe(32)
    with app.app_context():
        db.create_all()
        db.session.add_all(User(email=address(n), alternative_id=secrets.token_hex()) for n in range(PEOPLE))
        db.session.flush()
        user = by(email=address(0))
        user.roles, user.token = [Role(name="editor")], hashlib.sha256(token.encode()).hexdigest()
        db.session.commit()
    cookie = app.test_client().get("/enter").headers["Set-Cookie"].partition(";")[0]
    return app, {
        COOKIE: environ("/mine", HTTP_COOKIE=cookie),
        ROLE: environ("/edit", HTTP_COOKIE=cookie),
        BEARER: environ("/mine", HTTP_AUTHORIZATION=f"Bearer {token}"),
        ANONYMOUS: environ("/open"),
    }


def security(database: str, people: int) -> tuple[Any, dict[str, Workload]]:
    """Flask-Security with its own models and its own token."""
    from flask_security import Security, SQLAlchemyUserDatastore, auth_required, roles_required
    from flask_security.models import fsqla_v3

    app, db = _application("security", database)
    app.config |= {"SECURITY_PASSWORD_SALT": secrets.token_hex(), "SECURITY_PASSWORD_HASH": "argon2"}
    app.config |= {"WTF_CSRF_ENABLED": False, "SECURITY_TRACKABLE": True, "SECURITY_EMAIL_VALIDATOR_ARGS": {}}
    fsqla_v3.FsModels.set_db_info(db)

    class Role(db.Model, fsqla_v3.FsRoleMixin):
        pass

    class User(db.Model, fsqla_v3.FsUserMixin):
        pass

    layer = Security(app, SQLAlchemyUserDatastore(db, User, Role))
    app.add_url_rule("/mine", "mine", auth_required("session", "token")(lambda: "ok"))
    app.add_url_rule("/edit", "edit", auth_required("session", "token")(roles_required("editor")(lambda: "ok")))
    with app.app_context():
        db.create_all()
        from flask_security import hash_password

        record = hash_password(PASSWORD)
        editor = layer.datastore.create_role(name="editor")
        for number in range(people):
            roles = [editor] if number == 0 else []
            layer.datastore.create_user(email=address(number), password=record, roles=roles)
        layer.datastore.commit()
    client = app.test_client(use_cookies=False)
    given = {"email": address(0), "password": PASSWORD}
    answer = client.post("/login?include_auth_token", json=given)
    assert answer.status_code == 200, answer.text
    token = answer.json["response"]["user"]["authentication_token"]
    cookie = next(each for each in answer.headers.getlist("Set-Cookie") if each.startswith("session=")).partition(";")[
        0
    ]
    return app, {
        COOKIE: environ("/mine", HTTP_COOKIE=cookie),
        ROLE: environ("/edit", HTTP_COOKIE=cookie),
        BEARER: environ("/mine", HTTP_AUTHENTICATION_TOKEN=token),
        ANONYMOUS: environ("/open"),
    }


def _application(name: str, database: str) -> tuple[Flask, Any]:
    app = Flask(name)
    app.config |= {"SECRET_KEY": "k" * 64, "SQLALCHEMY_DATABASE_URI": database}
    app.add_url_rule("/open", "open", lambda: "ok")
    return app, SQLAlchemy(app)
