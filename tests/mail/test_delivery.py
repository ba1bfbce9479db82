"""Letters through a real mail server that comes and goes: F-09, S-027, S-113, A-139."""

from __future__ import annotations

import gc
import socket
import sys
import threading
from email import message_from_bytes, policy
from email.headerregistry import Address

import pytest
from aiosmtpd.controller import Controller

from flask_identity.base.letters import Letter, MailRefused
from flask_identity.mail.message import message
from flask_identity.web import postman as postmen
from tests.support.apps import build_app
from tests.support.waiting import comes_true

HOST = "127.0.0.1"


class Sink:
    """Keeps what it is sent; or refuses, with `answer`."""

    def __init__(self):
        self.received = []
        self.answer = "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.answer.startswith("250"):
            self.received.append(envelope)
        return self.answer


@pytest.fixture
def server():
    """A mail server: `start()` and `stop()` it; its port stays the same."""
    sink = Sink()
    controller = Controller(sink, hostname=HOST, port=free_port())
    yield controller
    if controller.loop.is_running():
        controller.stop(no_assert=True)
    elif not controller.loop.is_closed():
        controller.loop.close()


def free_port():
    with socket.socket() as one:
        one.bind((HOST, 0))
        return one.getsockname()[1]


@pytest.fixture
def site(build, server, monkeypatch):
    monkeypatch.setattr(postmen, "LOOK_EVERY", 1)
    return build(
        IDENTITY_RECOVERABLE=True,
        IDENTITY_MAIL_URL=f"smtp://{HOST}:{server.port}",
        IDENTITY_MAIL_FROM="Shöp <no-reply@example.com>",
        IDENTITY_BASE_URL="http://localhost",
    )


def ask(site, email="ada@example.com"):
    return site.client().post("/identity/forgot_password", json={"email": email})


def waiting(site):
    return site.rows("identity_mail")


def hurry(site):
    """Let what failed be due now, as `flask identity mail send` does."""
    with site.app.app_context():
        assert site.services.outbox.try_again() == 1
    site.app.extensions["flask_identity"].postman.wake()


def test_a_letter_is_kept_while_the_server_is_away_and_delivered_once_after(site, server):
    """F-09, A-013: the request answers as ever and does not wait."""
    site.person()
    assert ask(site).status_code == 200
    assert comes_true(lambda: waiting(site) and waiting(site)[0]["fault"], 10)
    row = waiting(site)[0]
    assert (row["tries"], row["recipient"]) == (1, "ada@example.com")
    server.start()
    hurry(site)
    assert comes_true(lambda: not waiting(site), 10)
    (envelope,) = server.handler.received
    assert (envelope.mail_from, envelope.rcpt_tos) == ("no-reply@example.com", ["ada@example.com"])
    made = message_from_bytes(envelope.content, policy=policy.default)
    assert made["To"] == "ada@example.com"
    assert made["From"].addresses[0].display_name == "Sh\N{LATIN SMALL LETTER O WITH DIAERESIS}p"
    assert made["Auto-Submitted"] == "auto-generated"
    assert made["Message-ID"] == f"<{row['id']}@example.com>"
    assert [part.get_content_type() for part in made.iter_parts()] == ["text/plain", "text/html"]
    (text, html) = (part.get_content() for part in made.iter_parts())
    token = text.partition("/reset_password/")[2].split()[0]
    assert f'href="http://localhost/identity/reset_password/{token}"' in html
    assert row["link"].partition(".")[2] not in text, "what waits in the database is veiled"
    assert site.client().get(f"/identity/reset_password/{token}").status_code == 200


def test_sent_again_after_a_kill_it_has_the_same_link(site, server):
    """F-09: at least once, and then with the same token."""
    site.person()
    server.start()
    services = site.services
    with site.app.app_context():
        done, services.outbox.__dict__["done"] = services.outbox.done, lambda row: sys.exit("killed")
        services.outbox.put("reset_password", "ada@example.com")
        with pytest.raises(SystemExit):
            site.app.extensions["flask_identity"].postman.deliver()
        services.outbox.__dict__["done"] = done
        assert not list(services.outbox.claimed()), "its lease runs"
        services.store.change("mail", {}, {"due_at": 0})
        assert site.app.extensions["flask_identity"].postman.deliver() == (1, 0)
    first, second = (each.content.partition(b"/reset_password/")[2].split()[0] for each in server.handler.received)
    assert first == second


def test_of_many_who_deliver_one_sends_each_letter(site, server):
    """A claim is one UPDATE whose row count decides."""
    server.start()
    site.person()
    with site.app.app_context():
        for _ in range(5):
            site.services.outbox.put("password_changed", "ada@example.com")
    threads = [threading.Thread(target=site.app.extensions["flask_identity"].postman.deliver) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert comes_true(lambda: not waiting(site), 5)
    assert len(server.handler.received) == 5


def test_what_the_server_refuses_for_good_is_kept_and_shown_until_somebody_drops_it(site, server):
    server.start()
    server.handler.answer = "550 no such user ada@example.com"
    run = site.app.test_cli_runner().invoke
    with site.app.app_context():
        site.services.outbox.put("password_changed", "ada@example.com")
    sent = run(args=["identity", "mail", "send"])
    assert (sent.exit_code, "0 sent, 1 not." in sent.output) == (1, True)
    listed = run(args=["identity", "mail", "list"]).output
    assert "given up" in listed
    assert "the mail server refused it with 550" in listed
    server.handler.answer = "250 OK"
    assert "1 sent, 0 not." in run(args=["identity", "mail", "send"]).output
    with site.app.app_context():
        site.services.outbox.put("password_changed", "ada@example.com")
    letter = waiting(site)[0]["id"]
    assert run(args=["identity", "mail", "drop", letter]).output == "1 letter dropped.\n"
    assert run(args=["identity", "mail", "drop", letter]).exit_code == 1


def test_nothing_is_begun_before_the_first_request(site):
    postman = site.app.extensions["flask_identity"].postman
    assert postman._thread is None
    site.client().get("/identity/login")
    assert postman._thread is not None
    assert postman._thread.daemon


def test_the_thread_ends_with_its_application(tmp_path, monkeypatch):
    monkeypatch.setattr(postmen, "LOOK_EVERY", 1)
    app = build_app(
        f"sqlite:///{tmp_path / 'test.sqlite3'}",
        IDENTITY_RECOVERABLE=True,
        IDENTITY_BASE_URL="http://localhost",
        IDENTITY_MAIL_URL="smtp://127.0.0.1:1",
    ).app
    app.test_client().get("/identity/login")
    thread = app.extensions["flask_identity"].postman._thread
    assert thread.is_alive()
    del app
    gc.collect()
    thread.join(10)
    assert not thread.is_alive()


@pytest.mark.parametrize(
    ("to", "subject"), [("ada@example.com\r\nBcc: x@example.com", "s"), ("ada@example.com", "s\nBcc: x@example.com")]
)
def test_a_header_with_a_line_break_is_refused(to, subject):
    """S-113, A-139."""
    with pytest.raises(MailRefused):
        message(Letter(to, subject, "t", "h"), Address("", "no-reply", "example.com"), "id")
