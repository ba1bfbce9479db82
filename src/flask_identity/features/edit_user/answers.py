"""What is answered."""

from __future__ import annotations

from ...web.answers import Answer, Person, ProfileShown, sometimes


class Detailed(Person):
    """All that is told of an account to its owner and to administrators."""

    username: str | None
    role: str | None
    status: str
    failed_logins: int | None
    last_login_at: str | None
    current_login_at: str | None
    last_login_ip: str | None
    current_login_ip: str | None
    login_count: int | None
    version: int | None
    pending_email: str | None
    profile: ProfileShown


class Warned(Answer):
    """What could not be done while the rest was."""

    field: str
    code: str


class Account(Answer):
    """An account with its profile; `warnings` where a picture was sent that could not be kept."""

    user: Detailed
    warnings: list[Warned] = sometimes()


class Deleted(Answer):
    """Who is gone."""

    id: int | str
