"""What is answered."""

from __future__ import annotations

from ...web.answers import Answer, Person, ProfileShown


class Owner(Person):
    """Oneself, with the profile."""

    profile: ProfileShown


class Own(Answer):
    """One's own account and profile."""

    user: Owner
