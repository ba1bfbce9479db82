"""What a letter says: its template in the language of whoever it is for, and links to this application alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import Flask

from ..base.clock import from_epoch
from ..base.letters import Letter
from ..base.ports import Kind, Row
from ..base.texts import Sentence
from ..core.outbox import ACCOUNT_LOCKED, EMAIL_CHANGED, PASSWORD_CHANGED
from ..core.services import Services
from . import faces
from .catalogs import Languages
from .feature import Draft, LetterKind


def _told(_: Services, row: Row) -> Draft:
    return Draft(row.recipient)


def _told_of_lock(services: Services, row: Row) -> Draft | None:
    """Return where it goes; nowhere for a name that is nobody's, or an account that no password opens anyway."""
    user = services.store.first(Kind.USER, {"email": row.recipient}) if row.recipient else None
    opens = user is not None and services.proof.claim(user, "").record is not None
    return Draft(row.recipient) if opens else None


NOTICES: Sequence[LetterKind] = (
    LetterKind(PASSWORD_CHANGED, Sentence("Your password was changed"), _told),
    LetterKind(EMAIL_CHANGED, Sentence("Your email address was changed"), _told),
    LetterKind(ACCOUNT_LOCKED, Sentence("Signing in to your account was locked"), _told_of_lock),
)
"""Letters that tell people what became of their account, whatever features are on (S-025)."""


@dataclass(frozen=True)
class Desk:
    """What letters of one application are written with.

    Args:
        app: The application, for its templates.
        url: Its address, without a slash at the end, prefix and all: nothing of a request is asked (A-009, A-010).
        product: What it is called.
        languages: What it offers.
        on: Tells whether a feature is switched on.
    """

    app: Flask
    url: str
    product: str
    languages: Languages
    on: Callable[[str], bool]

    def write(self, kind: LetterKind, row: Row, draft: Draft) -> Letter:
        """Return a letter; its template is `identity/mail/KIND.html`, for both forms of it."""
        tongue = self.languages.get(self.languages.best([row.language]))
        at = from_epoch(row.created_at)
        link = self._url(draft.path) if draft.path is not None else None
        subject = tongue.say(kind.subject)
        known = {
            "_": tongue.say, "lang": tongue.tag, "direction": tongue.direction, "product_name": self.product,
            "subject": subject, "link": link, "when": f"{faces.day(at, tongue.say)}, {at:%H:%M} UTC",
            "site_url": self._url, "feature_on": self.on,
        }  # fmt: skip
        template = self.app.jinja_env.get_template(f"identity/mail/{kind.name}.html")
        text, html = (template.render(known, form=form) for form in ("_letter.txt", "_letter.html"))
        return Letter(draft.to, f"{subject} · {self.product}", text, html, link, tongue.tag)

    def _url(self, path: str) -> str:
        return f"{self.url}/{path}"
