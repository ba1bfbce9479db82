"""A letter as a message (RFC 5322): one recipient, text and HTML, and no header that anybody could break."""

from __future__ import annotations

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from ..base.clock import now
from ..base.letters import Letter, MailRefused


def message(letter: Letter, sender: Address, letter_id: str) -> EmailMessage:
    """Return the message of a letter; sent again it has the same Message-ID.

    Raises:
        MailRefused: for an address or subject with a line break or another control character (S-113).
    """
    made = EmailMessage(policy=SMTP)
    # Refused here and not left to the library: older ones of its releases let such a header through.
    if not letter.to.isprintable() or not letter.subject.isprintable():
        raise MailRefused("a header with control characters")
    try:
        made["To"] = Address(addr_spec=letter.to)
        made["From"] = sender
    except (ValueError, IndexError):
        raise MailRefused("an address that no mail can be sent to") from None
    made["Subject"] = letter.subject
    made["Date"] = format_datetime(now())
    made["Message-ID"] = f"<{letter_id}@{sender.domain.encode('idna').decode()}>"
    made["Auto-Submitted"] = "auto-generated"
    made["Content-Language"] = letter.language
    made.set_content(letter.text)
    made.add_alternative(letter.html, subtype="html")
    return made
