"""Flask's own signed session, read when it is first touched; an untouched one writes nothing.

Stock Flask opens the cookie of every request and looks whether to write it back, which costs more than our own
SELECT. What an application sees is the same mapping.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Flask, Request, Response
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin


class LazySession(SessionMixin):
    """A session that has not been read yet."""

    def __init__(self, interface: SecureCookieSessionInterface, app: Flask, request: Request) -> None:
        self._source = (interface, app, request)
        self._read: SecureCookieSession | None = None

    @property
    def untouched(self) -> bool:
        """Whether nobody has looked at it."""
        return self._read is None

    @property
    def _data(self) -> SecureCookieSession:
        if self._read is None:
            interface, app, request = self._source
            opened = SecureCookieSessionInterface.open_session(interface, app, request)
            self._read = opened if opened is not None else SecureCookieSession()
        return self._read

    def __getitem__(self, key: str) -> Any:
        self._data.accessed = True
        return self._data[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self._data[key] = value

    def __delitem__(self, key: str) -> None:
        del self._data[key]

    def __iter__(self) -> Iterator[str]:
        self._data.accessed = True
        return iter(self._data)

    def __len__(self) -> int:
        self._data.accessed = True
        return len(self._data)

    def __repr__(self) -> str:
        return "<LazySession untouched>" if self._read is None else f"<LazySession {len(self._read)} keys>"

    @property
    def new(self) -> bool:  # type: ignore[override]
        """Whether the request brought no session."""
        return self._data.new

    @property
    def modified(self) -> bool:
        """Whether anything was written."""
        return self._read is not None and self._read.modified

    @modified.setter
    def modified(self, value: bool) -> None:
        self._data.modified = value

    @property
    def accessed(self) -> bool:
        """Whether anything was read."""
        return self._read is not None and self._read.accessed

    @accessed.setter
    def accessed(self, value: bool) -> None:
        self._data.accessed = value


class LazySessionInterface(SecureCookieSessionInterface):
    """The stock interface, put off until the session is touched."""

    def open_session(self, app: Flask, request: Request) -> Any:
        """Return a session that reads its cookie later; None without a secret key, as the stock one does."""
        if not app.secret_key:  # making the serializer to find out would cost what is to be saved
            return None
        return LazySession(self, app, request)

    def is_null_session(self, obj: object) -> bool:
        """Say whether a session cannot be written for want of a secret key."""
        return type(obj) is not LazySession and super().is_null_session(obj)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Save as the stock interface does, unless nobody touched the session."""
        if type(session) is LazySession:  # an abstract base class makes isinstance slow
            if session.untouched:
                return
            session = session._data
        super().save_session(app, session, response)
