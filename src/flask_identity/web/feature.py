"""Feature and Route: what a slice contributes. A feature is a value; all that must hold for every route is derived."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from ..base.errors import IdentityRefusal
from ..base.ports import Row
from ..base.settings import Settings
from ..base.texts import Sentence
from ..core.services import Services
from ..core.sign_in import Phases
from ..core.throttle import Limit


class Who(Enum):
    """Who may use a route."""

    ANYONE = "anyone"
    SIGNED_IN = "signed in"
    ADMIN = "administrators"


@dataclass(frozen=True)
class Route:
    """One method of one URL, with a door for people, one for programs, or both.

    Args:
        method: `GET`, `POST`, `PUT` or `DELETE`.
        path: Below the prefix, in Flask's terms.
        who: Who may use it. Checked before anything sent is read.
        page: The door for people: takes the input and the path's values, returns a response or HTML.
        api: The door for programs: takes the same, returns what goes into the envelope's `response`.
        takes: The pydantic model of what may be sent, or a function that returns the application's own; read from the
            query for GET and DELETE, else from the body.
        takes_form: What a form may send, where its words have to be others; None for the same.
        form: Shows the page again after a refusal: `(refusal, values) -> HTML`. Values never hold a password.
        limit: How often it may be used.
        file: The field of `takes` that a body in parts may bring as a file; None for no such body.
        fresh: Whether a recent sign-in is needed.
        tokens: Whether an API token of the right scope may use it.
        gives: The pydantic model of the envelope's `response`, or a function that returns the application's own; None
            says no more than that it is an object. Described, not checked: a test holds every route to it.
        refuses: The refusals of this route beside those that follow from the rest, see `web.refusals`.
        query: What else is looked at in the query, by name, each with what it means.
        media: The content type of an answer that comes without the envelope.
    """

    method: str
    path: str
    who: Who
    page: Callable[..., Any] | None = None
    api: Callable[..., Any] | None = None
    takes: Any | None = None
    takes_form: Any | None = None
    form: Callable[..., Any] | None = None
    limit: Limit | None = None
    fresh: bool = False
    tokens: bool = True
    file: str | None = None
    gives: Any | None = None
    refuses: Sequence[type[IdentityRefusal]] = ()
    query: Mapping[str, str] = field(default_factory=dict)
    media: str | None = None


@dataclass(frozen=True)
class Link:
    """A place in the navigation: under `workspace` what administrators work with, under `account` what is one's own."""

    label: str
    endpoint: str
    who: Who = Who.SIGNED_IN
    icon: str = "list-details"
    group: str = "account"


@dataclass(frozen=True)
class Draft:
    """Whom a letter goes to, and the path below the prefix that its link leads to, without a slash before it."""

    to: str
    path: str | None = None


@dataclass(frozen=True)
class LetterKind:
    """A kind of letter.

    Args:
        name: Its name in the outbox, and that of its template below `identity/mail/`.
        subject: What it is about.
        draft: Called with the services and the row of the outbox when the letter is sent, each time anew; returns
            None where nobody is to have it.
    """

    name: str
    subject: Sentence
    draft: Callable[[Services, Row], Draft | None]


@dataclass(frozen=True)
class Feature:
    """What people can do, as one value.

    Args:
        name: Its name in the catalog.
        doc: What it is, in a sentence for the settings reference.
        switch: The boolean setting that turns it on, without `IDENTITY_`; None for what is always there.
        with_any: The switches of other features, any of which brings it along.
        with_all: Likewise, all of which it takes.
        with_mail: Whether it is there only where letters can be sent.
        default: Whether it is on when the application says nothing.
        settings: Its settings.
        needs: User columns without which it cannot start; `UserMixin` has them all.
        routes: Its routes.
        phases: Makes its sign-in steps from the application's services.
        connect: Called with the application once it is switched on.
        links: Its places in the navigation.
        letters: The letters it sends; without a way to send any it cannot be switched on.
    """

    name: str
    doc: str
    switch: str | None = None
    with_any: Sequence[str] = ()
    with_all: Sequence[str] = ()
    with_mail: bool = False
    default: bool = True
    settings: type[Settings] | None = None
    needs: Sequence[str] = ()
    routes: Sequence[Route] = ()
    phases: Callable[[Services], Phases] | None = None
    connect: Callable[[Any, Services], None] | None = None
    links: Sequence[Link] = ()
    letters: Sequence[LetterKind] = ()
