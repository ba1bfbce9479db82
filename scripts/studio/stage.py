"""A dashboard whose clock stands still, with invented people on it, in this process."""

from __future__ import annotations

import contextlib
import io
import tempfile
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.serving import WSGIRequestHandler, make_server

from flask_identity import hash_password
from identity_dashboard import create_app, schema
from identity_dashboard.app import identity
from identity_dashboard.demo import fill
from identity_dashboard.models import db
from identity_dashboard.serving import listen, url_of

from .faces import portrait

NOW = datetime(2026, 11, 24, 14, 30, tzinfo=UTC)
"""What the dashboard's clock shows in every picture."""

ADMIN = "admin@people.example"
PASSWORD = "purple otters read maps"  # noqa: S105 - of a dashboard that lives as long as this process
PEOPLE = 248
_HOST = "127.0.0.1"
_TOKENS_LAST = 7_776_000  # seconds
_PROFILE = {
    "full_name": "Robin Ashdown",
    "bio": "Looks after the accounts of three depots. Answers before lunch.",
    "phone": "+44 20 7946 0018",
    "address": "31 Mill Road, Norwich",
    "zipcode": "NR1 4QZ",
    "website": "https://people.example/robin",
    "email": "robin@people.example",
}
_MOBILE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari/604.1"
_LAPTOP = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.5 Safari/605.1.15"
_ELSEWHERE = (
    (timedelta(days=6), "203.0.113.24", _MOBILE, "Nightly export", "read"),
    (timedelta(hours=3), "198.51.100.7", _LAPTOP, "Onboarding form", "write"),
)
"""Where the administrator is signed in too, and the token made there: how long ago, from where, its name and scope."""

_FACES = (0, 1, 2, 4, 6, 7, 9, 12, 13)
"""Which rows of the list have a photo; the others show initials."""

_SUSPENDED = 7
"""The row of the list that is switched off."""


@contextlib.contextmanager
def dashboard() -> Iterator[str]:
    """Run it; what comes is its URL."""
    with (
        tempfile.TemporaryDirectory() as folder,
        listen(_HOST, 0) as listener,
        # Only the hours stand still: time_machine leaves alone what programs measure waiting with.
        time_machine.travel(NOW, tick=False) as clock,
    ):
        url = url_of(_HOST, listener)
        app = create_app(
            {
                "DASHBOARD_INSTANCE": folder,
                "IDENTITY_IMAGE_URL": (Path(folder) / "pictures").as_uri(),
                "IDENTITY_BASE_URL": url,
                "IDENTITY_TRUSTED_PROXIES": "1",
                "IDENTITY_THROTTLE": "false",
            }
        )
        with app.app_context():
            _populate(app, clock)
        server = make_server(_HOST, 0, app, threaded=True, request_handler=_Silent, fd=listener.fileno())
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield url
        finally:
            server.shutdown()
            server.server_close()
            with app.app_context():
                db.engine.dispose()


class _Silent(WSGIRequestHandler):
    def log_request(self, *_: Any) -> None:
        pass


def _populate(app: Flask, clock: time_machine.Traveller) -> None:
    schema.migrate(db.engine)
    clock.move_to(NOW - timedelta(seconds=30), tick=False)  # a second apart, so that the audit log has one order
    with contextlib.redirect_stdout(io.StringIO()):  # it tells a password that is replaced at once
        fill(PEOPLE - 1, more=False)
    clock.shift(1)
    (admin,) = identity.datastore.users(prefix=ADMIN)
    identity.datastore.set_password(admin, hash_password(PASSWORD), seen=admin.password)
    for ago, address, agent, name, scope in _ELSEWHERE:
        clock.move_to(NOW - ago, tick=False)
        caller = _signed_in(app, address, agent, remember=True)
        made = _send(caller, "POST", "/tokens", json={"name": name, "scopes": [scope], "expires": _TOKENS_LAST})
        _send(app.test_client(), "GET", "/profile", headers={"Authorization": f"Bearer {made['token']}"})
    clock.move_to(NOW - timedelta(seconds=20), tick=False)
    caller = _signed_in(app, "192.0.2.44", _LAPTOP)
    _send(caller, "PUT", "/edit_user", json={"profile": _PROFILE})
    users = _send(caller, "GET", "/user_list?sort=-last_login_at&limit=25")["users"]
    for at in _FACES:
        photo = (io.BytesIO(portrait(at)), "photo.png", "image/png")
        _send(caller, "PUT", "/edit_user", data={"id": str(users[at]["id"]), "image": photo})
    clock.shift(1)
    _send(caller, "PUT", "/update_status", json={"id": users[_SUSPENDED]["id"], "status": "suspended"})
    clock.shift(1)
    _send(caller, "POST", "/logout")
    clock.move_to(NOW, tick=False)


def _signed_in(app: Flask, address: str, agent: str, **fields: Any) -> FlaskClient:
    caller = app.test_client()
    caller.environ_base |= {"HTTP_X_FORWARDED_FOR": address, "HTTP_USER_AGENT": agent}
    _send(caller, "POST", "/login", json={"identity": ADMIN, "password": PASSWORD, **fields})
    return caller


def _send(caller: FlaskClient, method: str, path: str, **request: Any) -> Any:
    headers = {"Accept": "application/json", "Origin": caller.application.config["IDENTITY_BASE_URL"]}
    answer = caller.open(path, method=method, headers=headers | request.pop("headers", {}), **request)
    if answer.status_code >= 400 or answer.json is None:
        raise RuntimeError(f"{method} {path}: {answer.text}")
    return answer.json["response"]
