"""`db runserver`, as a process: it says where it is, tells how it is, and stops without breaking off."""

from __future__ import annotations

import contextlib
import http.client
import socket
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.dashboard.processes import GOOD, Caller, manage
from tests.dashboard.test_migrate import UNREACHABLE

NOBODYS = {"Cookie": f"identity={'A' * 16}.{'B' * 43}"}


def refuses_connections(url):
    try:
        socket.create_connection((urlsplit(url).hostname, urlsplit(url).port), timeout=5).close()
    except OSError:
        return True
    return False


def test_the_first_run_says_how_to_make_an_administrator_and_the_next_does_not(migrated, start):
    first = start(migrated)
    said = first.stop()[1].splitlines()
    assert said[0] == "There is no administrator yet. This makes one:"
    assert said[1].endswith("manage.py db create_admin")
    manage("db", "create_admin", "--email", "boss@example.com", env=migrated, sent=f"{GOOD}\n")

    assert start(migrated).stop()[1] == "Letters are printed here; IDENTITY_MAIL_URL names a mail server.\n"


def test_it_says_where_it_is_and_that_it_is_well_E4(migrated, start):
    server = start(migrated)
    caller = Caller(server.url)

    assert urlsplit(server.url).hostname == "127.0.0.1"
    assert (caller.get("/healthz").status, caller.get("/readyz").status) == (200, 200)
    assert server.stop()[0] == 0


def test_it_does_not_start_on_tables_that_are_missing(env, start):
    """F-14."""
    with pytest.raises(AssertionError, match="db migrate` first"):
        start(env)


def test_a_port_that_is_taken_is_said_in_one_sentence(migrated):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        result = manage("db", "runserver", "--port", port, env=migrated)

    assert result.returncode == 1
    assert result.stderr == f"Error: Cannot listen on 127.0.0.1, port {port}: it is in use; give another with --port.\n"


@pytest.mark.parametrize("url", UNREACHABLE, ids=["postgresql", "mariadb"])
def test_without_its_database_it_lives_and_says_so(env, start, url):
    """F-02: the answer is 503, never 500 and never "signed out"."""
    server = start(env | {"DATABASE_URL": url})
    program, browser = Caller(server.url), Caller(server.url, accept="text/html")

    assert (program.get("/healthz").status, program.get("/readyz").status) == (200, 503)
    assert browser.get("/login").status == 200, "a page that needs no data"
    away = {
        "sign-in": program.send("POST", "/login", email="ada@example.com", password=GOOD),
        "registration": program.send("POST", "/register", email="ada@example.com", password=GOOD),
        "profile": program.get("/profile", **NOBODYS),
    }
    assert {what: (it.status, it.response["error"]) for what, it in away.items()} == dict.fromkeys(
        away, (503, "unavailable")
    )
    pages = [browser.get(path, **NOBODYS) for path in ("/", "/profile")]
    assert [page.status for page in pages] == [503, 503]
    assert all("text/html" in page.headers["Content-Type"] and "Retry-After" in page.headers for page in pages)
    code, _, complaints = server.stop()
    assert code == 0
    assert "cannot be used" in complaints
    assert "Traceback" not in complaints


def test_it_stops_once_the_requests_under_way_are_answered(migrated, start):
    server = start(migrated)
    file = Path(migrated["DASHBOARD_INSTANCE"]) / "dashboard.sqlite3"
    ada = Caller(server.url)
    with contextlib.ExitStack() as end:
        other = end.enter_context(closing(sqlite3.connect(file, isolation_level=None)))
        pool = end.enter_context(ThreadPoolExecutor(1))
        other.execute("BEGIN IMMEDIATE")  # nobody can write until this ends, so registering waits
        registering = pool.submit(ada.send, "POST", "/register", email="ada@example.com", password=GOOD)
        idle = end.enter_context(closing(http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=30)))
        until_it_waits(registering, idle)

        server.ask_to_stop()
        assert idle.sock.recv(1) == b"", "who asks nothing is let go at once"
        while not refuses_connections(server.url):
            pass
        assert (registering.done(), server.process.poll()) == (False, None)
        other.execute("ROLLBACK")
        answer = registering.result(timeout=30)

    assert answer.status == 200
    assert server.ended()[0] == 0


def until_it_waits(registering, idle):
    """Return once the server has begun with a request that was sent before."""
    # Connections are taken and read in their order, by one thread.
    while not registering.running():
        pass
    for _ in range(5):
        idle.request("GET", "/healthz")
        assert idle.getresponse().read() == b"ok\n"
    assert not registering.done()


def test_on_an_address_that_is_not_loopback_the_cookie_is_for_https_alone(migrated, start):
    server = start(migrated, "--host", "0.0.0.0")  # noqa: S104 - that is what is tested
    caller = Caller(server.url.replace("0.0.0.0", "127.0.0.1"))  # noqa: S104

    answer = caller.send("POST", "/register", email="ada@example.com", password=GOOD)

    assert answer.headers["Set-Cookie"].startswith("__Host-identity=")
    assert "Secure" in answer.headers["Set-Cookie"]


def test_over_loopback_a_browser_keeps_the_cookie(migrated, start):
    answer = Caller(start(migrated).url).send("POST", "/register", email="ada@example.com", password=GOOD)

    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("identity=")
    assert ("HttpOnly" in cookie, "SameSite=Lax" in cookie, "Secure" in cookie) == (True, True, False)
