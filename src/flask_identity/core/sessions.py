"""Sessions: start, resume, end. A session is a row; its bearer keeps `id.secret`, the row a digest.

An API token is a row of the same table with a name and scopes, so that one statement tells who is calling whatever
they come with. It is not a session: it is listed and ended on its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import product
from typing import Any

from ..base.clock import epoch
from ..base.errors import Unavailable
from ..base.ports import Kind, Resumed, Row, SessionSeen, SessionsQuery, Store
from ..base.settings import Settings, setting
from . import secrets
from .principal import Principal, rights

COOKIE = "cookie"
BEARER = "bearer"
API = "api"
KINDS = (COOKIE, BEARER)
"""The kinds of sessions; `API` is that of API tokens."""
NEVER = 253_402_300_799
"""When a token without an end ends: with the year 9999."""
_SEEN_EVERY = 60
_AGENT_LENGTH = 255


@dataclass(frozen=True)
class SessionSettings(Settings):
    fresh_for: int = setting(600, "Seconds after entering a password in which sensitive changes need no new one.")
    session_idle_for: int = setting(1800, "Seconds without a request after which a session ends.", minimum=60)
    session_absolute_for: int = setting(43200, "Seconds after which a session ends in any case.", minimum=60)
    bearer_idle_for: int = setting(86400, "The idle limit of a bearer session, in seconds.", minimum=60)
    bearer_absolute_for: int = setting(2592000, "The absolute limit of a bearer session, in seconds.", minimum=60)
    remember_for: int = setting(2592000, "Seconds a session lasts after 'Keep me signed in'.", minimum=60)
    lazy_session: bool = setting(
        True, "Read Flask's own session cookie when it is first touched, and write nothing when it was not."
    )


@dataclass(frozen=True)
class Client:
    """Where a request came from: its network address and the user agent it named."""

    address: str | None
    agent: str


@dataclass(frozen=True)
class Started:
    """A session that just began."""

    secret: secrets.Secret
    kind: str
    remember: bool
    expires_at: int


class Sessions:
    """The sessions of one application."""

    def __init__(self, store: Store, settings: SessionSettings, confirmation: bool) -> None:
        self._store = store
        self._settings = settings
        self._confirmation = confirmation
        self.remember_for: int = settings.remember_for

    def start(self, user: Row, kind: str, remember: bool, client: Client, uniquifier: str) -> Started:
        """Begin a session for a user who has just proved who they are, inside a unit."""
        now = epoch()
        _, absolute = self._limits(kind, remember)
        secret = secrets.make()
        row = {"id": secret.id, "digest": secret.digest, "user_id": user.id, "kind": kind, "remember": remember}
        row |= {"uniquifier": uniquifier, "created_at": now, "last_seen_at": now, "proved_at": now}
        row |= {"expires_at": now + absolute, "ip": client.address, "agent": client.agent[:_AGENT_LENGTH]}
        self._store.add(Kind.SESSION, row)
        return Started(secret, kind, remember, now + absolute)

    def resume(self, value: str, kind: str) -> Principal | None:
        """Return who presents `id.secret`, or None where it opens nothing. One SELECT.

        Once a minute it also notes when the session was last seen.

        Raises:
            Unavailable: where the database is away; that is never "signed out".
        """
        parts = secrets.split(value)
        if parts is None:
            return None
        found = self._store.resume(parts[0])
        if found is None or not secrets.matches(parts[1], found.digest) or found.kind != kind:
            return None
        now = epoch()
        if not self._alive(found, now):
            return None
        if now - found.last_seen_at >= _SEEN_EVERY:
            with suppress(Unavailable):  # a database that only reads is no reason to turn people away
                self._store.touch(found.session_id, now)
        roles, permissions = rights(found.roles)
        if kind == API:  # no session of the person's own: nothing to sign out of, nothing that was proved
            scopes = frozenset(found.scopes.split())
            return Principal(found.user_id, found.email, roles, permissions, "token", scopes=scopes)
        via = "session" if kind == COOKIE else "token"
        return Principal(found.user_id, found.email, roles, permissions, via, found.session_id, found.proved_at)

    def fresh(self, principal: Principal) -> bool:
        """Say whether the person proved who they are no longer than FRESH_FOR seconds ago; never by an API token."""
        return principal.scopes is None and epoch() - principal.proved_at <= self._settings.fresh_for

    def prove(self, session_id: str) -> None:
        """Note that the person behind a session has just entered the password."""
        self._store.change(Kind.SESSION, {"id": session_id}, {"proved_at": epoch()})

    def renew(self, session_id: str, uniquifier: str) -> Started | None:
        """Let a session go on under a new secret and id, inside a unit; None where it is gone."""
        old = self._store.take(Kind.SESSION, {"id": session_id})
        if old is None:
            return None
        secret = secrets.make()
        row = {name: getattr(old, name) for name in _COLUMNS}
        row |= {"id": secret.id, "digest": secret.digest, "uniquifier": uniquifier, "proved_at": epoch()}
        self._store.add(Kind.SESSION, row)
        return Started(secret, old.kind, old.remember, old.expires_at)

    def of(self, user_id: Any) -> Sequence[Row]:
        """Return a user's live sessions, the one last seen first."""
        where = {"user_id": user_id, "kind__in": KINDS}
        rows = self._store.page(Kind.SESSION, where, order="-last_seen_at", limit=1000)
        now = epoch()
        return [row for row in rows if self._in_time(row, now)]

    def tokens(self, user_id: Any) -> Sequence[Row]:
        """Return a user's live API tokens, the newest first."""
        rows = self._store.page(Kind.SESSION, {"user_id": user_id, "kind": API}, order="-created_at", limit=1000)
        now = epoch()
        return [row for row in rows if self._in_time(row, now)]

    def of_everybody(
        self, limit: int, after: tuple[int, str] | None = None, *, backwards: bool = False, users: Any = None
    ) -> Sequence[SessionSeen]:
        """Return up to `limit` live sessions of everybody and one more, newest first.

        Args:
            limit: How many are wanted.
            after: When the session next to the page wanted began, in epoch seconds, and its id.
            backwards: Whether the page before it is wanted.
            users: Ids of those whose sessions are wanted; None wants everybody's.
        """
        now, alive = epoch(), []
        for kind, remember in product((COOKIE, BEARER), (False, True)):
            idle, absolute = self._limits(kind, remember)
            alive.append((kind, remember, now - absolute, now - idle))
        return self._store.live_sessions(SessionsQuery(alive, users, limit, after, backwards))

    def end(self, session_id: str) -> bool:
        """End one session; True where it was there."""
        return bool(self._store.remove(Kind.SESSION, {"id": session_id}))

    def end_all(self, user_id: Any, keep: str | None = None) -> int:
        """End all of a user's sessions but one, API tokens and one-time tokens; return how many of the first two."""
        self._store.remove(Kind.ONE_TIME, {"user_id": user_id})
        return self._end_all({"user_id": user_id}, keep)

    def end_others(self, user_id: Any, keep: str | None = None) -> int:
        """End all of a user's sessions but one, and no API token; return how many."""
        return self._end_all({"user_id": user_id, "kind__in": KINDS}, keep)

    def _end_all(self, where: dict[str, Any], keep: str | None) -> int:
        if keep is not None:
            where["id__ne"] = keep
        return self._store.remove(Kind.SESSION, where)

    def _alive(self, found: Resumed, now: int) -> bool:
        return (
            self._in_time(found, now)
            and found.active
            and (found.confirmed or not self._confirmation)
            and found.session_uniquifier == found.uniquifier
        )

    def _in_time(self, row: Row, now: int) -> bool:
        if row.kind == API:
            return bool(now < row.expires_at)
        idle, absolute = self._limits(row.kind, row.remember)
        return bool(now < row.created_at + absolute and now < row.last_seen_at + idle)

    def _limits(self, kind: str, remember: bool) -> tuple[int, int]:
        limits = self._settings
        if remember:
            return limits.remember_for, limits.remember_for
        if kind == BEARER:
            return limits.bearer_idle_for, limits.bearer_absolute_for
        return limits.session_idle_for, limits.session_absolute_for


_COLUMNS = (
    *("id", "digest", "user_id", "kind", "remember", "uniquifier", "created_at", "last_seen_at"),
    *("proved_at", "expires_at", "ip", "agent"),
)
