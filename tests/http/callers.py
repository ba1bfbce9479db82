"""Who sends the generated requests: nobody, a user or an administrator."""

from __future__ import annotations

from flask_identity.core.sessions import BEARER, COOKIE, Client
from flask_identity.core.sign_in import Ticket
from tests.support.apps import Site


class Caller:
    """Someone with a session of either kind, or nobody; four other people are there too.

    Args:
        site: The application.
        role: `nobody`, `user` or `admin`.
    """

    def __init__(self, site: Site, role: str) -> None:
        self._site = site
        self.headers: dict[str, str] = {}
        """What a program sends to be let in."""
        self.cookie = ""
        """What a browser sends to be let in."""
        for number in range(4):
            site.person(f"p{number}@example.com")
        self._id = None if role == "nobody" else site.person("me@example.com", roles=[role])
        self.begin()

    def begin(self) -> None:
        """Begin a session of each kind; the former may have been ended by what was sent."""
        if self._id is not None:
            self.headers = {"Authorization": f"Bearer {self._value(BEARER)}"}
            self.cookie = f"identity={self._value(COOKIE)}"

    def _value(self, kind: str) -> str:
        with self._site.app.test_request_context():
            user = self._site.identity.datastore.find_user(id=self._id)
            started = self._site.services.sign_in.start(user, Client("127.0.0.1", "fuzz"), Ticket(kind))
            return str(started.session.secret.value)
