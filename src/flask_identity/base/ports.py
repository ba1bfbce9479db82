"""What the core asks of storage. One screen; everything a new ORM has to offer stands here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple, Protocol, runtime_checkable

from .matching import Prefix
from .survey import Survey

Row = Any
"""A user, role or profile: an instance of the application's class. Any other kind: an object with its columns."""
Where = Mapping[str, Any]
"""All must hold: `column` equals (None: is NULL), `column__lt|le|gt|ge|ne` compares, `column__in` is one of."""


class Kind(StrEnum):
    """The tables, by what a row of them is."""

    USER = "user"
    ROLE = "role"
    MEMBERSHIP = "membership"
    PROFILE = "profile"
    SESSION = "session"
    THROTTLE = "throttle"
    ACTIVITY = "activity"
    ONE_TIME = "one_time"
    MAIL = "mail"
    INVITATION = "invitation"


@dataclass(frozen=True)
class Add:
    """A new value that the database computes: the column plus `by`; NULL counts as 0."""

    by: int


@dataclass(frozen=True)
class Copy:
    """A new value that the database computes: what another column of the row holds, or `otherwise` for NULL."""

    column: str
    otherwise: Any = None


class Resumed(NamedTuple):
    """A session and the state of its user, read in one statement. Times are whole epoch seconds."""

    session_id: str
    digest: str
    kind: str
    remember: bool
    session_uniquifier: str
    created_at: int
    last_seen_at: int
    proved_at: int
    user_id: Any
    email: str
    active: bool
    confirmed: bool
    uniquifier: str
    roles: str
    """The user's roles as one text: rows parted by U+001E, each name, rank and permissions parted by U+001F."""
    expires_at: int
    scopes: str
    """What an API token may be used for, parted by blanks; empty for a session."""


@dataclass(frozen=True)
class PeopleQuery:
    """A page of the administrators' list."""

    status: str | None = None
    role: str | None = None
    prefix: Prefix | None = None
    """How address, username or full name begins. The order is that of what matched first; `sort` says nothing then."""
    sort: str = "created_at"
    descending: bool = True
    limit: int = 25
    after: tuple[Any, Any] | None = None
    """The sort value and the id of the row next to the page wanted; a NULL sort value is None."""
    backwards: bool = False
    """Whether the page before `after` is wanted instead of the one behind it."""
    changed_by_status: str | None = None
    """Only whom setting this status, `active` or `suspended`, would change."""
    ids: Sequence[Any] | None = None
    """Only these users."""
    changed_by_role: str | None = None
    """Only whom setting this role, in place of all others, would change."""


@dataclass(frozen=True)
class SessionsQuery:
    """A page of everybody's live sessions, newest first. Times are whole epoch seconds."""

    alive: Sequence[tuple[str, bool, int, int]]
    """A session lives that is of this kind, remembered or not, began after this and was seen after that."""
    users: Sequence[Any] | None = None
    """Only sessions of these users."""
    limit: int = 50
    after: tuple[int, str] | None = None
    """When the session next to the page wanted began, and its id."""
    backwards: bool = False


class SessionSeen(NamedTuple):
    """A session and whose it is."""

    id: str
    user_id: Any
    email: str
    kind: str
    created_at: int
    last_seen_at: int
    ip: str | None
    agent: str
    image: str | None
    full_name: str | None


class Hourly(NamedTuple):
    """How often something happened, told with the same details, within the hour that begins at a microsecond."""

    what: str
    details: str
    begins: int
    times: int


@dataclass(frozen=True)
class PeoplePage:
    """Users in the order asked for, whether there are more on either side, and the roles they hold."""

    users: Sequence[Row]
    more_before: bool
    more_after: bool
    roles: Mapping[Any, Sequence[str]] = field(default_factory=dict)
    """Role names by user id, highest rank first."""
    full_names: Mapping[Any, str] = field(default_factory=dict)
    """Full names by user id, where there are profiles."""
    images: Mapping[Any, str] = field(default_factory=dict)
    """The saved URLs of pictures by user id, where there are some."""
    first: tuple[Any, Any] | None = None
    """The place of the first user in the order asked for: what `PeopleQuery.after` takes. None on an empty page."""
    last: tuple[Any, Any] | None = None


class Unit(Protocol):
    """A unit of work that is open."""

    def after_commit(self, call: Callable[[], object]) -> None:
        """Run `call` once the outermost unit has committed; never when it rolls back."""


class Store(Protocol):
    """Storage for the core. Verbs outside a unit are each a unit of their own. `connect(app)` is called if it is there.

    Raises everywhere: `Unavailable` when the database is away; `Taken` by a unique rule; `Gone` for a row referred to;
    `TypeError` when `add` is given a field that the class has not (`stores.made`).
    """

    mixins: str
    """The module whose mixins have all columns, for sentences that say what to add."""
    vanished: type[Exception]
    """What a row that was handed out raises when it is read on after somebody else has deleted it."""

    def check(self) -> None:
        """Raise ConfigurationError where addresses are not compared byte by byte; runs no SQL, has the application."""

    def has(self, kind: Kind, column: str) -> bool:
        """Say whether the application's class has the column."""

    def user_id(self, value: Any) -> Any:
        """Return an id that came from outside in the type of the user's key; see `base.ids.identifier`."""

    def unit(self) -> AbstractContextManager[Unit]:
        """Open a unit. The outermost commits on leaving; any exception rolls everything back."""

    def idle(self) -> bool:
        """Say whether no unit is open and the application has nothing under way: only then may a unit be retried."""

    def add(self, kind: Kind, values: Mapping[str, Any], *, unless_there: bool = False) -> Row | None:
        """Insert a row and return it; with `unless_there`, None where a unique rule already has one."""

    def first(self, kind: Kind, where: Where, *, lock: bool = False) -> Row | None:
        """Return a row as the database has it now; `lock` keeps others from changing it until the unit ends."""

    def page(self, kind: Kind, where: Where, *, order: str, limit: int) -> Sequence[Row]:
        """Return up to `limit` rows in the order of one column; `-column` reverses."""

    def count(self, kind: Kind, where: Where, *, cap: int) -> int:
        """Count rows, giving up at `cap`."""

    def change(self, kind: Kind, where: Where, values: Mapping[str, Any]) -> int:
        """Change all rows that match, in one statement; return how many matched. Values are set in their order."""

    def bump(self, key: str, expires_at: int) -> int:
        """Count one more under a throttle key, making its row at need; return the new count."""

    def take(self, kind: Kind, where: Where) -> Row | None:
        """Remove one row and return it; of many callers exactly one gets it."""

    def remove(self, kind: Kind, where: Where) -> int:
        """Remove all rows that match; return how many."""

    def resume(self, session_id: str) -> Resumed | None:
        """Read a session and its user's state in one statement."""

    def touch(self, session_id: str, seen_at: int) -> None:
        """Note when a session was last seen, on a connection of its own."""

    def people(self, query: PeopleQuery, now: Any, pending: bool) -> PeoplePage:
        """Read a page of users; `pending` says whether an account without confirmation counts as pending."""

    def tally(self, query: PeopleQuery, now: Any, pending: bool, cap: int) -> Mapping[str, int]:
        """Count users by status, each up to `cap`, heeding the query's prefix and role."""

    def live_sessions(self, query: SessionsQuery) -> Sequence[SessionSeen]:
        """Read a page of everybody's sessions, and one more where there are more; newest first in any case."""

    def by_hour(self, whats: Sequence[str], since: str, until: str) -> Sequence[Hourly]:
        """Count activity of these kinds whose ids are not below `since` and below `until`, in one statement."""

    def forget_read(self) -> None:
        """Let go of rows that were read, where nothing is under way: a reader of very many would fill the memory."""

    def admins(self, role: str) -> Sequence[Any]:
        """Return the ids of active users who hold the role, after making every other caller of this wait."""


@runtime_checkable
class Surveyed(Protocol):
    """A store that can look at its database; `flask identity doctor` asks it."""

    def survey(self, newest: str) -> Survey:
        """Compare database and models, in an application context; `newest` begins a record of today's form."""
