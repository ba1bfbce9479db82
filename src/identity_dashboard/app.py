"""The application."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from flask import Flask
from werkzeug.exceptions import HTTPException

from flask_identity import Identity, answer_http_error

from . import config, database, headers, models, views

identity = Identity()


def create_app(environ: Mapping[str, str] | None = None) -> Flask:
    """Make the dashboard.

    Args:
        environ: Variables that configure it; None takes the environment of the process.

    Raises:
        ConfigurationError: with one sentence that says what to do.
        DatabaseAway: with PonyORM, which looks for the database at once.
    """
    found = config.read(os.environ if environ is None else environ)
    app = Flask(__package__, instance_path=str(found.instance), static_folder=None)
    app.config.from_mapping(found.values)
    models.db.init_app(app)
    with app.app_context():
        database.prepare(models.db.engine)
    identity.init_app(app, _store(found))
    views.mount(app)
    # Every URL is the dashboard's, so an unknown one, too, answers in its form.
    app.register_error_handler(HTTPException, answer_http_error)
    headers.send_with_every_answer(app)
    return app


def _store(found: config.Configuration) -> Any:
    if found.orm == "sqlalchemy":
        return models.store
    from . import entities  # PonyORM is there for who asks for it

    return entities.make_store(found.values["SQLALCHEMY_ENGINES"]["default"])
