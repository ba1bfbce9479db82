"""The dashboard's own addresses: where one starts, and what a supervisor asks."""

from __future__ import annotations

from flask import Blueprint, Flask, Response, abort, redirect
from sqlalchemy import exc, text
from werkzeug.wrappers import Response as AnyResponse

from flask_identity import current_identity, current_user, url_for_identity

from .models import db

blueprint = Blueprint("dashboard", __name__)

_STARTS = (("profile", "profile"), ("sessions", "sessions"), ("change_password", "change_password"))
"""Where a person starts, by feature: the first that is switched on."""


def mount(app: Flask) -> None:
    """Put the dashboard's own addresses on the application, after the library has taken those it wants."""
    app.register_blueprint(blueprint)
    if not any(rule.rule == "/" for rule in app.url_map.iter_rules()):  # it has no overview, or a prefix
        app.add_url_rule("/", view_func=start)


def start() -> AnyResponse:
    """Lead people to where they start. Costs no SQL for who is not signed in."""
    if not current_user:
        return redirect(url_for_identity("login"), 303)
    if current_identity.on("overview"):
        return redirect(url_for_identity("root"), 303)
    if "admin" in current_user.roles and current_identity.on("people"):
        return redirect(url_for_identity("user_list"), 303)
    for feature, endpoint in _STARTS:
        if current_identity.on(feature):
            return redirect(url_for_identity(endpoint), 303)
    abort(404)


@blueprint.get("/healthz")
def healthz() -> Response:
    """Say that the process lives; asks nothing of the database."""
    return _plain("ok", 200)


@blueprint.get("/readyz")
def readyz() -> Response:
    """Say whether requests can be served: the database answers and has been migrated."""
    try:
        with db.engine.connect() as connection:
            migrated = connection.execute(text("SELECT version_num FROM alembic_version")).first() is not None
    except exc.SQLAlchemyError:
        migrated = False
    return _plain("ok", 200) if migrated else _plain("the database is away or has not been migrated", 503)


def _plain(words: str, status: int) -> Response:
    return Response(f"{words}\n", status, {"Cache-Control": "no-store"}, mimetype="text/plain")
