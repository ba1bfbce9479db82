"""The applications that run in this project's own environment: bare Flask, and Flask-Identity with all features on."""

from __future__ import annotations

from typing import Any

from cell import ANONYMOUS, BEARER, COOKIE, PASSWORD, ROLE, Workload, address, environ
from flask import Flask

HOST = "app.example.com"


def bare(_: str, *, lazy: bool = False) -> tuple[Any, dict[str, Workload]]:
    """Flask without any sign-in; with `lazy` it does not open its session before somebody touches it."""
    app = Flask("bare")
    app.config["SECRET_KEY"] = "k" * 64
    if lazy:
        from flask_identity.web.lazy_session import LazySessionInterface

        app.session_interface = LazySessionInterface()
    app.add_url_rule("/ok", view_func=lambda: "ok")
    # The same requests as everybody else's: bare Flask, too, has to read the cookie that comes along.
    cookie = environ("/ok", HTTP_COOKIE=f"__Host-identity={'i' * 16}.{'s' * 43}")
    bearer = environ("/ok", HTTP_AUTHORIZATION=f"Bearer {'i' * 16}.{'s' * 43}")
    return app, {COOKIE: cookie, ROLE: cookie, BEARER: bearer, ANONYMOUS: environ("/ok")}


def identity(database: str, people: int = 1000) -> tuple[Any, dict[str, Workload]]:
    """Flask-Identity on SQLAlchemy, every feature switched on that needs no server of its own."""
    from sqlalchemy import create_engine
    from sqlalchemy.orm import DeclarativeBase, scoped_session, sessionmaker

    from flask_identity import Identity, SQLAlchemyStore, auth_required, catalog, roles_required
    from flask_identity.models.sqlalchemy import RoleMixin, UserMixin

    class Base(DeclarativeBase):
        pass

    class Role(RoleMixin, Base):
        pass

    class User(UserMixin, Base):
        pass

    engine = create_engine(database)
    session = scoped_session(sessionmaker(engine))
    app = Flask("identity")
    app.config |= {"SECRET_KEY": "k" * 64, "IDENTITY_BASE_URL": f"https://{HOST}"}
    app.config |= {f"IDENTITY_{each.switch}": True for each in catalog.features() if each.switch}
    known = {item.key for _, items in catalog.settings() for item in items}
    app.config |= {key: value for key, value in {"IDENTITY_MAIL_URL": "console:"}.items() if key in known}
    layer = Identity(app, SQLAlchemyStore(session, User, Role))
    app.teardown_appcontext(lambda _: session.remove())
    app.add_url_rule("/open", view_func=lambda: "ok")
    app.add_url_rule("/mine", "mine", auth_required(lambda: "ok"))
    app.add_url_rule("/edit", "edit", auth_required("session", "token")(roles_required("editor")(lambda: "ok")))
    Base.metadata.create_all(engine)
    with app.app_context():
        from flask_identity.base.clock import now

        layer.datastore.create_role("editor", permissions=["pages.edit"])
        layer.datastore.create_user(address(0), PASSWORD, roles=["editor"], confirmed_at=now())
        session.add_all(User(email=address(n), active=True, uniquifier=f"{n:032}") for n in range(1, people))
        session.commit()
    cookie, bearer = _signed_in(app)
    return app, {
        COOKIE: environ("/mine", HTTP_COOKIE=cookie),
        ROLE: environ("/edit", HTTP_COOKIE=cookie),
        BEARER: environ("/mine", HTTP_AUTHORIZATION=bearer),
        ANONYMOUS: environ("/open"),
    }


def _signed_in(app: Flask) -> tuple[str, str]:
    """Sign in as people do, for a cookie and for a bearer value; return the two headers."""
    client = app.test_client(use_cookies=False)
    given = {"email": address(0), "password": PASSWORD}
    answer = client.post("/identity/login", json=given, base_url=f"https://{HOST}")
    assert answer.status_code == 200, answer.text
    cookie = answer.headers["Set-Cookie"].partition(";")[0]
    answer = client.post("/identity/login?include_auth_token", json=given, base_url=f"https://{HOST}")
    return cookie, f"Bearer {answer.json['response']['user']['authentication_token']}"
