"""What is answered."""

from __future__ import annotations

from ...web.answers import Answer, Person, sometimes


class Visitor(Answer):
    """Who is signed in; without `user`, nobody."""

    user: Person = sometimes()


class Entrant(Person):
    """Who just signed in; `authentication_token` where a bearer session was asked for."""

    authentication_token: str = sometimes()


class Entered(Answer):
    """Who signed in and where to go."""

    user: Entrant
    next: str


class Freshness(Answer):
    """Whether a sign-in is recent enough for what needs one."""

    fresh: bool


class Verified(Freshness):
    """The session is fresh again; where to go."""

    next: str
