"""The store in memory: lists of plain objects behind one lock."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from typing import Any

from ...base.ids import identifier
from ...base.ports import Add, Hourly, Kind, PeoplePage, PeopleQuery, Resumed, Row, SessionSeen, SessionsQuery, Where
from ..activity_sql import HOUR
from . import people
from .rows import MemoryProfile, MemoryRole, MemoryUser
from .tables import Tables


class OpenUnit:
    """The outermost unit that is open."""

    def __init__(self) -> None:
        self.thread: int = threading.get_ident()
        self.calls: list[Callable[[], object]] = []
        self.refused: BaseException | None = None

    def after_commit(self, call: Callable[[], object]) -> None:
        """Run `call` once this has committed; never when it rolls back."""
        self.calls.append(call)


class Vanished(Exception):
    """Never raised: rows stay readable."""


class MemoryStore:
    """Storage that ends with the process. Units run one after the other, whatever thread they are in.

    A user, role or profile that was read is the stored object itself: what is set on it, every thread sees at once,
    and a roll-back undoes only what was set since its unit began.

    Args:
        user: The user class, a dataclass each of whose fields is a column; `roles` is a list, where there are roles.
        role: The role class, likewise.
        profile: The profile class, likewise.
        key: The type of `User.id`: `int`, `str` or `uuid.UUID`.
    """

    mixins = "flask_identity.stores.memory"
    vanished: type[Exception] = Vanished

    def __init__(
        self, user: Any = MemoryUser, role: Any = MemoryRole, profile: Any = MemoryProfile, key: type = int
    ) -> None:
        self._classes = {Kind.USER: user, Kind.ROLE: role, Kind.PROFILE: profile}
        self._tables = Tables(self._classes, key)
        self._key = key
        self._lock = threading.RLock()
        self._open: OpenUnit | None = None

    def check(self) -> None:
        """Python compares texts exactly; see `Store.check`."""

    def has(self, kind: Kind, column: str) -> bool:
        """Say whether the class has the field."""
        return column in self._tables.columns[kind]

    def user_id(self, value: Any) -> Any:
        """Return an id from outside in the type of the user's key; see `Store.user_id`."""
        return identifier(self._key, value, width=4)

    @contextmanager
    def unit(self) -> Iterator[OpenUnit]:
        """Open a unit; see `Store.unit`."""
        with self._lock:
            if self._open is not None:
                with _joined(self._open) as opened:
                    yield opened
                return
            before = self._tables.snapshot()
            opened = self._open = OpenUnit()
            try:
                yield opened
                if opened.refused is not None:
                    raise RuntimeError("A refusal inside this unit has undone it") from opened.refused
            except BaseException:
                self._tables.restore(before)
                raise
            finally:
                self._open = None
        for call in opened.calls:
            call()

    def idle(self) -> bool:
        """Say whether this thread has no unit open."""
        opened = self._open
        return opened is None or opened.thread != threading.get_ident()

    def add(self, kind: Kind, values: Mapping[str, Any], *, unless_there: bool = False) -> Row | None:
        """Insert a row; see `Store.add`."""
        with self.unit():
            row = self._tables.insert(kind, values, unless_there)
            if isinstance(row, MemoryUser):
                vars(row)["_store"] = self
            return self._shown(kind, row)

    def first(self, kind: Kind, where: Where, *, lock: bool = False) -> Row | None:
        """Read one row; see `Store.first`."""
        with self._lock:
            rows = self._tables.find(kind, where)
            return self._shown(kind, rows[0]) if rows else None

    def page(self, kind: Kind, where: Where, *, order: str, limit: int) -> Sequence[Row]:
        """Read some rows; see `Store.page`."""
        with self._lock:
            column = order.removeprefix("-")
            rows = self._tables.find(kind, where)
            rows.sort(key=lambda row: getattr(row, column), reverse=order.startswith("-"))
            return [self._shown(kind, row) for row in rows[:limit]]

    def count(self, kind: Kind, where: Where, *, cap: int) -> int:
        """Count rows; see `Store.count`."""
        with self._lock:
            return min(cap, len(self._tables.find(kind, where)))

    def change(self, kind: Kind, where: Where, values: Mapping[str, Any]) -> int:
        """Change rows; see `Store.change`."""
        with self.unit():
            return self._tables.update(kind, where, values)

    def bump(self, key: str, expires_at: int) -> int:
        """Count one more; see `Store.bump`."""
        with self.unit():
            self._tables.insert(Kind.THROTTLE, {"key": key, "expires_at": expires_at}, True)
            self._tables.update(Kind.THROTTLE, {"key": key}, {"count": Add(1)})
            return int(self._tables.find(Kind.THROTTLE, {"key": key})[0].count)

    def take(self, kind: Kind, where: Where) -> Row | None:
        """Remove one row and return it; see `Store.take`."""
        with self.unit():
            row = self.first(kind, where)
            if row is not None:
                key = "key" if kind is Kind.THROTTLE else "id"
                self._tables.drop(kind, {key: getattr(row, key)})
            return row

    def remove(self, kind: Kind, where: Where) -> int:
        """Remove rows and what belongs to them; see `Store.remove`."""
        with self.unit():
            return self._tables.drop(kind, where)

    def resume(self, session_id: str) -> Resumed | None:
        """Read who is calling; see `Store.resume`."""
        with self._lock:
            for row in self._tables.find(Kind.SESSION, {"id": session_id}):
                user = self._tables.find(Kind.USER, {"id": row.user_id})[0]
                confirmed = getattr(user, "confirmed_at", True) is not None
                return Resumed(
                    *(row.id, row.digest, row.kind, row.remember, row.uniquifier, row.created_at, row.last_seen_at),
                    *(row.proved_at, user.id, user.email, bool(user.active), confirmed, user.uniquifier or ""),
                    "\x1e".join(_as_text(role) for role in getattr(user, "roles", ())),
                    *(row.expires_at, row.scopes or ""),
                )
            return None

    def touch(self, session_id: str, seen_at: int) -> None:
        """Note when a session was last seen; see `Store.touch`."""
        self.change(Kind.SESSION, {"id": session_id}, {"last_seen_at": seen_at})

    def people(self, query: PeopleQuery, now: Any, pending: bool) -> PeoplePage:
        """Read a page of users; see `Store.people`."""
        with self._lock:
            return people.page(self._tables.find(Kind.USER, {}), self._profiles(), query, now, pending)

    def tally(self, query: PeopleQuery, now: Any, pending: bool, cap: int) -> Mapping[str, int]:
        """Count users by status; see `Store.tally`."""
        with self._lock:
            return people.tally(self._tables.find(Kind.USER, {}), self._profiles(), query, now, pending, cap)

    def live_sessions(self, query: SessionsQuery) -> Sequence[SessionSeen]:
        """Read a page of everybody's sessions; see `Store.live_sessions`."""
        with self._lock:
            rows, users = (self._tables.find(kind, {}) for kind in (Kind.SESSION, Kind.USER))
            return people.live_sessions(rows, users, self._profiles(), query)

    def by_hour(self, whats: Sequence[str], since: str, until: str) -> Sequence[Hourly]:
        """Count activity by hour; see `Store.by_hour`."""
        with self._lock:
            rows = self._tables.find(Kind.ACTIVITY, {"what__in": whats, "id__ge": since, "id__lt": until})
            found = Counter((row.what, row.details, row.at - row.at % HOUR) for row in rows)
            return [Hourly(*key, count) for key, count in found.items()]

    def forget_read(self) -> None:
        """The rows are the objects themselves; see `Store.forget_read`."""

    def admins(self, role: str) -> Sequence[Any]:
        """Return the active holders of a role; the unit that is open makes others wait. See `Store.admins`."""
        with self._lock:
            users = self._tables.find(Kind.USER, {"active": True})
            return [user.id for user in users if any(held.name == role for held in getattr(user, "roles", ()))]

    def _profiles(self) -> Mapping[Any, Row]:
        return {row.user_id: row for row in self._tables.find(Kind.PROFILE, {})}

    def _shown(self, kind: Kind, row: Row | None) -> Row | None:
        # The library's own rows are seen as they were when read; those of the application are its objects.
        return row if kind in self._classes else copy(row)


@contextmanager
def _joined(opened: OpenUnit) -> Iterator[OpenUnit]:
    try:
        yield opened
    except BaseException as error:
        opened.refused = error
        raise


def _as_text(role: Row) -> str:
    rank, permissions = getattr(role, "rank", ""), getattr(role, "permissions", None)
    granted = "" if permissions is None else json.dumps(sorted(permissions), separators=(",", ":"))
    return f"{role.name}\x1f{rank}\x1f{granted}"
