"""Flask's own session behind the library: S-062, A-027, A-031, R-18."""

from __future__ import annotations

from typing import Any

import pytest
from flask import flash, get_flashed_messages, session
from flask.sessions import SecureCookieSessionInterface

from flask_identity.web.lazy_session import LazySession
from tests.support.apps import SECRET_KEY


@pytest.fixture
def orm():
    """What is tested here is read from the request alone, so one ORM is enough."""
    return "plain"


@pytest.fixture(params=[True, False], ids=["lazy", "stock"])
def made(build, request):
    """The same application with the session put off until it is touched, and with Flask's own."""
    made = build(IDENTITY_LAZY_SESSION=request.param)

    @made.app.get("/untouched")
    def untouched():
        return "nothing"

    @made.app.get("/look")
    def look():
        return str(session.get("count", "nothing"))

    @made.app.get("/has")
    def has():
        return f"{'count' in session} {len(session)} {sorted(session)}"

    @made.app.get("/add")
    def add():
        session["count"] = session.get("count", 0) + 1
        return str(session["count"])

    @made.app.get("/forget")
    def forget():
        session.pop("count", None)
        session.clear()
        return "gone"

    @made.app.get("/keep")
    def keep():
        session.permanent = True
        return str(session.permanent)

    @made.app.get("/nested")
    def nested():
        session.setdefault("list", []).append(1)
        session.modified = True
        return str(session["list"])

    @made.app.get("/flash")
    def say():
        flash("hello")
        return "said"

    @made.app.get("/flashed")
    def said():
        return ",".join(str(each) for each in get_flashed_messages())

    return made


def test_what_an_application_keeps_is_there_at_the_next_request(made):
    client = made.app.test_client()
    assert [client.get(f"/{path}").text for path in ("add", "add", "look")] == ["1", "2", "2"]
    assert client.get("/has").text == "True 1 ['count']"
    assert client.get("/nested").text == "[1]"
    assert client.get("/nested").text == "[1, 1]"
    assert client.get("/forget").text == "gone"
    assert client.get("/look").text == "nothing"
    client.get("/flash")
    assert client.get("/flashed").text == "hello"
    assert client.get("/flashed").text == ""


def test_a_session_that_is_emptied_loses_its_cookie(made):
    client = made.app.test_client()
    client.get("/add")
    assert "Max-Age=0" in client.get("/forget").headers["Set-Cookie"]


def test_what_was_not_touched_is_not_written_and_says_nothing_to_caches(made):
    client = made.app.test_client()
    client.get("/add")
    answer = client.get("/untouched")
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.vary


@pytest.mark.parametrize("path", ["look", "has", "add", "flashed"])
def test_what_was_looked_at_varies_by_cookie(made, path):
    """A-027: also where it was only asked whether something is there."""
    assert "Cookie" in made.app.test_client().get(f"/{path}").vary


def test_a_permanent_session_is_refreshed(made):
    client = made.app.test_client()
    assert client.get("/keep").text == "True"
    assert "Expires=" in client.get("/add").headers["Set-Cookie"]


def test_a_forged_cookie_is_an_empty_session(made):
    client = made.app.test_client()
    client.set_cookie("session", "eyJjb3VudCI6OTl9.aaaa.bbbb")
    assert client.get("/look").text == "nothing"


def test_a_cookie_under_a_retired_key_is_read_while_the_key_is_listed(made):
    """A-031: and written under the new one."""
    client = made.app.test_client()
    client.get("/add")
    made.app.config.update(SECRET_KEY="n" * 32, SECRET_KEY_FALLBACKS=[SECRET_KEY])
    assert client.get("/add").text == "2"
    made.app.config["SECRET_KEY_FALLBACKS"] = []
    assert client.get("/look").text == "2"


def test_the_test_client_can_open_it(made):
    client = made.app.test_client()
    with client.session_transaction() as opened:
        opened["count"] = 7
    assert client.get("/look").text == "7"
    with client:
        client.get("/look")
        assert session["count"] == 7
        assert "count" in session


def test_signing_in_and_out_leaves_it_alone(made):
    ada = made.signed_in()
    ada.get("/add")
    ada.post("/identity/logout", headers={"Accept": "application/json"})
    assert ada.get("/look").text == "1"


def test_an_application_with_a_session_of_its_own_keeps_it(build):
    class Own(SecureCookieSessionInterface):
        pass

    first = build()
    assert type(first.app.session_interface) is not SecureCookieSessionInterface
    from flask import Flask

    from flask_identity import Identity

    app = Flask("own")
    app.config.update(SECRET_KEY=SECRET_KEY, TESTING=True)
    app.session_interface = own = Own()
    Identity(app, first.services.store)
    assert app.session_interface is own


def test_it_shows_nothing_of_what_it_holds(build):
    """S-124."""
    made = build()

    @made.app.get("/repr")
    def show():
        real: Any = session._get_current_object()  # type: ignore[attr-defined]
        assert isinstance(real, LazySession)
        session["secret"] = "canary"
        return repr(real)

    assert made.app.test_client().get("/repr").text == "<LazySession 1 keys>"
