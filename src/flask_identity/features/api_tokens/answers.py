"""What is answered."""

from __future__ import annotations

from ...web.answers import Answer


class Token(Answer):
    """An API token, without its value."""

    handle: str
    name: str
    scopes: list[str]
    created_at: str
    last_used_at: str | None
    expires_at: str | None


class Made(Token):
    """A token just made, with its value: it is shown this once."""

    token: str


class Tokens(Answer):
    """One's tokens."""

    tokens: list[Token]


class Ended(Answer):
    """How many tokens ended."""

    ended: int
