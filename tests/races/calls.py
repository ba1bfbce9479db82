"""What callers of a race do. Functions other processes can import."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from flask_identity import IdentityRefusal
from flask_identity.base.ports import Kind
from tests.races.crowd import PATIENCE, Outcome, Seat
from tests.races.site import PASSWORD, WRONG


def _answered(given: Any, answer: Any, note: Any = None) -> Outcome:
    body = answer.get_json(silent=True) or {}
    code = body.get("response", {}).get("error", "") if isinstance(body, dict) else ""
    return Outcome(given, answer.status_code, code, note)


def register(seat: Seat, body: dict[str, Any]) -> Outcome:
    """Register with what is in `body`."""
    answer = seat.site.client().post("/identity/register", json={"password": PASSWORD, **body})
    return _answered(body, answer)


def sign_in(seat: Seat, given: tuple[str, bool, str]) -> Outcome:
    """Sign in under a name, with the right password or a wrong one, from an address."""
    name, right, address = given
    body = {"identity": name, "password": PASSWORD if right else WRONG}
    return _answered(given, seat.site.client(address).post("/identity/login", json=body))


def use(seat: Seat, given: tuple[str, str]) -> Outcome:
    """Use a session at a path again and again until it is refused twice; the note has (began, status) of each."""
    cookie, path = given
    seen: list[tuple[float, int]] = []
    give_up = time.monotonic() + PATIENCE
    while time.monotonic() < give_up:
        # A client of its own each time: a browser would drop the cookie with the first refusal.
        client = seat.site.client(cookie=cookie)
        began = time.monotonic()
        status = client.get(path).status_code
        seen.append((began, status))
        if len(seen) == 1:
            seat.warm.release()
        if len(seen) > 1 and status == seen[-2][1] != 200:
            break
    return Outcome(given, seen[-1][1], note=seen)


def request(seat: Seat, given: tuple[str, str, str, dict[str, Any] | None, int]) -> Outcome:
    """Send one request with a cookie, once so many others are under way."""
    cookie, method, path, body, others = given
    for _ in range(others):
        assert seat.warm.acquire(timeout=60)
    client = seat.site.client(cookie=cookie)
    answer = client.open(path, method=method, json=body, headers={"Sec-Fetch-Site": "same-origin"})
    return _answered(given, answer)


def verb(seat: Seat, given: tuple[str, str, tuple[Any, ...], int]) -> Outcome:
    """Call a verb of the datastore on the user of an address, once so many others are under way."""
    name, email, arguments, others = given
    for _ in range(others):
        assert seat.warm.acquire(timeout=60)
    with seat.site.app.app_context():
        store = seat.site.identity.datastore
        user = store.find_user(email=email) if email else None
        if email and user is None:
            return Outcome(given, 404, note=False)
        first = (user,) if email else ()
        try:
            return Outcome(given, 200, note=getattr(store, name)(*first, *arguments) is True)
        except IdentityRefusal as refusal:
            return Outcome(given, refusal.status, refusal.code)


def edit(seat: Seat, given: tuple[str, dict[str, Any], int]) -> Outcome:
    """Change columns of a user as an application may, without the library, once so many others are under way."""
    email, values, others = given
    for _ in range(others):
        assert seat.warm.acquire(timeout=60)
    seat.site.edit(email, values)
    return Outcome(given, 200)


def take(seat: Seat, given: tuple[Kind, dict[str, Any]]) -> Outcome:
    """Take a row that may be taken once; the note says whether it was got."""
    kind, where = given
    with seat.site.app.app_context():
        return Outcome(given, 200, note=seat.site.store.take(kind, where) is not None)


def claim(seat: Seat, given: object) -> Outcome:
    """Claim letters until none is due; the note has whom they are to."""
    services = seat.site.app.extensions["flask_identity"].services
    with seat.site.app.app_context():
        return Outcome(given, 200, note=[row.recipient for row in services.outbox.claimed()])


def renew(seat: Seat, session_id: str) -> Outcome:
    """Let a session go on under a new secret; the note says whether it did."""
    services = seat.site.app.extensions["flask_identity"].services
    with seat.site.app.app_context(), services.store.unit():
        return Outcome(session_id, 200, note=services.sessions.renew(session_id, "renewed") is not None)


def either(seat: Seat, given: tuple[str, Any]) -> Outcome:
    """One of the above, by name: what callers of one race do may differ."""
    name, argument = given
    known: dict[str, Callable[[Seat, Any], Outcome]] = {"use": use, "request": request, "verb": verb, "edit": edit}
    found = {**known, "sign_in": sign_in}[name](seat, argument)
    return Outcome(given, found.status, found.code, found.note)
