"""Letters by SMTP (RFC 5321), over TLS with a certificate that is checked."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.headerregistry import Address

from ..base.letters import Letter, MailAway, MailRefused
from .message import message

TIMEOUT = 10
"""Seconds to connect, and for each answer."""


class SmtpMailer:
    """Sends each letter on a connection of its own.

    Args:
        host: The mail server.
        port: Its port.
        sender: Whom letters are from.
        tls: Whether the connection begins with TLS.
        starttls: Whether it has to turn to TLS before anything is said; a server that cannot is not used.
        login: User and password; an empty user signs in nowhere.
    """

    at_once = False

    def __init__(
        self, host: str, port: int, sender: Address, *, tls: bool, starttls: bool, login: tuple[str, str]
    ) -> None:
        self._place = (host, port)
        self._sender = sender
        self._tls = tls
        self._starttls = starttls
        self._login = login

    def __repr__(self) -> str:
        return f"<SmtpMailer {self._place[0]}:{self._place[1]}>"

    def send(self, letter: Letter, letter_id: str) -> None:
        """Send a letter; see `Mailer.send`."""
        made = message(letter, self._sender, letter_id)
        with _told(), self._connection() as server:
            self._greet(server)
            server.send_message(made, self._sender.addr_spec, [letter.to])

    def check(self) -> None:
        """Connect and sign in; see `Mailer.check`."""
        try:
            with _told(), self._connection() as server:
                self._greet(server)
                server.noop()
        except MailRefused as refused:
            raise MailAway(str(refused)) from None

    def _connection(self) -> smtplib.SMTP:
        host, port = self._place
        if self._tls:
            return smtplib.SMTP_SSL(host, port, timeout=TIMEOUT, context=ssl.create_default_context())
        return smtplib.SMTP(host, port, timeout=TIMEOUT)

    def _greet(self, server: smtplib.SMTP) -> None:
        if self._starttls:
            server.starttls(context=ssl.create_default_context())
        if self._login[0]:
            server.login(*self._login)


@contextmanager
def _told() -> Iterator[None]:
    """Tell in our words what goes wrong: what the server or the system says may hold names."""
    try:
        yield
    except smtplib.SMTPRecipientsRefused as refused:
        code, _ = next(iter(refused.recipients.values()))
        raise _answered(code) from None
    except smtplib.SMTPResponseException as answer:
        raise _answered(answer.smtp_code) from None
    except ssl.SSLCertVerificationError:
        raise MailAway("the certificate of the mail server is not valid") from None
    except smtplib.SMTPNotSupportedError:
        raise MailAway("the mail server cannot do what is needed") from None
    except (OSError, smtplib.SMTPException) as error:
        raise MailAway(f"no mail server ({type(error).__name__})") from None


def _answered(code: int) -> Exception:
    # 5xx is for good (RFC 5321, 4.2.1), but for a sign-in that was refused: somebody will mend the password.
    if 500 <= code < 600 and code not in (530, 534, 535, 538):
        return MailRefused(f"the mail server refused it with {code}")
    return MailAway(f"the mail server answered {code}")
