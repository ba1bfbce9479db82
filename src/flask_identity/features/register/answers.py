"""What is answered."""

from __future__ import annotations

from ...web.answers import Answer, Person, sometimes


class Registered(Answer):
    """The new user, who is signed in; nothing where the address has to be confirmed first, whoever has it."""

    user: Person = sometimes()
